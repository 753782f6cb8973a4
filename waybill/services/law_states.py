"""Two states of the law, and the same facts under either."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from waybill.errors import FieldProblem, InvalidFieldError
from waybill.goods.catalogue import GoodsList, UnknownEditionError, UnknownEntryError, catalogue
from waybill.rules.assess import Assessment, assess
from waybill.rules.facts import Facts, GoodsFacts
from waybill.rules.figures import UnknownFigureError, figures_in_force
from waybill.rules.finding import Finding, Phase
from waybill.rules.register import EDITIONS, current_edition
from waybill.services.goods_facts import goods_line
from waybill.services.waybills.draft import DraftGoods

UNLISTED = "unlisted"
"""Status of a goods line whose row the other list does not have: unknown to every rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawState:
    """What holds on a day: rules of an edition of the register, goods list, figures."""

    on: date
    edition: str
    goods_list: GoodsList
    figures: str

    @property
    def list_edition(self) -> str:
        """The name of the edition of the goods list."""
        return self.goods_list.edition.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A rule that says something else; `None`: it is not asked under that law."""

    code: str
    before: Finding | None
    after: Finding | None


def law_on(on: date, edition: str | None = None) -> LawState:
    """Return the law of a day, by an edition of the register (the newest).

    Raises:
        InvalidFieldError: there is no such edition, or no goods list or figures hold on that day.
    """
    wanted = edition or current_edition()
    if wanted not in {known.id for known in EDITIONS}:
        raise InvalidFieldError([_problem("/edition", "没有这个规则版本。", "No such edition.")])
    try:
        return LawState(
            on=on, edition=wanted, goods_list=catalogue(on), figures=figures_in_force(on).name
        )
    except (UnknownEditionError, UnknownFigureError):
        words = ("该日没有有效的一览表或数值。", "No goods list or figures hold on that day.")
        raise InvalidFieldError([_problem("/on", *words)]) from None


def under(facts: Facts, law: LawState) -> Facts:
    """Return facts with what a law says of the goods; papers and records stay as they are."""
    goods = tuple(_listed(line, law.goods_list) for line in facts.goods)
    return replace(facts, goods=goods, figures=law.figures)


def _listed(line: GoodsFacts, goods_list: GoodsList) -> GoodsFacts:
    """Return a goods line as another list describes it."""
    declared = {
        name: getattr(line, name) for name in DraftGoods.__struct_fields__ if hasattr(line, name)
    }
    try:
        return goods_line(line.position, DraftGoods(**declared), goods_list)
    except UnknownEntryError:
        name = goods_list.edition.name
        return replace(
            line,
            list_edition=name,
            list_status=UNLISTED,
            tank_code="",
            portable_tank_instruction="",
            bulk_provisions=(),
        )


def changes(facts: Facts, before: LawState, after: LawState, *, at: datetime) -> tuple[Change, ...]:
    """Return what changes for a trip between two laws, judged at one moment, by code.

    What neither stood nor stands is no change, whatever its words.
    """
    first, second = (_judged(facts, law, at) for law in (before, after))
    return tuple(
        Change(code=code, before=first.get(code), after=second.get(code))
        for code in dict.fromkeys((*first, *second))
        if _differs(first.get(code), second.get(code))
    )


def _judged(facts: Facts, law: LawState, at: datetime) -> dict[str, Finding]:
    said: Assessment = assess(
        under(facts, law), at=at, phase=Phase.DAY_BEFORE, edition=law.edition, law_on=law.on
    )
    return {finding.code: finding for finding in said.findings}


def _differs(before: Finding | None, after: Finding | None) -> bool:
    standing = [found for found in (before, after) if found is not None and found.stands]
    if not standing:
        return False
    return before is None or after is None or _answer(before) != _answer(after)


def _answer(finding: Finding) -> tuple[str, str]:
    return finding.outcome, finding.reason


def _problem(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code="unknown-reference", message_zh=zh, message_en=en)
