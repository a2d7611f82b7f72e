"""Call-outs never lie on one another, on a dot or outside the frame, whatever the dots."""

import itertools
import math

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.press.callouts import DOT, RADIUS, place_discs
from geodata.press.glyphs import letters_of
from geodata.press.ground import read_ground
from geodata.press.map_drawing import draw_map
from geodata.press.room import Room

WIDTH, HEIGHT = 600.0, 500.0
spots = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT))
crowds = st.lists(spots, min_size=1, max_size=20)
huddles = st.builds(
    lambda x, y, steps: [(x + dx, y + dy) for dx, dy in steps],
    st.floats(50, WIDTH - 50),
    st.floats(50, HEIGHT - 50),
    st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30)), min_size=1, max_size=20),
)


def placed(dots):
    return place_discs(Room(WIDTH, HEIGHT), dots)


@settings(max_examples=40)
@given(st.one_of(crowds, huddles))
def test_no_disc_overlaps_a_disc_a_leader_or_a_dot(dots):
    discs = placed(dots)
    for one, two in itertools.combinations(discs, 2):
        assert math.dist((one.cx, one.cy), (two.cx, two.cy)) >= 2 * RADIUS
        for disc, other in ((one, two), (two, one)):
            assert other.leader.distance(shapely.Point(disc.cx, disc.cy)) >= RADIUS
    for disc, dot in itertools.product(discs, dots):
        assert math.dist((disc.cx, disc.cy), dot) >= RADIUS + DOT


@settings(max_examples=40)
@given(st.one_of(crowds, huddles))
def test_no_two_leaders_cross(dots):
    for one, two in itertools.combinations(placed(dots), 2):
        assert (one.x, one.y) == (two.x, two.y) or not one.leader.intersects(two.leader)


@settings(max_examples=40)
@given(st.one_of(crowds, huddles))
def test_every_disc_keeps_inside_the_frame(dots):
    for disc in placed(dots):
        assert RADIUS <= disc.cx <= WIDTH - RADIUS
        assert RADIUS <= disc.cy <= HEIGHT - RADIUS


@settings(max_examples=40)
@given(st.one_of(crowds, huddles))
def test_the_same_dots_give_the_same_discs(dots):
    assert placed(dots) == placed(dots)


@settings(max_examples=40)
@given(huddles)
def test_discs_keep_their_numbers_and_dots(dots):
    for disc in placed(dots):
        assert (disc.x, disc.y) == dots[disc.number - 1]


def test_twenty_spread_places_all_get_a_disc():
    dots = [(60 + 120 * (at % 5), 60 + 120 * (at // 5)) for at in range(20)]
    assert [disc.number for disc in placed(dots)] == list(range(1, 21))


def test_a_dot_outside_the_frame_gets_no_disc_and_moves_no_number():
    discs = placed([(-5.0, 100.0), (300.0, 250.0)])
    assert [disc.number for disc in discs] == [2]


def test_where_there_is_room_a_disc_keeps_off_names():
    room = Room(WIDTH, HEIGHT)
    names = (200.0, 150.0, 400.0, 245.0)
    room.take(names)
    (disc,) = place_discs(room, [(300.0, 250.0)])
    left, top, right, bottom = disc.box(0)
    assert not (left < names[2] and right > names[0] and top < names[3] and bottom > names[1])


def test_no_name_stands_over_the_place_of_a_call_out(content, small_city, faces):
    width_em = letters_of(faces).width_em
    ground = read_ground(small_city.layers, small_city.metric_crs)
    drawing = draw_map(
        content.map, ground, width=700, height=600, furniture={}, width_em=width_em, most=12
    )
    assert len(drawing.discs) > 8
    assert len(drawing.labels) > 20
    for disc, label in itertools.product(drawing.discs, drawing.labels):
        for glyph in label.glyphs:
            assert not shapely.box(*glyph.box()).intersects(shapely.Point(disc.x, disc.y))
