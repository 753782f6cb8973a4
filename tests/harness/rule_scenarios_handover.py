"""Trips for the rules about hand-over, plant items, papers and photos; see `rule_scenarios`."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import AT, goods, waybill
from tests.harness.rule_trips import ANSWERS, answer, loaded_trip, packages_trip, trip
from waybill.rules.evidence import Evidence, EvidenceItem, OverrideItem, PhotoItem
from waybill.rules.facts import Answer, CarriageMode, Facts, PhysicalState, PlantItemFacts
from waybill.rules.finding import Phase
from waybill.rules.questions import all_questions

Key = tuple[str, str]

NO_GOODS: Final = trip(goods=())
HOT: Final = {
    "un_number": "3257",
    "division": "9",
    "labels": ("9",),
    "hazard_identification_number": "99",
    "filling_temperature_c": Decimal(160),
    "physical_state": PhysicalState.LIQUID,
}
CHLORINE: Final = {
    "un_number": "1017",
    "division": "2.3",
    "labels": ("2.3", "5.1", "8"),
    "subsidiary_hazards": ("5.1", "8"),
    "packing_group": "",
    "hazard_identification_number": "265",
    "highly_toxic": Answer.YES,
}
SAMPLE: Final = {
    "un_number": "0222",
    "division": "1.1D",
    "labels": ("1",),
    "packing_group": "",
    "mode": CarriageMode.PACKAGES,
}


def photo(shows: str, **changes: object) -> PhotoItem:
    """Return a photo."""
    fields: dict[str, object] = {"shows": shows, "sha256": "00" * 32, "at": AT, **changes}
    return PhotoItem(**fields)  # type: ignore[arg-type]


def override(by: str, item: str = "item-1") -> OverrideItem:
    """Return what one authorised person let pass."""
    return OverrideItem(item=item, by=by, reason="地磅故障，已人工复核", at=AT)


def plant_item(**changes: object) -> PlantItemFacts:
    """Return an item of the plant that is asked before loading and stops."""
    plain = PlantItemFacts(
        id="item-1",
        version=1,
        phase=Phase.BEFORE_LOADING,
        question_zh="鹤位编号与派车单一致？",
        question_en="Is the loading arm that of the order?",
        photo=False,
        stops=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def unanswered(facts: Facts) -> Facts:
    """Return the same trip without any answer."""
    left = tuple(item for item in facts.evidence.items if item not in ANSWERS)
    return replace(facts, evidence=Evidence(items=left))


def also(facts: Facts, *items: EvidenceItem) -> Facts:
    """Return the same trip with further evidence."""
    return replace(facts, evidence=Evidence(items=(*facts.evidence.items, *items)))


_PLACES: Final[Mapping[str, Facts]] = {
    "HAND-01.orange_plates": trip(),
    "HAND-01.placards": trip(),
    "HAND-01.marks": trip(goods=(goods(**HOT),)),
    "HAND-01.safety_board": trip(goods=(goods(**CHLORINE),)),
    "HAND-01.lamp": trip(),
    "HAND-02.before": trip(),
    "HAND-02.after": loaded_trip(),
    "DOC-03.consignment_list": trip(),
    "DOC-03.instructions_in_writing": trip(),
    "DOC-03.safety_data_sheet": packages_trip(),
}
"""Trips on which something is asked by each rule."""


def _answers() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    for code, facts in _PLACES.items():
        asked = [question.id for question in all_questions() if question.rule == code]
        found[code, "as_asked"] = facts
        found[code, "answered_no"] = also(facts, answer(asked[0], "no"))
        found[code, "not_answered"] = unanswered(facts)
    return found


def _plant_items() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    for code, phase, stops in (
        ("PLANT-01.before", Phase.BEFORE_LOADING, True),
        ("PLANT-01.after", Phase.AFTER_LOADING, True),
        ("PLANT-01.advice_before", Phase.BEFORE_LOADING, False),
        ("PLANT-01.advice_after", Phase.AFTER_LOADING, False),
    ):
        item = plant_item(phase=phase, stops=stops)
        facts = loaded_trip(plant_items=(item,))
        with_photo = replace(facts, plant_items=(replace(item, photo=True),))
        found[code, "no_items"] = loaded_trip()
        found[code, "not_answered"] = facts
        found[code, "answered_no"] = also(facts, answer("item-1", "no"))
        found[code, "fulfilled"] = also(facts, answer("item-1"))
        found[code, "photo_missing"] = also(with_photo, answer("item-1"))
        found[code, "overridden"] = also(facts, override("user-1"), override("user-2"))
    return found


_SIGNS: Final[Mapping[Key, Facts]] = {
    ("HAND-01.orange_plates", "no_goods"): NO_GOODS,
    ("HAND-01.orange_plates", "number_unknown"): trip(
        goods=(goods(hazard_identification_number=""),)
    ),
    ("HAND-01.placards", "no_goods"): NO_GOODS,
    ("HAND-01.placards", "not_asked"): packages_trip(
        goods=(goods(**{**SAMPLE, "un_number": "0014", "division": "1.4S", "labels": ("1.4",)}),)
    ),
    ("HAND-01.marks", "not_asked"): trip(),
    ("HAND-01.safety_board", "not_asked"): trip(),
}
_OTHERS: Final[Mapping[Key, Facts]] = {
    ("DOC-03.emergency_phone", "given"): trip(),
    ("DOC-03.emergency_phone", "not_given"): trip(waybill=waybill(emergency_phone_given=False)),
    ("AFTER-01.photos", "low_risk"): loaded_trip(),
    ("AFTER-01.photos", "photos_missing"): also(
        loaded_trip(goods=(goods(**CHLORINE),)), photo("seals")
    ),
    ("AFTER-01.photos", "photos_taken"): also(
        loaded_trip(goods=(goods(**CHLORINE),)),
        photo("orange_plates"),
        photo("seals"),
        photo("closures"),
    ),
}

HANDOVER_SCENARIOS: Final[Mapping[Key, Facts]] = {
    **_answers(),
    **_plant_items(),
    **_SIGNS,
    **_OTHERS,
}
HANDOVER_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
