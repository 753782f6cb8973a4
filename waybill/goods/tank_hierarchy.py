"""Tank codes of an edition: what a tank may carry by its code, with the word that says why.

Source: ADR 2025, 4.3.3.1.2 (gases), 4.3.4.1.2 (liquids and solids); JT/T 617.3 uses the same codes.
The mark (M), a solid in a tank for liquids and the mark (+) are known from memory, not read: they
never lead to a yes on their own.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.gas_filling import CONDITION_WORDS, GasFilling, find_gas_fillings
from waybill.goods.tables import Row, table
from waybill.goods.tank_codes import Fit, TankCode, parse_tank_code

PhysicalState: TypeAlias = Literal["liquid", "solid", "gas", "ask"]
"""The state in which goods are carried; `ask` = not known."""

Answer: TypeAlias = tuple[Fit, str]

_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "liquid": frozenset("L"),
    "solid": frozenset("S"),
    "gas": frozenset("CPR"),
    "ask": frozenset("LSCPR"),
}
_OPENINGS: Final = "ABCD"
_CLOSINGS: Final = "VFNH"
_RECEPTACLES: Final = "(M)"
_RECEPTACLES_ONLY: Final = "receptacles_only"


def fit(
    tank_code: str,
    required: str,
    *,
    un_number: str,
    state: PhysicalState,
    edition: str,
    insulated: bool | None = None,
) -> Answer:
    """Say whether a tank may carry goods by its code, and why.

    Args:
        tank_code: on the tank's plate or certificate.
        required: the column of the goods list; of several codes those of `state` count.
        un_number: tells which gas it is where the column leaves the pressure open (x).
        state: in which the goods are carried. `ask`: only what holds for every code is an answer.
        edition: of the list.
        insulated: whether a tank for gases has thermal insulation; `None` = not known.

    Returns:
        `YES` with `same_code`, `higher_code`, `gas_pressure_met`. `NO` with `no_tank_code` (the
        list allows no tank), `other_kind`, `solid_tank_for_liquid`, `lower_code`,
        `pressure_too_low`, `receptacles_not_allowed`, `receptacles_only`. `UNKNOWN` with
        `code_unreadable`, `state_unknown`, `state_differs` (no code for that state),
        `only_if_named` (the mark (+): the type approval must name the goods),
        `liquid_tank_for_solid`, `left_out_of_table`, `own_pressure_unknown`, `not_in_table`,
        `insulation_unknown`, `variant_unknown`, `receptacles_only` and the words of
        `CONDITION_WORDS`.
    """
    needs = required.split()
    if not needs:
        return Fit.NO, "no_tank_code"
    try:
        own = parse_tank_code(tank_code)
        answers = {
            need: _judge(own, tank_code, need, un_number, insulated, edition) for need in needs
        }
    except ValueError:
        return Fit.UNKNOWN, "code_unreadable"
    counted = [answer for need, answer in answers.items() if need[0] in _KINDS[state]]
    if not counted:
        fitting = any(answer[0] is not Fit.NO for answer in answers.values())
        return (Fit.UNKNOWN, "state_differs") if fitting else _best(list(answers.values()))
    if len({answer[0] for answer in counted}) > 1:
        return (Fit.UNKNOWN, "state_unknown") if state == "ask" else _best(counted)
    return counted[0]


def rational_tank_code(entry: DangerousGoodsEntry, edition: str) -> tuple[str, ...] | None:
    """Return the tank codes that the groups of substances give the goods of a row.

    Several where the table has one for solids and one for liquids, or where a property decides
    that the list does not have (vapour toxicity, a footnote). Vapour pressure is read from
    special provisions 640C and 640D. `None`: no group has the row.

    Source: ADR 2025, 4.3.4.1.2 (rational approach).
    """
    group = entry.packing_group.value if entry.packing_group else ""
    codes = entry.classification_code.split("/")
    found = [
        row["code"]
        for row in table(edition, "tank_rational_approach")
        if row["hazard_class"] == entry.hazard_class
        and row["classification_code"] in codes
        and (not row["packing_groups"] or group in row["packing_groups"].split())
        and _holds(row["condition"], entry.special_provisions_adr)
    ]
    return tuple(dict.fromkeys(found)) or None


def _holds(condition: str, provisions: tuple[str, ...]) -> bool:
    """Whether a condition on vapour pressure is not known to fail; others are left open."""
    contrary = {"not_more_than_110_kpa": "640C", "more_than_110_kpa": "640D"}.get(condition)
    return contrary is None or contrary not in provisions


def _best(answers: list[Answer]) -> Answer:
    return min(answers, key=lambda answer: (Fit.YES, Fit.UNKNOWN, Fit.NO).index(answer[0]))


def _judge(  # noqa: PLR0917  the facts of `fit`, passed on
    own: TankCode,
    tank_code: str,
    required: str,
    un_number: str,
    insulated: bool | None,  # noqa: FBT001  passed on
    edition: str,
) -> Answer:
    need = parse_tank_code(required)
    if not (own.is_for_gas and need.is_for_gas):
        return _judge_substance(own, need, edition)
    refused = _refuse_gas_tank(own, need, edition)
    if refused:
        return Fit.NO, refused
    receptacles = tank_code.endswith(_RECEPTACLES)
    if receptacles and not required.endswith(_RECEPTACLES):
        return Fit.NO, "receptacles_not_allowed"
    if own.pressure_bar is None:
        return Fit.UNKNOWN, "own_pressure_unknown"
    if need.pressure_bar is not None:
        return _compare(own.pressure_bar, need.pressure_bar, same=own.base == need.base)
    rows = find_gas_fillings(un_number, edition)
    special = _judge_condition(rows, receptacles=receptacles)
    return special or _judge_pressure(rows, own.pressure_bar, insulated)


def _judge_substance(own: TankCode, need: TankCode, edition: str) -> Answer:
    """Compare the codes of liquids and solids."""
    refused = _refuse_tank(own, need)
    if refused:
        return Fit.NO, refused
    if need.alone:
        return Fit.UNKNOWN, "only_if_named"
    if own.kind != need.kind:
        return Fit.UNKNOWN, "liquid_tank_for_solid"
    if own.base == need.base:
        return Fit.YES, "same_code"
    groups = _others("liquids_and_solids", edition)
    left_out = own.base in groups and need.base in groups and need.base not in groups[own.base]
    return (Fit.UNKNOWN, "left_out_of_table") if left_out else (Fit.YES, "higher_code")


def _refuse_tank(own: TankCode, need: TankCode) -> str:
    """Return why a tank is not good enough, part by part; empty where it is."""
    if own.is_for_gas or need.is_for_gas:
        return "other_kind"
    if (own.kind, need.kind) == ("S", "L"):
        return "solid_tank_for_liquid"
    general = Decimal(0)
    enough = (
        (own.pressure_bar or general) >= (need.pressure_bar or general)
        and _OPENINGS.index(own.openings) >= _OPENINGS.index(need.openings)
        and _CLOSINGS.index(own.closing) >= _CLOSINGS.index(need.closing)
    )
    return "" if enough else "lower_code"


def _refuse_gas_tank(own: TankCode, need: TankCode, edition: str) -> str:
    if own.kind != need.kind:
        return "other_kind"
    wanted = f"{need.kind}{need.openings}{need.closing}"
    letters = f"{own.kind}{own.openings}{own.closing}"
    return "" if letters in _others("gases", edition).get(wanted, ()) else "lower_code"


def _judge_condition(rows: tuple[GasFilling, ...], *, receptacles: bool) -> Answer | None:
    """Return what follows where the table has no pressure; `None` where it has."""
    if not rows:
        return Fit.UNKNOWN, "not_in_table"
    words = [CONDITION_WORDS[row.condition] for row in rows if row.condition]
    if not words:
        return None
    alone = words[0] == _RECEPTACLES_ONLY and not receptacles
    return (Fit.NO if alone else Fit.UNKNOWN), words[0]


def _judge_pressure(
    rows: tuple[GasFilling, ...],
    own_bar: Decimal,
    insulated: bool | None,  # noqa: FBT001  passed on
) -> Answer:
    """Compare with the lowest pressure at which each variant may be filled at all."""
    lowest: dict[tuple[str, bool], Decimal] = {}
    for row in rows:
        for kind, needed in (
            (True, row.min_test_pressure_insulated_bar),
            (False, row.min_test_pressure_uninsulated_bar),
        ):
            if needed is not None and insulated in {None, kind}:
                key = (row.variant, kind)
                lowest[key] = min(needed, lowest.get(key, needed))
    if all(own_bar >= needed for needed in lowest.values()):
        return Fit.YES, "gas_pressure_met"
    if all(own_bar < needed for needed in lowest.values()):
        return Fit.NO, "pressure_too_low"
    one = len({variant for variant, _ in lowest}) == 1
    return Fit.UNKNOWN, "insulation_unknown" if one else "variant_unknown"


def _compare(own_bar: Decimal, need_bar: Decimal, *, same: bool) -> Answer:
    if own_bar < need_bar:
        return Fit.NO, "pressure_too_low"
    return Fit.YES, "same_code" if same else "higher_code"


def _others(subject: str, edition: str) -> Mapping[str, frozenset[str]]:
    """Return per code the codes that its table sets beside it (see `data/README.md`)."""
    rows: tuple[Row, ...] = table(edition, "tank_hierarchy")
    return {r["code"]: frozenset(r["others"].split()) for r in rows if r["subject"] == subject}
