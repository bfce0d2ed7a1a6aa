"""Draw docs/architecture.svg from the imports of lib: rooms, and who imports whom.

`python tools/draw_architecture.py` writes the picture and prints the lines of code per room; a
test compares the picture with the code. An arrow is left out where a longer way of arrows says
the same.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib"
PICTURE = ROOT / "docs" / "architecture.svg"
PACKAGES = ("dudao", "dudao_explore", "dudao_pipeline", "warm_kernels")
UNDIVIDED = {"dudao_explore", "warm_kernels"}  # a package of one room
TITLES = {
    "dudao": "all that a result depends on",
    "dudao_explore": "for analysts in the lab",
    "dudao_pipeline": "from workbooks to appendices",
    "warm_kernels": "knows nothing of education",
}
# Loaded by name at run time: the command that was asked for, and what a warm process preloads.
LOADED_BY_NAME = {
    "dudao_pipeline.cli": "dudao_pipeline.commands",
    "dudao_pipeline.preload": "dudao.show",
}
FLOOR, WIDTH, HEIGHT, GAP, MARGIN, TITLE = 82, 138, 36, 26, 24, 62
FONT = "font-family='Helvetica, Arial, sans-serif'"


def room_of(module: str) -> str:
    """Return the room of a dotted module: its package and first folder or file."""
    package, *inner = module.split(".")
    return package if package in UNDIVIDED or not inner else f"{package}.{inner[0]}"


def modules() -> dict[str, Path]:
    """Return every module of lib by its dotted name."""
    named = {}
    for package in PACKAGES:
        for path in sorted((LIBRARY / package).rglob("*.py")):
            dotted = ".".join(path.relative_to(LIBRARY).with_suffix("").parts)
            named[dotted.removesuffix(".__init__")] = path
    return named


def imported(source: str) -> Iterator[str]:
    """Yield what a module imports, dotted in full."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_and_arrows() -> tuple[dict[str, int], dict[str, set[str]]]:
    """Return lines of code per room, and for each room the rooms that it imports."""
    lines: dict[str, int] = defaultdict(int)
    arrows: dict[str, set[str]] = defaultdict(set)
    listed = modules()
    rooms = {room_of(name) for name in listed if "." in name or name in UNDIVIDED}
    for name, path in listed.items():
        room, source = room_of(name), path.read_text(encoding="utf-8")
        if room not in rooms:
            continue
        lines[room] += len(source.splitlines())
        targets = {room_of(target) for target in imported(source)}
        arrows[room] |= (targets & rooms) - {room}
    for room, target in LOADED_BY_NAME.items():
        arrows[room].add(target)
    return dict(lines), arrows


def without_implied(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """Leave out an arrow that a longer way implies; the rooms hold no circle."""
    reached: dict[str, set[str]] = {}

    def reach(room: str) -> set[str]:
        if room not in reached:
            direct = arrows.get(room, set())
            reached[room] = direct.union(*map(reach, direct))
        return reached[room]

    return {
        room: {one for one in direct if not any(one in reach(other) for other in direct - {one})}
        for room, direct in arrows.items()
    }


def floors(arrows: dict[str, set[str]], rooms: dict[str, int]) -> dict[str, int]:
    """Return the floor of each room: one above the highest that it imports."""
    levels: dict[str, int] = {}

    def level(room: str) -> int:
        if room not in levels:
            levels[room] = 1 + max(map(level, arrows.get(room, ())), default=-1)
        return levels[room]

    for room in rooms:
        level(room)
    return levels


def draw() -> str:
    """Return the picture as SVG text; the same code gives the same bytes."""
    lines, arrows = rooms_and_arrows()
    levels, shown = floors(arrows, lines), without_implied(arrows)
    top, columns, places = max(levels.values()), defaultdict(list), {}
    for room in sorted(lines):
        columns[room.split(".")[0]].append(room)
    left, frames = MARGIN, []
    for package in PACKAGES:
        by_floor = defaultdict(list)
        for room in columns[package]:
            by_floor[levels[room]].append(room)
        across = max(map(len, by_floor.values()))
        inner = max(across * (WIDTH + GAP) + GAP, 230)
        for floor, rooms in by_floor.items():
            free = (inner - len(rooms) * WIDTH) / (len(rooms) + 1)
            for number, room in enumerate(rooms):
                x = left + free + number * (WIDTH + free)
                places[room] = (x, MARGIN + TITLE + (top - floor) * FLOOR)
        frames.append((left, inner, package))
        left += inner + MARGIN
    height = MARGIN * 2 + TITLE + (top + 1) * FLOOR
    return "\n".join(
        [
            *_opening(left, height),
            *_frames(frames, height),
            *_arrows(shown, places),
            *_rooms(places),
            "</svg>",
            "",
        ]
    )


def _opening(width: float, height: float) -> list[str]:
    return [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"width='{width:.0f}' height='{height:.0f}' role='img' "
        "aria-label='Rooms of lib and imports'>",
        "<defs><marker id='tip' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' "
        "markerHeight='7' orient='auto'><path d='M0 0 8 4 0 8z' fill='#5b6b7b'/></marker>"
        "</defs>",
        "<rect width='100%' height='100%' fill='white'/>",
    ]


def _text(x: float, y: float, size: float, text: str, *, more: str = "") -> str:
    return f"<text x='{x:.0f}' y='{y:.0f}' {FONT} font-size='{size}' {more}>{escape(text)}</text>"


def _frames(frames: list[tuple[float, float, str]], height: float) -> Iterator[str]:
    for left, width, package in frames:
        yield (
            f"<rect x='{left:.0f}' y='{MARGIN}' width='{width:.0f}' "
            f"height='{height - 2 * MARGIN:.0f}' rx='8' fill='#f4f6f8' stroke='#c5ced6'/>"
        )
        yield _text(left + 14, MARGIN + 24, 15, package, more="font-weight='bold' fill='#22303c'")
        yield _text(left + 14, MARGIN + 42, 12, TITLES[package], more="fill='#5b6b7b'")


def _arrows(arrows: dict[str, set[str]], places: dict[str, tuple[float, float]]) -> Iterator[str]:
    for room in sorted(arrows):
        for target in sorted(arrows[room]):
            (x, y), (u, v) = places[room], places[target]
            start, end = (x + WIDTH / 2, y + HEIGHT), (u + WIDTH / 2, v)
            bend = max((end[1] - start[1]) / 2, 20)
            yield (
                f"<path d='M{start[0]:.0f} {start[1]:.0f}C{start[0]:.0f} {start[1] + bend:.0f} "
                f"{end[0]:.0f} {end[1] - bend:.0f} {end[0]:.0f} {end[1]:.0f}' fill='none' "
                "stroke='#5b6b7b' stroke-width='1.2' marker-end='url(#tip)'/>"
            )


def _rooms(places: dict[str, tuple[float, float]]) -> Iterator[str]:
    for room, (x, y) in sorted(places.items()):
        yield (
            f"<rect x='{x:.0f}' y='{y:.0f}' width='{WIDTH}' height='{HEIGHT}' rx='5' "
            "fill='white' stroke='#2f5d8a'/>"
        )
        middle = "text-anchor='middle' fill='#16202a'"
        yield _text(x + WIDTH / 2, y + 23, 13, room.split(".")[-1], more=middle)


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    for room, lines in sorted(rooms_and_arrows()[0].items()):
        print(f"{lines:7,}  {room}")
