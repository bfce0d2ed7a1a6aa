"""Peers: places and quartiles worked by hand, five counties at least, real and fictional apart."""

import os
import random
import shutil

import pandas as pd
import pytest

from dudao.base.errors import FactsError
from dudao.case import open_case
from dudao.comparison.peers import ranks_store
from dudao.comparison.peers.ranks import pools_and_ranks
from dudao.comparison.peers.standing import (
    HIGHER,
    LOWER,
    Quartiles,
    Rank,
    standings,
    standings_of,
)
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import ranks_refresh
from tests.unit.county import PUBLISHED, copy

ITEM, STAGE = "inclusive_coverage", "preschool"


def rows(values, fictional=False):
    fixed = {"fictional": fictional, "item": ITEM, "stage": STAGE, "detail": ""}
    return [{"county": county, "value": value, **fixed} for county, value in values.items()]


def standing(table, county, direction=""):
    better = {(ITEM, STAGE): direction} if direction else {}
    (found,) = standings_of(pd.DataFrame(table), county, better)
    return found


FIVE = {"410301": 10.0, "410302": 20.0, "410303": 30.0, "410304": 40.0, "410305": 50.0}


def test_percentile_rank_and_quartiles_by_hand():
    found = standing(rows(FIVE), "410302", HIGHER)
    assert found.city == found.province == found.all == Rank(5, 40.0, 4)
    assert found.quartiles == Quartiles(20.0, 30.0, 40.0)


def test_where_less_is_better_the_least_is_first():
    assert standing(rows(FIVE), "410301", LOWER).all == Rank(5, 20.0, 1)


def test_no_rank_where_no_rule_says_which_way_is_better():
    assert standing(rows(FIVE), "410305").all == Rank(5, 100.0, None)


def test_equal_values_share_a_place_and_binary_noise_is_no_lead():
    table = rows({**FIVE, "410304": 50.0, "410303": 50.000000000000014})
    places = [standing(table, c, HIGHER).all for c in ("410303", "410304", "410305")]
    assert places == [Rank(5, 100.0, 1)] * 3


def test_quartiles_lie_between_the_values_of_six():
    found = standing(rows({**FIVE, "410306": 100.0}), "410306", HIGHER)
    assert found.quartiles == Quartiles(22.5, 35.0, 47.5)


def test_four_counties_give_no_place_and_no_quartiles():
    four = dict(list(FIVE.items())[:4])
    found = standing(rows(four), "410301", HIGHER)
    assert (found.all, found.quartiles) == (Rank(4), None)


def test_city_and_province_are_the_first_digits():
    other = {"410501": 60.0, "410502": 70.0, "230101": 80.0}
    found = standing(rows({**FIVE, **other}), "410301", HIGHER)
    assert [p.counties for p in (found.city, found.province, found.all)] == [5, 7, 8]
    alone = standing(rows({**FIVE, **other}), "230101", HIGHER)
    assert (alone.city, alone.province, alone.all.rank) == (Rank(1), Rank(1), 1)


@pytest.mark.parametrize(("county", "counties"), [("410301", 5), ("990101", 2)])
def test_fictional_and_real_counties_are_never_mixed(county, counties):
    table = rows(FIVE) + rows({"990101": 1.0, "990102": 2.0}, fictional=True)
    assert standing(table, county).all.counties == counties


MANY = {f"41{number:04d}": float(number) for number in range(1, 41)}


def test_of_more_than_thirty_the_tenths_are_marked():
    thirty = dict(list(MANY.items())[:30])
    assert standing(rows(thirty), "410001", HIGHER).marks == tuple(thirty.values())
    tenths = (1.0, 4.9, 8.8, 12.7, 16.6, 20.5, 24.4, 28.3, 32.2, 36.1, 40.0)
    assert standing(rows(MANY), "410001", HIGHER).marks == tenths


def told(values):
    """Digest by county of what overviews show of the others."""
    return ranks_refresh._shown(*pools_and_ranks(pd.DataFrame(rows(values))))


def changed(county, value):
    before, after = told(MANY), told({**MANY, county: value})
    return {code for code in MANY if before[code] != after[code]}


def test_a_value_that_overtakes_nobody_changes_one_page():
    assert changed("410006", 6.3) == {"410006"}


def test_a_value_that_overtakes_one_changes_two_pages():
    assert changed("410006", 7.3) == {"410006", "410007"}


def test_a_value_that_moves_a_quartile_or_a_tenth_changes_every_page():
    assert changed("410040", 41.0) == set(MANY)


def by_a_plain_loop(county, values, digits):
    peers_ = {c: v for c, v in values.items() if c[:digits] == county[:digits]}
    if len(peers_) < 5:
        return Rank(len(peers_))
    own = values[county]
    not_higher = sum(v <= own + 0.5e-6 for v in peers_.values())
    ahead = sum(v > own + 0.5e-6 for v in peers_.values())
    return Rank(len(peers_), not_higher / len(peers_) * 100, 1 + ahead)


def test_all_places_at_once_are_those_of_a_plain_loop():
    draw = random.Random(7)
    codes = [f"{draw.choice((23, 41, 51))}0{draw.randrange(1, 4)}{n:02d}" for n in range(60)]
    values = {code: round(draw.choice((draw.random(), 0.5)), 2) for code in codes}
    for code in codes:
        found = standing(rows(values), code, HIGHER)
        for area, digits in (("city", 4), ("province", 2), ("all", 0)):
            assert getattr(found, area) == by_a_plain_loop(code, values, digits), (code, area)


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    storing.write(read_submission(PUBLISHED / "410324-2022"))
    return tmp_path


def test_a_reader_writes_nothing_and_a_refresh_once(own_store):
    assert len(ranks_store.summary(2022)) and not (own_store / "store" / "peers").exists()
    assert [ranks_refresh.refresh(2022), ranks_refresh.refresh(2022)] == [True, False]
    pd.testing.assert_frame_equal(ranks_store.summary(2022), ranks_store.summary(2022))


def test_what_is_kept_gives_the_places_that_are_counted_in_memory(own_store):
    for code in ("410329", "410773"):
        storing.write(read_submission(PUBLISHED / f"{code}-2022"))
    case = open_case("410324", 2022, "00_overview")
    counted, told = standings(case), ranks_refresh.shown(2022)
    ranks_refresh.refresh(2022)
    assert (standings(case), ranks_refresh.shown(2022)) == (counted, told)


def test_a_store_that_was_copied_is_fresh_though_its_times_differ(own_store):
    ranks_refresh.refresh(2022)
    os.utime(own_store / "store" / "manifest")
    assert ranks_store.fresh(2022)
    assert not ranks_refresh.refresh(2022)


def test_a_torn_or_missing_file_of_the_pointer_is_made_anew(own_store):
    ranks_refresh.refresh(2022)
    (own_store / "store" / "peers" / "2022.json").write_text("{", encoding="utf-8")
    assert not ranks_store.fresh(2022)
    assert ranks_refresh.refresh(2022)


def test_another_county_makes_the_summary_stale_and_keeps_the_first(own_store):
    ranks_refresh.refresh(2022)
    storing.write(read_submission(copy(own_store, county="990002", year=2022)))
    assert not ranks_store.fresh(2022)
    before = ranks_store.summary(2022)
    ranks_refresh.refresh(2022)
    pd.testing.assert_frame_equal(ranks_store.summary(2022), before)
    assert set(before["county"]) == {"410324", "990002"}


def written(store):
    """Bytes of what is kept of all counties, by file."""
    return {path.name: path.read_bytes() for path in (store / "peers").glob("2022-*/*")}


def test_after_one_changed_county_the_files_are_those_of_a_fresh_count(own_store):
    for code in ("410329", "410773"):
        storing.write(read_submission(PUBLISHED / f"{code}-2022"))
    other = copy(own_store, county="410329", year=2022)
    ranks_refresh.refresh(2022)
    before = written(own_store / "store")
    storing.write(read_submission(other))
    ranks_refresh.refresh(2022)
    after = written(own_store / "store")
    shutil.rmtree(own_store / "store" / "peers")
    ranks_refresh.refresh(2022)
    assert before != after == written(own_store / "store")


def test_a_county_at_which_the_program_fails_is_told_and_one_that_cannot_be_judged_is_not(
    own_store, monkeypatch, capsys
):
    def opened(county, year, notebook):
        if county == "410324":
            raise ZeroDivisionError("x")
        raise FactsError("没有数据")

    monkeypatch.setattr("dudao.case.open_case", opened)
    monkeypatch.setenv("DUDAO_OUTPUTS", str(own_store / "out"))
    storing.write(read_submission(PUBLISHED / "410329-2022"))
    ranks_refresh.refresh(2022)
    told = capsys.readouterr().err
    assert told.startswith("410324-2022 未能与其他县相比：程序出错（ZeroDivisionError）")
    assert "410329" not in told and list((own_store / "out" / "logs").glob("*.log"))


def test_the_law_is_part_of_the_key(own_store, monkeypatch):
    ranks_refresh.refresh(2022)
    monkeypatch.setattr("dudao.comparison.peers.county_measures.law_version", lambda: "another")
    assert not ranks_store.fresh(2022)


def test_a_bound_is_no_value_and_the_nation_stands_beside():
    case = open_case("990001", 2024, "00_overview")
    found = {(one.item, one.stage): one for one in standings(case)}
    assert ("teacher_space_coverage", "all") not in found  # the report prints 90以上
    (line,) = found["gross_enrolment_ratio", "preschool"].lines
    assert (line.area, line.year, line.value) == ("全国", 2023, 91.1)
