"""How each fact of a finding is written, by its name, in both languages."""

import pytest

from waybill.codec import JsonValue
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.wording import Locale, catalogue, fill


def write(template: str, locale: Locale, **facts: JsonValue) -> str:
    finding = Finding(
        code="XXX-01",
        version=1,
        severity=Severity.STOP,
        outcome=Outcome.PASSED,
        reason="fine",
        facts=facts,
    )
    return fill(template, finding, locale)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("over_kg", "12345.50", "12,345.50 kg", "12,345.50 kg"),
        ("volume_l", "37000.5", "37,000.5 L", "37,000.5 L"),
        ("density_kg_l", "0.75", "0.75 kg/L", "0.75 kg/L"),
        ("test_bar", "2.65", "2.65 bar", "2.65 bar"),
        ("filling_c", "-12.5", "-12.5 °C", "-12.5 °C"),
        ("viscosity_mm2_s", "1500", "1,500 mm²/s", "1,500 mm²/s"),
        ("limit_percent", "95", "95 %", "95 %"),
        ("judged_at", "2026-11-22T16:05:00+00:00", "2026-11-23 00:05", "2026-11-23 00:05"),
        ("un_numbers", ["1203", "1202"], "UN 1203、UN 1202", "UN 1203, UN 1202"),
        ("seen_colour", "yellow", "黄", "Yellow"),
        ("tank_kind", "portable_tank", "可移动罐柜", "Portable tank"),
        ("approval", "FL", "FL 型", "FL"),
        ("permit", "fireworks", "烟花爆竹道路运输许可证", "Permit for fireworks"),
        ("subject", "driver", "驾驶人", "Driver"),
        ("subjects", ["driver", "nobody"], "驾驶人、nobody", "Driver, nobody"),
        ("certificate", "driving_licence", "驾驶证", "Driving licence"),
        ("how", "typed", "手工输入", "Typed by hand"),
        ("held", ["explosive"], "爆炸品", "Explosives"),
        ("holder", "苏H12345", "苏H·12345", "苏H·12345"),
        ("seen", "HA-0001", "HA-0001", "HA-0001"),
        ("problem", "bad-key", "密钥格式不正确", "The key is not a usable P-256 key"),
        ("problem", "of another reader", "Of another reader", "Of another reader"),
        ("questions", ["another one"], "Another one", "Another one"),
        ("photos", ["seals", "another one"], "铅封、another one", "Seals, another one"),
        ("position", 2, "2", "2"),
        ("nothing", "", "—", "—"),
        ("none", [], "—", "—"),
        ("absent", None, "—", "—"),
    ],
)
def test_a_facts_name_says_how_it_is_written(name: str, value: JsonValue, zh: str, en: str) -> None:
    written = [write(f"{{{name}}}", locale, **{name: value}) for locale in ("zh", "en")]

    assert written == [zh, en]


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        pytest.param(
            {"subject": "tractor", "holder": "苏H12345"},
            "车辆 苏H·12345 来了",
            "Vehicle 苏H·12345 came",
            id="things are named",
        ),
        pytest.param(
            {"subject": "driver", "holder": "d0"}, "驾驶人来了", "Driver came", id="people are not"
        ),
        pytest.param({"subject": "tank"}, "罐体来了", "Tank came", id="nor what has no name"),
    ],
)
def test_whom_it_is_about(facts: dict[str, JsonValue], zh: str, en: str) -> None:
    assert write("{who}来了", "zh", **facts) == zh
    assert write("{who} came", "en", **facts) == en


def test_no_space_is_left_before_a_chinese_stop() -> None:
    assert write("{who}，到了。", "zh", subject="tank", holder="HA-0001") == "罐体 HA-0001，到了。"


def test_a_question_reads_as_it_was_asked() -> None:
    assert write("{questions}", "zh", questions=["earthing"]) == "静电接地已连接并经检测？"
    assert write("{questions}", "en", questions=["earthing"]) == (
        "Is the vehicle earthed, and the connection tested?"
    )


def test_templates_are_those_nearest_to_the_rule() -> None:
    words = catalogue("en")

    assert words.find_templates("XXX-01.any", "relieved") == (
        "Goes as ordinary goods under {regimes}: not asked.",
    )
    assert words.find_templates("XXX-01.any", "no such reason") is None
