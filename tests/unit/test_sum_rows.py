"""A row that is the sum of others is found by its figures, and no school is taken for one."""

import random

from dudao_pipeline.intake.sum_rows import figures_of, sums_of_others

SCHOOLS = [(1240, 28, 6200.5, 30), (980, 22, 5100, 24), (960, 20, 7200, 26), (655, 15, 3800, 16)]


def _rows(*lines):
    return {
        row: figures_of({at: str(value) for at, value in enumerate(line)})
        for row, line in enumerate(lines)
    }


def _sum(lines):
    return tuple(sum(column) for column in zip(*lines, strict=True))


def test_the_sum_of_all_is_found_at_either_end_and_rounded():
    total = _sum(SCHOOLS)
    assert sums_of_others(_rows(*SCHOOLS, total), {}) == {4}
    assert sums_of_others(_rows(total, *SCHOOLS), {}) == {0}
    assert sums_of_others(_rows(*SCHOOLS, (total[0], total[1], 22301, "")), {}) == {4}
    assert sums_of_others(_rows(*SCHOOLS, (*total[:3], total[3] + 1)), {}) == set()
    assert sums_of_others(_rows(*SCHOOLS[:2], _sum(SCHOOLS[:2]), SCHOOLS[2]), {}) == {2}


def test_the_sums_of_townships_and_of_stages_are_found_and_counted_once():
    lines = [*SCHOOLS[:3], _sum(SCHOOLS[:3]), *SCHOOLS, _sum(SCHOOLS), _sum(SCHOOLS[:3] + SCHOOLS)]
    assert sums_of_others(_rows(*lines), {}) == {3, 8, 9}
    stages = ("小学", "初中", "小学", "初中", "小学", "小学")
    primary = [*SCHOOLS, (310, 6, 1900, 7)]
    lines = [
        *primary,
        _sum(line for line, of in zip(primary, stages, strict=False) if of == "小学"),
    ]
    assert sums_of_others(_rows(*lines), {row: (of,) for row, of in enumerate(stages)}) == {5}


def test_small_or_few_figures_and_chance_make_no_sum():
    assert sums_of_others(_rows(*[(6, 1, 1)] * 3, (18, 3, 3), (40, 6, 9)), {}) == set()
    assert sums_of_others(_rows(*[(400, 12)] * 3, (1200, 36)), {}) == set()
    small = [line[:3] for line in SCHOOLS[:2]]
    assert sums_of_others(_rows(*small, _sum(small)), {}) == set()
    twins = [SCHOOLS[0], ("", "", "", ""), SCHOOLS[0]]
    assert sums_of_others(_rows(*twins), {}) == set()
    assert sums_of_others(_rows(*[("", "—")] * 9), {}) == set()
    made = random.Random(1)
    points = [
        (made.randrange(4, 60), made.randrange(1, 6), made.randrange(1, 9)) for _ in range(500)
    ]
    words = {row: (made.choice("城镇乡"),) for row in range(500)}
    assert sums_of_others(_rows(*points), words) == set()
