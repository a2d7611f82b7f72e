"""What comes off the press: sizes, words, page breaks, hostile names, the same bytes again."""

import io
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyproj
import pytest
from PIL import Image

from geodata.press import PaperUnknown, press_bulletin, press_card, press_wall_map
from geodata.press.glyphs import cleaned, letters_of
from geodata.press.ground import read_ground
from geodata.press.map_drawing import draw_map
from tests.maps.hostile import CRAFTED, naughty_strings
from tests.press import pdf, samples


@pytest.fixture(scope="module")
def bulletin(content, small_city, faces):
    return press_bulletin(content, small_city, typefaces=faces)


def squeezed(text):
    return "".join(text.split())


def test_the_bulletin_has_two_to_four_a4_pages(bulletin):
    assert 2 <= len(pdf.pages(bulletin)) <= 4
    assert set(pdf.sizes_mm(bulletin)) == {(210.0, 297.0)}


def test_the_first_page_says_who_what_and_the_numbers(bulletin):
    (first, *_) = pdf.pages(bulletin)
    head = samples.HEADING
    said = [head.title, head.issue, head.issuer, head.subject, head.stamp, *samples.SENTENCES]
    said += [part for one in samples.FIGURES for part in (one.label, one.value, one.note)]
    said += [one.change.text for one in samples.FIGURES if one.change]
    assert [text for text in said if squeezed(text) not in first] == []


def test_every_row_of_every_table_is_printed(bulletin, content):
    printed = "".join(pdf.pages(bulletin))
    cells = [cell.text for table in content.tables for row in table.rows for cell in row]
    cells += [part for row in content.offices.rows for part in (row.name, row.parts, row.text)]
    cells += [content.targets.empty, content.lists[1].empty, content.offices.note]
    assert [text for text in cells if squeezed(text) not in printed] == []


def test_every_page_names_source_version_and_its_number(bulletin):
    printed = pdf.pages(bulletin)
    for number, page in enumerate(printed, start=1):
        assert squeezed(samples.HEADING.notice) in page
        assert squeezed(samples.HEADING.version) in page
        assert f"第{number}页共{len(printed)}页" in page


def test_the_red_head_is_a_switch_and_off_by_default(content, small_city, faces, bulletin):
    def reddest(printed):
        red, green, blue = np.moveaxis(np.asarray(pdf.picture(printed, 0, 30), int), -1, 0)
        return (red - np.maximum(green, blue))[: len(red) // 8].max()

    head = press_bulletin(content, small_city, red_head=True, typefaces=faces)
    assert reddest(head) > 100 > reddest(bulletin)


def test_forty_offices_with_long_names_break_over_pages_under_repeated_headings(
    content, small_city, faces
):
    long = "某某区城市管理和综合行政执法局直属机动大队夜间市容秩序管理中队第"
    many = replace(content, offices=samples.offices(40, long))
    printed = pdf.pages(press_bulletin(many, small_city, typefaces=faces))
    with_names = [page for page in printed if "直属机动大队" in page]
    assert len(with_names) > 1
    assert all("按期/应结案" in page for page in with_names)
    assert all(squeezed(f"{long}{at}") in "".join(printed) for at in range(1, 41))


def rows_on_pages(content, city, faces, rows):
    """Rows of the first table on each page that has any."""
    table = samples.streets(rows, "独行路")
    only = replace(content, tables=(table,), offices=samples.offices(0), lists=())
    printed = pdf.pages(press_bulletin(only, city, most_pages=99, typefaces=faces))
    return [count for page in printed if (count := page.count("独行路"))]


def test_no_row_stands_alone_on_a_page(content, small_city, faces):
    fit, *_ = rows_on_pages(content, small_city, faces, 150)
    for more in (1, 2, 3):
        first, last = rows_on_pages(content, small_city, faces, fit + more)
        assert first + last == fit + more
        assert min(first, last) >= 3


def test_the_wall_map_has_the_size_of_its_paper(content, small_city, faces):
    for paper, size in {"a3": (420.0, 297.0), "a0": (1189.0, 841.0)}.items():
        printed = press_wall_map(content, small_city, paper=paper, typefaces=faces)
        assert pdf.sizes_mm(printed) == [size]


def test_a0_shows_more_places_than_a3(content, small_city, faces):
    shown = replace(content, map=samples.map_content(small_city, callouts=25))
    for paper, most in {"a3": 10, "a0": 20}.items():
        (page,) = pdf.pages(press_wall_map(shown, small_city, paper=paper, typefaces=faces))
        assert page.count(squeezed("南桥街道 · 南桥综合执法队")) == most


def test_an_unknown_paper_is_refused_with_the_known_ones(content, small_city, faces):
    with pytest.raises(PaperUnknown, match="a3, a0"):
        press_wall_map(content, small_city, paper="b5", typefaces=faces)


def test_the_card_is_1080_pixels_wide_and_its_letters_at_least_23(content, small_city, faces):
    picture = Image.open(io.BytesIO(press_card(content, small_city, typefaces=faces)))
    assert picture.width == 1080
    assert picture.height > picture.width
    sizes = samples_of_sizes()
    assert min(sizes) >= 23


def samples_of_sizes():
    """Sizes in points the card's template names, and the smallest letters of its map."""
    import re  # noqa: PLC0415

    from geodata.press import card, setting  # noqa: PLC0415
    from geodata.press.lettering import STYLES  # noqa: PLC0415

    text = (setting.TEMPLATES / "card.typ").read_text(encoding="utf-8")
    named = [float(size) for size in re.findall(r"size: ([\d.]+)pt", text)]
    inner = [float(size) for size in re.findall(r"(?:label|number|small): ([\d.]+)", text)]
    return [*named, *inner, *(style.size * card.PX for style in STYLES.values())]


def test_the_scale_bar_is_as_long_as_it_says(content, small_city, faces):
    ground = read_ground(small_city.layers, small_city.metric_crs)
    drawing = draw_map(
        content.map,
        ground,
        width=750,
        height=640,
        furniture={},
        width_em=letters_of(faces).width_em,
        most=5,
    )
    here = content.map.callouts[0]
    east = pyproj.Geod(ellps="WGS84").fwd(here.lon, here.lat, 90, drawing.bar_m)[:2]
    begin, end = drawing.view.xy(ground.metres([(here.lon, here.lat), east]))
    assert np.hypot(*(end - begin)) == pytest.approx(drawing.bar_px, rel=0.002)


def test_nothing_to_show_gives_a_sheet_that_says_so(content, small_city, faces):
    bare = replace(
        content,
        figures=(),
        sentences=("本期没有案卷。",),
        map=replace(content.map, cells=(), cases=(), hot=(), silent=(), callouts=(), n=0),
        lists=(),
        tables=(replace(content.tables[0], rows=(), empty="本期没有案卷。"),),
        offices=replace(samples.offices(0), empty="没有应结案件。"),
        formulas=(),
        quality=(),
        lineage=(),
        ruler=replace(content.ruler, phases=(), cases=(), today=""),
    )
    printed = "".join(pdf.pages(press_bulletin(bare, small_city, typefaces=faces)))
    assert "本期没有案卷。" in printed
    assert "没有应结案件。" in printed
    (wall,) = pdf.pages(press_wall_map(bare, small_city, typefaces=faces))
    assert "市容环境整治作战图" in wall
    assert press_card(bare, small_city, typefaces=faces).startswith(b"\x89PNG")


def named(content, names):
    """Content in which every name is one of these."""
    rows = zip(content.map.callouts, names, strict=False)
    callouts = tuple(replace(one, name=name, detail=name) for one, name in rows)
    table = replace(
        content.tables[0], rows=tuple(samples.streets(1, name).rows[0] for name in names)
    )
    offices = samples.offices(len(names))
    ranked = tuple(replace(row, name=name) for row, name in zip(offices.rows, names, strict=True))
    return replace(
        content,
        heading=replace(content.heading, title=names[0], filters=names[-1]),
        sentences=tuple(names[:3]),
        map=replace(content.map, callouts=callouts),
        tables=(table,),
        offices=replace(offices, rows=ranked),
    )


MARKUP = [
    "#panic()",
    '#read("/etc/hostname")',
    "*粗* _斜_ `码` $x^2$ <label> @ref",
    "\\ \\u{41} ~ -- ---",
    "= 标题",
    '#import "common.typ"',
    "// 注释 /* 块 */",
    "]#text(fill: red)[红",
]


def test_names_written_as_markup_are_printed_as_they_are(content, small_city, faces):
    names = [*MARKUP, *CRAFTED]
    printed = "".join(pdf.pages(press_bulletin(named(content, names), small_city, typefaces=faces)))
    assert [name for name in names if squeezed(name) not in printed.replace("\ufffe", "-")] == []
    press_wall_map(named(content, names), small_city, typefaces=faces)
    press_card(named(content, names), small_city, typefaces=faces)


def test_the_hostile_collections_can_be_printed(content, small_city, faces, shared):
    known = letters_of(faces).glyphs
    texts = [cleaned(text)[:200] for text in naughty_strings(shared)]
    texts = texts[:300] + texts[300::40]
    fine = [t for t in texts if t.strip() and all(ord(c) in known or c.isspace() for c in t)]
    assert len(fine) > 300
    whole = replace(content, tables=named(content, fine).tables, lists=())
    assert len(pdf.pages(press_bulletin(whole, small_city, most_pages=99, typefaces=faces))) > 4
    assert len(pdf.pages(press_bulletin(whole, small_city, typefaces=faces))) == 4


AGAIN = """
import pickle, sys
from pathlib import Path
from geodata.press import press_bulletin, press_card, press_wall_map
content, city = pickle.loads(Path(sys.argv[1]).read_bytes())
import hashlib
for printed in (
    press_bulletin(content, city), press_wall_map(content, city), press_card(content, city)
):
    print(hashlib.sha256(printed).hexdigest())
"""


def test_two_processes_in_other_places_print_the_same_bytes(
    content, small_city, faces, tmp_path, root
):
    import pickle  # noqa: PLC0415

    kept = tmp_path / "content.pickle"
    kept.write_bytes(pickle.dumps((content, small_city)))
    told = []
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/New_York")):
        here = tmp_path / seed
        here.mkdir()
        told.append(
            subprocess.run(
                [sys.executable, "-c", AGAIN, str(kept)],
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(root)},
                cwd=here,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    assert told[0] == told[1]
    assert len(told[0].split()) == 3


def test_nothing_of_this_machine_is_written_into_the_file(bulletin, root, small_city):
    for word in (str(root), str(small_city.folder), "CreationDate", "ModDate"):
        assert word.encode() not in bulletin


def test_a_name_without_spaces_is_broken_and_stays_on_the_page(content, small_city, faces):
    endless = "Abcdefghij" * 12
    printed = press_bulletin(named(content, [endless] * 4), small_city, typefaces=faces)
    picture = np.asarray(pdf.picture(printed, 1, 60).convert("L"), int)
    right_margin = picture[: int(0.93 * len(picture)), -int(16 / 210 * picture.shape[1]) :]
    assert right_margin.min() > 200
    assert endless in "".join(pdf.pages(printed))


def test_counts_that_are_not_told_are_said_to_be_so(content, small_city, faces):
    shown = content.map
    some = shown.study[1:40:3]
    told = replace(
        shown,
        hidden=some,
        hot=(),
        silent=(),
        legend=(shown.legend[0], shown.legend[1], "未画的为隐去的数", shown.legend[-1]),
    )
    printed = press_bulletin(replace(content, map=told), small_city, typefaces=faces)
    assert squeezed("未画的为隐去的数") in pdf.pages(printed)[0]
