"""Reading what was printed, with another program than the one that printed it."""

from __future__ import annotations

import pypdfium2


def pages(printed: bytes) -> list[str]:
    """Text of each page without white space, as a reader of the PDF would copy it."""
    opened = pypdfium2.PdfDocument(printed)
    texts = (page.get_textpage().get_text_range() for page in opened)
    return ["".join(text.replace("\u200b", "").split()) for text in texts]


def sizes_mm(printed: bytes) -> list[tuple[float, float]]:
    """Width and height of each page."""
    return [
        (round(page.get_width() / 72 * 25.4, 1), round(page.get_height() / 72 * 25.4, 1))
        for page in pypdfium2.PdfDocument(printed)
    ]


def picture(printed: bytes, page: int, dots_per_inch: float):
    """Return a page as a picture."""
    return pypdfium2.PdfDocument(printed)[page].render(scale=dots_per_inch / 72).to_pil()
