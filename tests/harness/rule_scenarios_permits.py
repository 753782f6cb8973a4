"""Trips for the rules about permits and control lists; see `rule_scenarios`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import TODAY, goods, waybill
from tests.harness.rule_trips import trip
from waybill.registry.kinds import PermitKind, Provenance
from waybill.rules.facts import Answer, CarriageMode, ControlFacts, Facts, GoodsFacts, PermitFacts
from waybill.rules.permit_needs import FORMS

Key = tuple[str, str]


def precursor(entry: str, answer: Answer = Answer.YES) -> tuple[ControlFacts, ...]:
    """Return the answers of the control lists for a drug precursor."""
    return (
        ControlFacts(kind="drug_precursor", answer=answer, entries=(entry,) if entry else ()),
        ControlFacts(kind="explosive_precursor", answer=Answer.NO),
        ControlFacts(kind="special_control", answer=Answer.NO),
    )


NEEDING: Final[Mapping[str, GoodsFacts]] = {
    "DOC-04.highly_toxic": goods(
        un_number="1017", name_zh="氯", division="2.3", highly_toxic=Answer.YES
    ),
    "DOC-04.civil_explosives": goods(
        un_number="0029", division="1.1B", mode=CarriageMode.PACKAGES, package_provisions=("V2",)
    ),
    "DOC-04.fireworks": goods(
        un_number="0336", division="1.4G", mode=CarriageMode.PACKAGES, package_provisions=("V2",)
    ),
    "DOC-04.radioactive": goods(un_number="2915", division="7", mode=CarriageMode.PACKAGES),
    "DOC-04.waste_manifest": goods(waste=True),
    "DOC-04.drug_precursor": goods(un_number="1155", controls=precursor("2-4")),
    "DOC-04.drug_precursor_record": goods(un_number="1294", controls=precursor("3-1")),
}
"""By the code of the rule, a goods line that needs its permit."""

_NUMBERS: Final = {
    PermitKind.HIGHLY_TOXIC_PASS: "320000123",
    PermitKind.WASTE_MANIFEST: "20263208000123",
}


def permit(code: str, **changes: object) -> PermitFacts:
    """Return a permit that is right for the goods of `NEEDING` in every respect."""
    form = FORMS[code]
    plain = PermitFacts(
        kind=form.kind,
        number=_NUMBERS.get(form.kind, "苏公危 2026-17"),
        provenance=Provenance.DOCUMENT,
        un_numbers=(NEEDING[code].un_number,),
        quantity_kg=Decimal(28000),
        plates=("苏H12345",) if form.names_vehicle else (),
        valid_from=TODAY,
        valid_until=TODAY,
        from_area_code="320800" if form.names_origin else "",
        to_area_code="321302",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def permit_trip(code: str, *permits: PermitFacts, **changes: object) -> Facts:
    """Return a trip with goods that need a permit, and with these permits."""
    return trip(**{"goods": (NEEDING[code],), "waybill": waybill(permits=permits), **changes})


def _permits(code: str) -> dict[Key, Facts]:
    form = FORMS[code]

    def changed(**changes: object) -> Facts:
        return permit_trip(code, permit(code, **changes))

    found = {
        "covered": changed(),
        "not_needed": trip(),
        "permit_missing": permit_trip(code),
        "goods_not_named": changed(un_numbers=("1202",)),
        "other_vehicle": changed(plates=("苏H99999",)),
        "not_yet_valid": changed(valid_from=TODAY + timedelta(days=1)),
        "expired": changed(valid_until=TODAY - timedelta(days=1)),
        "route_differs": changed(to_area_code="321400"),
        "quantity_exceeded": changed(quantity_kg=Decimal("27999.5")),
        "number_missing": changed(number=""),
        "goods_unknown": changed(un_numbers=()),
        "dates_unknown": changed(valid_until=None),
        "route_unknown": changed(to_area_code=""),
        "quantity_unknown": changed(quantity_kg=None),
        "no_goods": trip(goods=()),
    }
    if form.names_vehicle:
        found["vehicle_unknown"] = changed(plates=())
    if form.number is not None:
        reason = "number_malformed" if form.number_confirmed else "number_unsettled"
        found[reason] = changed(number="32000012")
    if form.kind is PermitKind.HIGHLY_TOXIC_PASS:
        found["need_unsettled"] = trip(goods=(goods(highly_toxic=Answer.ASK),))
    elif form.may_ask:
        entry = NEEDING[code].controls[0].entries[0]
        found["need_unsettled"] = trip(goods=(goods(controls=precursor(entry, Answer.ASK)),))
    return {(code, reason): facts for reason, facts in found.items()}


PERMIT_SCENARIOS: Final[Mapping[Key, Facts]] = {
    **{key: facts for code in FORMS for key, facts in _permits(code).items()},
    ("DOC-04.controls", "on_lists"): trip(goods=(goods(controls=precursor("3-1")),)),
    ("DOC-04.controls", "on_no_list"): trip(),
    ("DOC-04.controls", "not_settled"): trip(goods=(goods(controls=precursor("", Answer.ASK)),)),
    ("DOC-04.controls", "no_goods"): trip(goods=()),
}
