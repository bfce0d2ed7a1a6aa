"""Records as publishing keeps them, made by hand: a county's summary, its items, its results."""


def check(number: int, value: float | None, result: str, notebook_point: str = "2.1.1") -> dict:
    return {
        "points": [notebook_point],
        "check": f"check_{number}",
        "label": f"检查{number}",
        "unit": "%",
        "compare": ">=",
        "threshold": 0,
        "decimals": 2,
        "value": value,
        "result": result,
        "result_text": {"not_met": "未达标"}.get(result, ""),
    }


def item(severity: str, what: str, point: str = "2.1.1") -> dict:
    place = f"02_funding.html#point-{point}"
    return {"severity": severity, "point": point, "what": what, "place": place}


def summary(county: str, name: str, **changes) -> dict:
    point = {
        "id": "2.1.1",
        "title": "教育支出",
        "result": "not_met",
        "notebook": "02_funding",
        "reason": "检查1：-1.50%（标准≥0%）",
    }
    facts = {
        "county": county,
        "year": 2024,
        "fictional": False,
        "framework_title": "评价方案",
        "data_version": "第1版",
        "name": name,
        "city": "齐齐哈尔市",
        "province": "黑龙江省",
        "points": [point],
        "unlisted": 0,
        "held": [],
        "kept_back": {},
        "headline": ["未达标要点：2.1.1 教育支出。"],
        "review": [item("not_met", "教育支出：检查1")],
        "blocked": 0,
        "pages": {"02_funding": {"not_met": 1}},
        "checks": {"02_funding": [check(1, -1.5, "not_met"), check(2, None, "undecided")]},
    }
    return facts | changes


def record(**changes) -> dict:
    check = {
        "points": ["2.1.1"],
        "check": "growth",
        "label": "支出增长",
        "item": "growth",
        "stage": "primary",
        "data_year": 2023,
        "value": -5.814,
        "unit": "%",
        "compare": ">=",
        "threshold": 0,
        "decimals": 2,
        "result": "not_met",
        "basis": "computed",
        "role": "pass",
        "gap": {"amount": 4531.19, "unit": "万元", "text": "尚差4531.19万元"},
        "missing_inputs": 0,
        "missing": [],
        "units": [],
        "stated": None,
        "citation": "国办发〔2018〕82号",
        "law_status": "sourced",
        "area": "national",
        "note": "",
        "sources": ["县级指标!F16", "县级指标!E16"],
    }
    facts = {
        "year": 2024,
        "county": "010203",
        "county_name": "虚构县",
        "fictional": True,
        "notebook": "02_funding",
        "data_version": "a",
        "law_version": "b",
        "points": [{"id": "2.1.1", "title": "只增不减", "result": "not_met"}],
        "titles": {"2.1.1": "只增不减", "3.2.1": "资源配置", "3.2.2": "教育质量"},
        "checks": [check | changes],
    }
    return facts
