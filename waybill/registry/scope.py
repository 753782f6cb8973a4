"""The scope (经营范围) of a licence or certificate, and whether it covers goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from waybill.registry.scope_parser import read_scope
from waybill.registry.scope_terms import Answer, GoodsFacts, Grant, Term, TermKind, matches
from waybill.registry.scope_words import may_restrict

__all__ = ["Answer", "Coverage", "CoverageReason", "GoodsFacts", "Scope", "parse_scope"]

_EXPLOSIVES: Final = "1"


class CoverageReason(StrEnum):
    """Why goods are covered, are not, or cannot be said to be."""

    COVERED = "covered"
    NOT_LISTED = "not-listed"
    EXCLUDED = "excluded"
    HIGHLY_TOXIC_EXCLUDED = "highly-toxic-excluded"
    HIGHLY_TOXIC_NOT_DECLARED = "highly-toxic-not-declared"
    HIGHLY_TOXIC_NOT_NAMED = "highly-toxic-not-named"
    DIVISION_NOT_NAMED = "division-not-named"
    NAME_NOT_SETTLED = "name-not-settled"
    WASTE_NOT_DECLARED = "waste-not-declared"
    OWN_ACCOUNT = "own-account"
    TANK_NOT_SETTLED = "tank-not-settled"
    NOTHING_NAMED = "nothing-named"
    AMBIGUOUS = "ambiguous"
    CONTRADICTION = "contradiction"
    UNPARSED = "unparsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether goods are covered, why, and the words of the scope that decided it."""

    answer: Answer
    reason: CoverageReason
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A scope, read. `unparsed` has the pieces that were not understood; they grant nothing."""

    text: str
    grants: tuple[Grant, ...]
    unparsed: tuple[str, ...]

    def covers(self, goods: GoodsFacts) -> Coverage:
        """Say whether goods may be carried under this scope.

        A class without its divisions covers all of them but for explosives and highly toxic
        goods: for those the division, the goods or 剧毒 must be named, else it is unknown. A grant
        for the holder's own goods (非经营性) covers nothing that is carried for hire, and whose
        the goods are must be known.

        Returns:
            `yes` only if a grant covers them, none excludes them and nothing that was not
            understood could; `no` only if all was understood; else `unknown`.
        """
        judged = [coverage for grant in self.grants if (coverage := _judge(grant, goods))]
        by_answer = {coverage.answer: coverage for coverage in reversed(judged)}
        covered, refused = by_answer.get(Answer.YES), by_answer.get(Answer.NO)
        if covered and refused:
            return _unknown(CoverageReason.CONTRADICTION, refused.clause)
        if covered:
            doubtful = next(filter(may_restrict, self.unparsed), None)
            return covered if doubtful is None else _unknown(CoverageReason.UNPARSED, doubtful)
        if Answer.UNKNOWN in by_answer:
            return by_answer[Answer.UNKNOWN]
        if self.unparsed:
            return _unknown(CoverageReason.UNPARSED, self.unparsed[0])
        return refused or Coverage(answer=Answer.NO, reason=CoverageReason.NOT_LISTED)


def parse_scope(text: str) -> Scope:
    """Read a scope as it is printed on a licence or certificate; any text can be read."""
    grants, unparsed = read_scope(text)
    return Scope(text=text, grants=grants, unparsed=unparsed)


_NOT_MATCHED: Final = {
    TermKind.DIVISION: CoverageReason.DIVISION_NOT_NAMED,
    TermKind.NAME: CoverageReason.NAME_NOT_SETTLED,
    TermKind.HIGHLY_TOXIC: CoverageReason.HIGHLY_TOXIC_NOT_DECLARED,
    TermKind.WASTE: CoverageReason.WASTE_NOT_DECLARED,
    TermKind.OPEN: CoverageReason.NOTHING_NAMED,
}
_NOT_EXCLUDED: Final = {
    **_NOT_MATCHED,
    TermKind.DIVISION: CoverageReason.AMBIGUOUS,
    TermKind.OPEN: CoverageReason.AMBIGUOUS,
}


def _judge(grant: Grant, goods: GoodsFacts) -> Coverage | None:
    """Judge one grant; `None` if it is about other goods."""
    matched = matches(grant.term, goods)
    named = [matches(term, goods) for term in grant.only] or [Answer.YES]
    if matched is Answer.NO or set(named) == {Answer.NO}:
        return None
    if grant.tank_only and goods.in_tank is False:
        return None
    for term in grant.excluded:
        if matches(term, goods) is Answer.YES:
            return Coverage(answer=Answer.NO, reason=_excluded_by(term), clause=term.text)
    return _doubt(grant, goods) or _judge_covered(grant, goods, matched, named)


def _judge_covered(
    grant: Grant, goods: GoodsFacts, matched: Answer, named: Sequence[Answer]
) -> Coverage:
    """Judge goods that nothing excludes; they match the grant, or may."""
    if matched is Answer.UNKNOWN:
        return _unknown(_NOT_MATCHED[grant.term.kind], grant.term.text)
    if Answer.YES not in named:
        return _unknown(CoverageReason.NAME_NOT_SETTLED, grant.term.text)
    if grant.own_account and not goods.own_account:
        return _unknown(CoverageReason.OWN_ACCOUNT, grant.term.text)
    if grant.tank_only and not goods.in_tank:
        return _unknown(CoverageReason.TANK_NOT_SETTLED, grant.term.text)
    if grant.term.kind is TermKind.CLASS and not grant.only:
        return _judge_whole_class(grant, goods)
    return Coverage(answer=Answer.YES, reason=CoverageReason.COVERED, clause=grant.term.text)


def _doubt(grant: Grant, goods: GoodsFacts) -> Coverage | None:
    for term in grant.excluded:
        if matches(term, goods) is Answer.UNKNOWN:
            return _unknown(_NOT_EXCLUDED[term.kind], term.text)
    for term in grant.perhaps:
        if matches(term, goods) is not Answer.NO:
            return _unknown(CoverageReason.AMBIGUOUS, term.text)
    return None


def _judge_whole_class(grant: Grant, goods: GoodsFacts) -> Coverage:
    if goods.class_digit == _EXPLOSIVES:
        return _unknown(CoverageReason.DIVISION_NOT_NAMED, grant.term.text)
    if goods.highly_toxic != "no":
        return _unknown(CoverageReason.HIGHLY_TOXIC_NOT_NAMED, grant.term.text)
    return Coverage(answer=Answer.YES, reason=CoverageReason.COVERED, clause=grant.term.text)


def _excluded_by(term: Term) -> CoverageReason:
    if term.kind is TermKind.HIGHLY_TOXIC:
        return CoverageReason.HIGHLY_TOXIC_EXCLUDED
    return CoverageReason.EXCLUDED


def _unknown(reason: CoverageReason, clause: str) -> Coverage:
    return Coverage(answer=Answer.UNKNOWN, reason=reason, clause=clause)
