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
    "VEH-02.tractor": ("passed", "covered"),
    "VEH-02.trailer": ("passed", "covered"),
    "VEH-05.tractor": ("passed", "equal"),
    "VEH-05.trailer": ("passed", "equal"),
    "CAR-01.licence": ("passed", "valid"),
    "CAR-01.scope": ("passed", "covered"),
    "CAR-01.black_list": ("passed", "not_barred"),
    "DRV-01.licence": ("passed", "valid"),
    "DRV-01.qualification": ("passed", "valid"),
    "DRV-01.endorsement": ("not_applicable", "no_endorsement_needed"),
    "ESC-01.qualification": ("passed", "valid"),
    "ESC-01.not_driver": ("passed", "two_people"),
    "ESC-01.present": ("passed", "present"),
    "SUP-01.named": ("passed", "valid"),
    "SUP-01.employer": ("passed", "own_supervisor"),
    "TNK-01.inspection": ("passed", "valid"),
    "TNK-01.mounting": ("passed", "mounted"),
    "TNK-02.approved": ("passed", "approved"),
    "TNK-02.compartments": ("passed", "one_each"),
    "TNK-03.mass": ("passed", "within_limits"),
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
        *("HAND-02.before", "PLANT-01.before", "PLANT-01.advice_before"),
    }
)
"""Rules that cannot be asked in an office: at issue nobody has seen anything yet."""

AFTER_LOADING: Final[Table] = {
    "CAR-01.black_list": ("passed", "not_barred"),
    "AFTER-01.state": ("passed", "cleared"),
    "AFTER-01.quantity": ("passed", "within_plan"),
    "AFTER-01.mass": ("passed", "within_limits"),
    "AFTER-01.weighbridge": ("passed", "within_gross_mass"),
    "AFTER-01.seals": ("passed", "sealed"),
    "AFTER-01.times": ("passed", "in_order"),
    "AFTER-01.standing": ("passed", "in_good_standing"),
    "AFTER-01.photos": ("not_applicable", "low_risk"),
    "HAND-02.after": ("passed", "as_asked"),
    "PLANT-01.after": ("not_applicable", "no_items"),
    "PLANT-01.advice_after": ("not_applicable", "no_items"),
}
"""A clean trip after loading."""

TANK_CONTAINER: Final[Table] = {
    "TNK-01.mounting": ("not_applicable", "demountable"),
    "TNK-02.approved": ("passed", "code_permits"),
}
"""What a tank-container differs in from a tank that is fixed to its trailer."""

HIGHLY_TOXIC: Final[Table] = {
    "DRV-01.endorsement": ("passed", "endorsed"),
    "HAND-01.safety_board": ("passed", "as_asked"),
}
"""What highly toxic goods ask of a driver who has the endorsement, and of the vehicle."""

HIGH_RISK: Final[Table] = {"AFTER-01.photos": ("passed", "photos_taken")}
"""What high-risk goods ask of a release."""


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
