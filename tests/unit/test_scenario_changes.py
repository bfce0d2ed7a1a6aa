"""What a scenario moves, from two sets of results."""

from dudao_pipeline.publish.scenarios import scenario_changes


def check(result, value=1.0, name="a", **more):
    fixed = {"check": name, "label": f"检查{name}", "points": ["3.1.1"], "unit": "%", "decimals": 1}
    return {**fixed, "basis": "computed", "result": result, "value": value, **more}


def point(result, **more):
    return {"id": "3.1.1", "title": "普及", "result": result, "basis": "computed", **more}


def book(checks, points=(), version="一"):
    versions = {"data_version": version, "law_version": "法"}
    return {"03_basic_education": {**versions, "checks": checks, "points": list(points)}}


def test_a_result_that_is_another_is_a_move_with_both_values():
    before, after = (
        check("not_met", 48.04, value_text="48%"),
        check("met", 52.06, value_text="52.1%"),
    )
    real = book([before, check("met", 1.0, "b")], [point("not_met")])
    supposed = book([after, check("met", 2.0, "b")], [point("met")])
    found = scenario_changes(real, supposed)
    (move,) = found["checks"]
    assert (move["from"], move["to"]) == ("not_met", "met")
    assert (move["value_from"], move["value_to"]) == ("48%", "52.1%")
    assert [(one["from"], one["to"]) for one in found["points"]] == [("not_met", "met")]
    assert (found["only_values"], found["not_compared"]) == (1, [])


def test_what_only_the_report_attests_is_no_move_nor_that_of_its_point():
    real = book([check("met", 90.0, basis="attested")], [point("met")])
    supposed = book([check("undecided", None)], [point("undecided")])
    found = scenario_changes(real, supposed)
    assert (found["checks"], found["points"], found["only_values"]) == ([], [], 0)
    worse = book([check("undecided", None)], [point("not_met")])
    assert len(scenario_changes(real, worse)["points"]) == 1


def test_other_versions_of_data_and_absent_notebooks_are_named():
    supposed = book([check("met")])
    for real in ({}, book([check("not_met")], version="二")):
        found = scenario_changes(real, supposed)
        assert found["checks"] == [] and found["not_compared"] == ["03_basic_education"]


def test_overview_and_annex_repeat_what_the_others_say_and_are_not_counted():
    supposed = {"00_overview": {}, "10_schools": {}}
    assert scenario_changes({}, supposed)["not_compared"] == []
