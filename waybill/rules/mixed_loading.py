"""MIX-01: what may travel side by side on one unit, by labels and by compatibility groups.

The law compares packages on one vehicle or in one container. A unit is taken as one space: that
goods stand in separate containers on it is not declared, so it never relieves.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import combinations
from typing import Final, TypeAlias

from waybill.codec import JsonValue
from waybill.goods.explosives import may_load_explosives_together
from waybill.goods.mixed_loading import Load, Together, may_load_together
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
)
from waybill.rules.classification import find_hazard_class, is_explosive, subject_lines
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import (
    Judgement,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)

Pair: TypeAlias = tuple[GoodsFacts, GoodsFacts]
_Asking: TypeAlias = Callable[[Load, Load, str], tuple[Together, str]]

AS_EXPLOSIVES: Final = "d"
"""The note under which explosives and nitrates together are treated as blasting explosives."""

_BY_GROUPS: Final = "class1"
_EXPLOSIVE_HAZARDS: Final = frozenset({"1", "1.4", "1.5", "1.6"})


def check_labels(facts: Facts, _at: datetime) -> Finding:
    """Refuse goods whose labels may not stand on one vehicle.

    Every two goods lines are compared, subsidiary hazards too. Packages beside a tank and goods in
    bulk are judged as packages are. Two compartments of tanks are not packages side by side, so
    the table asks nothing of them; explosives it is asked about in any case. Two explosives are
    for `check_compatibility`. Lines of limited or excepted quantities are compared as ordinary
    goods, which is stricter than article 20 of Order 29. Goods without labels in the list stand
    beside others as long as none of them can have the hazard of an explosive.

    Source: JT/T 617.6; ADR 2025, 7.5.2.1. How the table is read for tanks is not confirmed.
    """
    if not facts.goods:
        return LABELS.finding(*unknown("no_goods"))
    pairs = pairs_beside(facts)
    if not pairs:
        return LABELS.finding(*not_applicable("nothing_beside"))
    # Twenty lines are 190 pairs, but seldom of twenty different goods.
    ask = cache(may_load_together)
    return LABELS.finding(*worst(_judge_labels(*pair, ask) for pair in pairs))


def pairs_beside(facts: Facts) -> tuple[Pair, ...]:
    """Return every two goods lines that stand side by side, by position."""
    return tuple(
        (one, other)
        for one, other in combinations(subject_lines(facts), 2)
        if not (_in_tank(one) and _in_tank(other))
    )


def _in_tank(line: GoodsFacts) -> bool:
    """Whether a line is in a tank and surely not an explosive."""
    return line.mode is CarriageMode.TANK and find_hazard_class(line) not in (None, "1")


def _judge_labels(one: GoodsFacts, other: GoodsFacts, ask: _Asking) -> Judgement:
    loads = _load(one), _load(other)
    answers = {ask(*loads, edition) for edition in _list_editions(one, other)}
    return worst(_by_answer(one, other, *answer) for answer in sorted(answers))


def _by_answer(one: GoodsFacts, other: GoodsFacts, together: Together, note: str) -> Judgement:
    if note == _BY_GROUPS and is_explosive(one) and is_explosive(other):
        return not_applicable("groups_decide", **_about(one, other))
    return _by_label(one, other, together, note)


def _by_label(one: GoodsFacts, other: GoodsFacts, together: Together, note: str) -> Judgement:
    about = _about(one, other)
    if together is Together.NO:
        return failed("prohibited", **about)
    if together is Together.UNKNOWN and note == AS_EXPLOSIVES:
        return unknown("name_unsettled", **about)
    if together is Together.UNKNOWN and not (_never_explosive(one) and _never_explosive(other)):
        return unknown("label_unknown", **about)
    if note == AS_EXPLOSIVES:
        return passed("as_explosives", **about)
    by_note = together is Together.YES and note != ""
    return passed("by_note", **about, note=note) if by_note else passed("together", **about)


def compare(one: GoodsFacts, other: GoodsFacts, edition: str) -> tuple[Together, str]:
    """Return what the table of an edition of the list says of two goods lines, and why."""
    return may_load_together(_load(one), _load(other), edition)


def _load(line: GoodsFacts) -> Load:
    return Load(
        un_number=line.un_number,
        labels=line.labels,
        classification_code=line.classification_code,
    )


def _by_group(line: GoodsFacts) -> Load:
    """Return an explosive for the table by its group alone, whatever its labels are."""
    return Load(
        un_number=line.un_number,
        labels=("1",),
        classification_code=line.classification_code,
    )


def _never_explosive(line: GoodsFacts) -> bool:
    """Whether goods are of a known class and have no hazard that the table keeps apart."""
    hazards = {*line.labels, *line.subsidiary_hazards}
    known = find_hazard_class(line) not in (None, "1")
    return known and _EXPLOSIVE_HAZARDS.isdisjoint(hazards)


def check_compatibility(facts: Facts, _at: datetime) -> Finding:
    """Refuse explosives whose compatibility groups may not stand on one vehicle.

    Groups B and D ask for separate compartments or a containment system that an authority has
    approved: nothing declares that, so it is unknown. Group L stands only beside goods of the same
    type, which one n.o.s. entry does not show.

    Source: JT/T 617.6; ADR 2025, 7.5.2.2 with its notes.
    """
    pairs = [pair for pair in pairs_beside(facts) if all(map(is_explosive, pair))]
    if not pairs:
        return COMPATIBILITY.finding(*not_applicable("no_two_explosives"))
    return COMPATIBILITY.finding(*worst(_judge_groups(*pair) for pair in pairs))


def _judge_groups(one: GoodsFacts, other: GoodsFacts) -> Judgement:
    return worst(_judge_groups_by(one, other, edition) for edition in _list_editions(one, other))


def _judge_groups_by(one: GoodsFacts, other: GoodsFacts, edition: str) -> Judgement:
    codes = one.classification_code, other.classification_code
    same_goods = one.un_number == other.un_number
    together, note = may_load_explosives_together(*codes, edition, same_goods=same_goods)
    about: dict[str, JsonValue] = _about(one, other) | {"codes": list(codes)}
    if together is Together.NO:
        return failed("incompatible", **about)
    if note == "1":
        return unknown("apart_only", **about)
    if together is Together.UNKNOWN:
        return unknown("group_unknown", **about)
    if may_load_together(_by_group(one), _by_group(other), edition)[0] is Together.UNKNOWN:
        return unknown("type_unsettled", **about)
    return passed("by_note", **about, note=note) if note else passed("compatible", **about)


def _list_editions(one: GoodsFacts, other: GoodsFacts) -> tuple[str, ...]:
    """Return the editions whose tables are asked: each line's, so the stricter answer counts."""
    return tuple(sorted({one.list_edition, other.list_edition}))


def _about(one: GoodsFacts, other: GoodsFacts) -> dict[str, JsonValue]:
    return {
        "un_numbers": [one.un_number, other.un_number],
        "positions": [one.position, other.position],
    }


_UNREAD_617_6: Final = "JT/T 617.6 was not read; its tables are taken as those of ADR 2025, 7.5.2."

LABELS: Final = Rule(
    code="MIX-01.labels",
    version=1,
    title_zh="混合装载（按危险性标志）",
    title_en="Mixed loading by labels",
    basis=(jtt_617("6"), adr("7.5.2.1")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=f"{_UNREAD_617_6} That two tank compartments are outside them is our reading.",
    reasons={
        "together": Outcome.PASSED,
        "by_note": Outcome.PASSED,
        "as_explosives": Outcome.PASSED,
        "nothing_beside": Outcome.NOT_APPLICABLE,
        "groups_decide": Outcome.NOT_APPLICABLE,
        "prohibited": Outcome.FAILED,
        "name_unsettled": Outcome.UNKNOWN,
        "label_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    check=check_labels,
    reads=(
        "goods.labels",
        "goods.un_number",
        "goods.division",
        "goods.classification_code",
        "goods.subsidiary_hazards",
        "goods.mode",
        "goods.list_edition",
        "goods.list_status",
        "goods.not_subject_declared",
    ),
)
COMPATIBILITY: Final = Rule(
    code="MIX-01.compatibility",
    version=1,
    title_zh="爆炸品配装组",
    title_en="Compatibility groups of explosives",
    basis=(jtt_617("6"), adr("7.5.2.2")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD_617_6,
    reasons={
        "compatible": Outcome.PASSED,
        "by_note": Outcome.PASSED,
        "no_two_explosives": Outcome.NOT_APPLICABLE,
        "incompatible": Outcome.FAILED,
        "apart_only": Outcome.UNKNOWN,
        "group_unknown": Outcome.UNKNOWN,
        "type_unsettled": Outcome.UNKNOWN,
    },
    check=check_compatibility,
    reads=(
        "goods.classification_code",
        "goods.division",
        "goods.un_number",
        "goods.list_edition",
    ),
)
RULES: Final = (LABELS, COMPATIBILITY)
