"""Street names: inside the frame, never over one another, flat or stacked by the street's slope."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.press.chains import chains_of
from geodata.press.fitting import View
from geodata.press.lettering import STYLES, Job, place_names
from geodata.press.room import Room, meet

VIEW = View(width=800, height=600, scale=1.0, left=0.0, top=600.0)


def width_em(text):
    return sum(1.0 if ord(letter) > 255 else 0.55 for letter in text)


def job(name, points, kind="first"):
    chains = tuple(chains_of([np.array(points, dtype=float)]))
    return Job(name=name, style=STYLES[kind], chains=chains)


def placed(jobs):
    return place_names(Room(VIEW.width, VIEW.height), VIEW, jobs, width_em)


def at_angle(degrees, name="眺洲路", length=400):
    dx, dy = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ends = [
        (400 - dx * length / 2, 300 - dy * length / 2),
        (400 + dx * length / 2, 300 + dy * length / 2),
    ]
    return job(name, ends)


@pytest.mark.parametrize("degrees", [0, 20, 45, -45, 135, 180, 200])
def test_a_flat_street_reads_from_left_to_right(degrees):
    (label, *_) = placed([at_angle(degrees)])
    assert "".join(glyph.text for glyph in label.glyphs) == "眺洲路"
    across = [glyph.x for glyph in label.glyphs]
    assert across == sorted(across)
    assert all(abs(glyph.angle) <= math.radians(50) for glyph in label.glyphs)


@pytest.mark.parametrize("degrees", [55, 90, 120, -60, -90, 270])
def test_a_steep_street_is_stacked_top_down_with_letters_upright(degrees):
    (label, *_) = placed([at_angle(degrees)])
    down = [glyph.y for glyph in label.glyphs]
    assert down == sorted(down)
    assert all(abs(glyph.angle) <= math.radians(43) for glyph in label.glyphs)


def test_a_latin_name_is_one_run_along_its_street():
    (label, *_) = placed([at_angle(70, "Hyde Park Avenue")])
    assert [run.text for run in label.runs] == ["Hyde Park Avenue"]
    assert label.runs[0].angle == pytest.approx(math.radians(-70), abs=math.radians(2))


def test_a_name_is_not_laid_over_a_bend():
    corner = [(100.0, 300.0), (130.0, 300.0), (130.0, 330.0)]
    assert placed([job("环城北路一段", corner)]) == []


def test_a_street_shorter_than_its_name_stays_without():
    assert placed([job("环城北路一段", [(100.0, 300.0), (150.0, 300.0)])]) == []


corners = st.tuples(st.floats(0, 800), st.floats(0, 600))


@given(st.lists(st.tuples(corners, corners), min_size=1, max_size=12))
def test_names_never_overlap_and_never_leave_the_frame(ends):
    jobs = [job(f"第{at}大街", list(pair)) for at, pair in enumerate(ends)]
    jobs = [one for one in jobs if one.chains]
    labels = placed(jobs)
    boxes = [glyph.box(0) for label in labels for glyph in label.glyphs]
    assert all(b[0] > 0 and b[1] > 0 and b[2] < 800 and b[3] < 600 for b in boxes)
    for one, two in itertools.combinations(labels, 2):
        assert not any(meet(a.box(0), b.box(0)) for a in one.glyphs for b in two.glyphs)


def test_every_street_gets_one_name_before_any_gets_two():
    long = [
        job(f"长街{at}", [(10.0, 60.0 + 40 * at), (790.0, 60.0 + 40 * at)], "back")
        for at in range(5)
    ]
    names = [label.name for label in placed(long)]
    assert sorted(names[:5]) == [f"长街{at}" for at in range(5)]
