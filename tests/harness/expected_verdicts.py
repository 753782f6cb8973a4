"""What the rules say of a clean trip, once; every case is this table with its own differences."""

from collections.abc import Mapping
from typing import Any, Final

Said = tuple[str, str]
"""Outcome and reason."""
Table = Mapping[str, Said]
"""What each rule said, by code."""

CLEAN: Final[Table] = {
    "GDS-01.carriage": ("passed", "allowed"),
    "GDS-01.mode": ("passed", "tank"),
    "VEH-01.tractor": ("passed", "valid"),
    "VEH-01.trailer": ("passed", "valid"),
    "VEH-05.tractor": ("passed", "equal"),
    "VEH-05.trailer": ("passed", "equal"),
    "VEH-02.tractor": ("passed", "covered"),
    "VEH-02.trailer": ("passed", "covered"),
    "VEH-03.tractor_inspection": ("passed", "valid"),
    "VEH-03.trailer_inspection": ("passed", "valid"),
    "VEH-03.insurance": ("passed", "valid"),
    "VEH-04.tank_carriage": ("passed", "approved"),
    "VEH-04.packages": ("not_applicable", "none_asked"),
    "VEH-06.positioning": ("passed", "seen"),
    "CAR-01.licence": ("passed", "valid"),
    "CAR-01.scope": ("passed", "covered"),
    "CAR-01.black_list": ("passed", "not_barred"),
    "DRV-01.licence": ("passed", "valid"),
    "DRV-01.qualification": ("passed", "valid"),
    "DRV-01.endorsement": ("not_applicable", "no_endorsement_needed"),
    "ESC-01.qualification": ("passed", "valid"),
    "ESC-01.not_driver": ("passed", "two_people"),
    "DRV-01.licence_class": ("passed", "class_fits"),
    "ESC-01.endorsement": ("not_applicable", "no_endorsement_needed"),
    "ESC-01.present": ("passed", "present"),
    "SUP-01.named": ("passed", "valid"),
    "SUP-01.employer": ("passed", "own_supervisor"),
    "TNK-01.inspection": ("passed", "valid"),
    "TNK-01.mounting": ("passed", "mounted"),
    "TNK-02.approved": ("passed", "approved"),
    "TNK-02.compartments": ("passed", "one_each"),
    "TNK-03.mass": ("passed", "within_limits"),
    "TNK-03.filling": ("passed", "within_filling"),
    "TNK-03.surge": ("not_applicable", "small_sections"),
    "TNK-03.volume": ("not_applicable", "no_capped_goods"),
    "TNK-04.last_cargo": ("passed", "same_goods"),
    "DOC-01.signature": ("passed", "genuine"),
    "DOC-01.state": ("passed", "issued"),
    "DOC-01.dates": ("passed", "today"),
    "DOC-01.loader": ("passed", "here"),
    "DOC-02.tractor": ("passed", "equal"),
    "DOC-02.trailer": ("passed", "equal"),
    "DOC-02.tank": ("passed", "equal"),
    "DOC-02.driver": ("passed", "equal"),
    "DOC-02.escort": ("passed", "equal"),
    "DOC-02.goods": ("passed", "equal"),
    "DOC-02.ownership": ("passed", "one_carrier"),
    "DOC-03.emergency_phone": ("passed", "given"),
    "DOC-03.consignment_list": ("passed", "as_asked"),
    "DOC-03.instructions_in_writing": ("passed", "as_asked"),
    "DOC-03.safety_data_sheet": ("passed", "as_asked"),
    "DOC-04.highly_toxic": ("not_applicable", "not_needed"),
    "DOC-04.civil_explosives": ("not_applicable", "not_needed"),
    "DOC-04.fireworks": ("not_applicable", "not_needed"),
    "DOC-04.radioactive": ("not_applicable", "not_needed"),
    "DOC-04.waste_manifest": ("not_applicable", "not_needed"),
    "DOC-04.drug_precursor": ("not_applicable", "not_needed"),
    "DOC-04.drug_precursor_record": ("not_applicable", "not_needed"),
    "DOC-04.controls": ("passed", "on_lists"),
    "MIX-01.labels": ("not_applicable", "nothing_beside"),
    "MIX-01.compatibility": ("not_applicable", "no_two_explosives"),
    "MIX-01.explosive_mass": ("not_applicable", "no_explosives"),
    "MIX-01.limited_with_explosives": ("not_applicable", "no_limited"),
    "MIX-01.foodstuffs": ("not_applicable", "none_to_keep_apart"),
    "MIX-02.limited": ("not_applicable", "none_declared"),
    "MIX-02.excepted": ("not_applicable", "none_declared"),
    "MIX-02.points": ("not_applicable", "not_in_packages"),
    "MIX-02.tunnels": ("passed", "closed"),
    "HAND-01.orange_plates": ("passed", "as_asked"),
    "HAND-01.placards": ("passed", "as_asked"),
    "HAND-01.marks": ("not_applicable", "not_asked"),
    "HAND-01.safety_board": ("not_applicable", "not_asked"),
    "HAND-02.before": ("passed", "as_asked"),
    "PLANT-01.before": ("not_applicable", "no_items"),
    "PLANT-01.advice_before": ("not_applicable", "no_items"),
}
"""A clean petrol trip at the bay, before loading, everything scanned and seen."""

AT_BAY_ONLY: Final = frozenset(
    {
        *("VEH-05.tractor", "VEH-05.trailer", "ESC-01.present", "SUP-01.named", "SUP-01.employer"),
        *("DOC-01.signature", "DOC-01.state", "DOC-01.loader"),
        *("DOC-02.tractor", "DOC-02.trailer", "DOC-02.tank", "DOC-02.driver", "DOC-02.escort"),
        "DOC-02.goods",
        *("DOC-03.consignment_list", "DOC-03.instructions_in_writing", "DOC-03.safety_data_sheet"),
        *("HAND-01.orange_plates", "HAND-01.placards", "HAND-01.marks", "HAND-01.safety_board"),
        *("HAND-02.before", "PLANT-01.before", "PLANT-01.advice_before", "VEH-06.positioning"),
    }
)
"""Rules that cannot be asked in an office: at issue nobody has seen anything yet."""

AFTER_LOADING: Final[Table] = {
    "CAR-01.black_list": ("passed", "not_barred"),
    "AFTER-01.filling": ("passed", "within_filling"),
    "AFTER-01.surge": ("not_applicable", "small_sections"),
    "HAND-02.after": ("passed", "as_asked"),
    "PLANT-01.after": ("not_applicable", "no_items"),
    "PLANT-01.advice_after": ("not_applicable", "no_items"),
    "AFTER-01.state": ("passed", "cleared"),
    "AFTER-01.quantity": ("passed", "within_plan"),
    "AFTER-01.mass": ("passed", "within_limits"),
    "AFTER-01.weighbridge": ("passed", "within_gross_mass"),
    "AFTER-01.seals": ("passed", "sealed"),
    "AFTER-01.photos": ("not_applicable", "low_risk"),
    "AFTER-01.times": ("passed", "in_order"),
    "AFTER-01.standing": ("passed", "in_good_standing"),
}
"""A clean trip after loading."""

TANK_CONTAINER: Final[Table] = {
    "TNK-01.mounting": ("not_applicable", "demountable"),
    "TNK-02.approved": ("passed", "fits"),
    "TNK-03.filling": ("passed", "within_filling_mass"),
    "TNK-03.volume": ("not_applicable", "tank_excepted"),
}
"""What a tank-container differs in from a tank that is fixed to its trailer."""

HIGHLY_TOXIC: Final[Table] = {
    "DRV-01.endorsement": ("passed", "endorsed"),
    "ESC-01.endorsement": ("passed", "endorsed"),
    "DOC-04.highly_toxic": ("passed", "covered"),
    "HAND-01.safety_board": ("passed", "as_asked"),
}
"""What highly toxic goods ask of a driver who has the endorsement, and of the vehicle."""

HIGH_RISK: Final[Table] = {
    "AFTER-01.filling": ("passed", "within_filling_mass"),
    "AFTER-01.photos": ("passed", "photos_taken"),
}
"""What chlorine, a gas of high risk, asks of a release."""


def clean_but(*differences: Table) -> Table:
    """Return the clean table with the differences of a case.

    Raises:
        KeyError: a difference names a rule that the clean table does not have.
    """
    return _changed(CLEAN, differences)


def at_issue(*differences: Table) -> Table:
    """Return what is said in the office: the clean table without what only a bay can show."""
    office = {code: said for code, said in CLEAN.items() if code not in AT_BAY_ONLY}
    of_office = tuple(
        {code: said for code, said in each.items() if code not in AT_BAY_ONLY}
        for each in differences
    )
    return _changed(office, of_office)


def after_loading_but(*differences: Table) -> Table:
    """Return the clean table of a release with the differences of a case."""
    return _changed(AFTER_LOADING, differences)


def said(findings: list[dict[str, Any]]) -> Table:
    """Return what the findings of an answer say.

    Raises:
        AssertionError: a rule answered twice.
    """
    told = {finding["code"]: (finding["outcome"], finding["reason"]) for finding in findings}
    if len(told) != len(findings):
        raise AssertionError([finding["code"] for finding in findings])
    return told


def _changed(table: Table, differences: tuple[Table, ...]) -> Table:
    changed = dict(table)
    for difference in differences:
        if unknown := difference.keys() - table.keys():
            raise KeyError(sorted(unknown))
        changed |= difference
    return changed
