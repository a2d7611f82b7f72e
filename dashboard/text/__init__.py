"""Every sentence of the screen, in Chinese and English; kept equal by a test."""

from __future__ import annotations

from pathlib import Path

from geodata.wording import LANGUAGES, Words


class Speaker(Words):
    """The library's words and those of the screen."""

    def __init__(self, language: str) -> None:
        super().__init__(language, Path(__file__).parent)


__all__ = ["LANGUAGES", "Speaker"]
