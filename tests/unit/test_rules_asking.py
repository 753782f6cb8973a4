"""What is asked at each stage, by the law in force and by the plant."""

from datetime import date, datetime, timedelta

import pytest

from tests.harness.rule_facts import goods
from tests.harness.rule_scenarios_handover import (
    CHLORINE,
    also,
    override,
    photo,
    plant_item,
    unanswered,
)
from tests.harness.rule_trips import answer, loaded_trip, loading, packages_trip, trip
from waybill.rules import asking
from waybill.rules.asking import Asked, AskedPhoto, asked_photos, asked_questions
from waybill.rules.facts import Facts, Regime
from waybill.rules.finding import Phase

TODAY = date(2026, 11, 22)


def ids(facts: Facts, phase: Phase, on: date = TODAY) -> list[str]:
    return [each.id for each in asked_questions(facts, phase, on)]


def test_packages_are_asked_about_before_and_after() -> None:
    assert ids(packages_trip(), Phase.BEFORE_LOADING) == [
        "orange_plates",
        "placards",
        "engine_off",
        "wheel_chocks",
        "extinguishers",
        "emergency_equipment",
        "ppe",
        "load_space_clean",
        "no_damage",
        "no_leak",
        "consignment_list",
        "instructions_in_writing",
        "safety_data_sheet",
        "label",
    ]
    assert ids(packages_trip(), Phase.AFTER_LOADING) == [
        "closures_shut",
        "load_secured",
        "no_leak_after",
    ]


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        pytest.param(date(2025, 3, 31), True, id="the former standard"),
        pytest.param(date(2025, 4, 1), False, id="the standard without a lamp"),
    ],
)
def test_only_rules_in_force_ask(on: date, asked: bool) -> None:  # noqa: FBT001  a truth to compare with
    assert ("lamp" in ids(trip(), Phase.BEFORE_LOADING, on)) is asked


@pytest.mark.parametrize(
    ("regimes", "asked"),
    [
        pytest.param(frozenset({Regime.LIMITED}), False, id="limited quantities"),
        pytest.param(frozenset({Regime.LIMITED, Regime.EXCEPTED}), False, id="both small"),
        pytest.param(frozenset({Regime.ORDINARY}), True, id="a regime that relieves nothing"),
    ],
)
def test_what_small_quantities_are_relieved_of_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
    regimes: frozenset[Regime],
    asked: bool,  # noqa: FBT001  a truth to compare with
) -> None:
    monkeypatch.setattr(asking, "relieving_regimes", lambda _facts: regimes)

    found = ids(packages_trip(), Phase.BEFORE_LOADING)

    assert {"orange_plates", "placards", "instructions_in_writing"} <= set(found) or not asked
    assert ("orange_plates" in found, "no_leak" in found) == (asked, True)


def test_a_question_of_the_law_says_all_of_itself() -> None:
    found = asked_questions(trip(), Phase.BEFORE_LOADING, TODAY)[0]

    assert found == Asked(
        id="orange_plates",
        rule="HAND-01.orange_plates",
        zh="矩形标志牌与图示一致，清晰、牢固，多余的标志牌已取下或遮盖？",
        en="Are the orange plates as drawn, legible and fixed, and all others removed or covered?",
        answer=True,
        source_zh="办法第 44 条；GB 13392-2023；JT/T 617.5",
        source_en="Order 29, article 44; GB 13392-2023; ADR 5.3.2",
    )


def test_an_item_of_the_plant_says_how_it_stands() -> None:
    facts = also(
        unanswered(trip(plant_items=(plant_item(photo=True),))),
        answer("item-1", "no"),
        photo("item-1"),
        override("user-2"),
        override("user-1"),
    )

    assert asked_questions(facts, Phase.BEFORE_LOADING, TODAY)[-1] == Asked(
        id="item-1",
        rule="",
        zh="鹤位编号与派车单一致？",
        en="Is the loading arm that of the order?",
        answer=False,
        photo=True,
        photo_taken=True,
        overridden_by=("user-1", "user-2"),
        overridden=True,
    )


def test_an_item_is_asked_in_its_phase_alone() -> None:
    facts = loaded_trip(plant_items=(plant_item(phase=Phase.AFTER_LOADING, stops=False),))

    (found,) = [e for e in asked_questions(facts, Phase.AFTER_LOADING, TODAY) if not e.rule]

    assert (found.id, found.stops, found.answer, found.overridden) == ("item-1", False, None, False)
    assert "item-1" not in ids(facts, Phase.BEFORE_LOADING)


def test_high_risk_asks_for_photos() -> None:
    facts = also(loaded_trip(goods=(goods(**CHLORINE),)), photo("seals"))

    assert asked_photos(facts) == (
        AskedPhoto(
            shows="orange_plates",
            zh="标志牌",
            en="plates and placards",
            taken=False,
            phase=Phase.BEFORE_LOADING,
        ),
        AskedPhoto(shows="seals", zh="铅封", en="seals", taken=True),
        AskedPhoto(
            shows="closures", zh="关闭的阀门或厢门", en="closed valves or doors", taken=False
        ),
    )
    assert asked_photos(loaded_trip()) == ()


def test_what_came_before_the_end_of_loading_does_not_count_after_it() -> None:
    early, late = loading().finished_at - timedelta(seconds=1), loading().finished_at
    item = plant_item(phase=Phase.AFTER_LOADING, photo=True)
    facts = loaded_trip(goods=(goods(**CHLORINE),), plant_items=(item,))

    def counted(at: datetime) -> tuple[bool | None, bool | None, bool, set[str]]:
        made = also(
            facts,
            answer("closures_shut", at=at),
            answer("item-1", at=at),
            photo("item-1", at=at),
            photo("seals", at=at),
            photo("orange_plates", at=at),
        )
        asked = {each.id: each for each in asked_questions(made, Phase.AFTER_LOADING, TODAY)}
        own = asked["item-1"]
        taken = {each.shows for each in asked_photos(made) if each.taken}
        return asked["closures_shut"].answer, own.answer, own.photo_taken, taken

    assert counted(early) == (None, None, False, {"orange_plates"})
    assert counted(late) == (True, True, True, {"orange_plates", "seals"})
