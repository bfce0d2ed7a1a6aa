"""The picture of the architecture is the one that the imports give."""

from tools import draw_architecture


def test_the_picture_is_current():
    current = draw_architecture.PICTURE.read_text(encoding="utf-8")
    assert current == draw_architecture.draw(), "run: python tools/draw_architecture.py"


def test_no_room_imports_a_room_that_reaches_it():
    lines, arrows = draw_architecture.rooms_and_arrows()
    levels = draw_architecture.floors(arrows, lines)
    assert all(levels[room] > levels[one] for room, direct in arrows.items() for one in direct)


def test_implied_arrows_are_left_out():
    arrows = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert draw_architecture.without_implied(arrows) == {"a": {"b"}, "b": {"c"}, "c": set()}
