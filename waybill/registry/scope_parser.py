"""Read the items of a scope (经营范围) as grants and what is taken away from them.

The rule everywhere: text that can be read in two ways grants nothing in either. A reading that
only might take something away is kept as such, and makes the answer unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from waybill.registry.scope_items import MAX_LENGTH, Item, split_items
from waybill.registry.scope_terms import Grant, Term, TermKind
from waybill.registry.scope_words import (
    HEAD,
    OWN_ACCOUNT,
    REMARK,
    TANK_ONLY,
    UNRELATED,
    class_term,
    excluded_terms,
    is_closed_exclusion,
    name_term,
    normalise,
    only_terms,
    settled,
    special_term,
)

_NAMED: Final = frozenset({TermKind.NAME, TermKind.NUMBERS})


@dataclass(slots=True)
class Reading:
    """What a list of items says; all but `grants` binds to what stands around the list."""

    grants: list[Grant] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    perhaps: list[Term] = field(default_factory=list)
    only: list[Term] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)
    tank_only: bool = False
    own_account: bool = False

    def narrow(self, grants: Iterable[Grant]) -> list[Grant]:
        """Return grants with the limits that hold for the whole list."""
        return [
            replace(
                grant,
                tank_only=grant.tank_only or self.tank_only,
                own_account=grant.own_account or self.own_account,
            )
            for grant in grants
        ]


def read_scope(text: str) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Return the grants of a scope and the pieces that were not understood.

    Brackets that do not match hide where an exclusion ends, so then nothing is granted at all.
    """
    items = split_items(normalise(text)) if len(text) <= MAX_LENGTH else None
    if items is None:
        return (), (text,)
    reading = _read_list(items, within="", top=True)
    grants = _take_away(
        reading.grants, reading.excluded, [*reading.perhaps, *map(_doubted, reading.only)]
    )
    return tuple(reading.narrow(grants)), tuple(reading.unparsed)


def _read_list(items: Sequence[Item], *, within: str, top: bool) -> Reading:
    """Read items side by side; `within` is the class that bare divisions belong to."""
    reading = Reading()
    spans: list[tuple[Item, slice]] = []
    for item in items:
        start = len(reading.grants)
        term = class_term(item.text, within=within)
        if term:
            # 3项 behind 2.1项 may be 2.3 or class 3.
            within = "" if "." in item.text else term.hazard_class
        _read_item(item, term, reading, top=top)
        spans.append((item, slice(start, len(reading.grants))))
    _doubt_neighbours(spans, reading)
    _follow_own_account(spans, reading)
    return reading


def _read_item(item: Item, numbered: Term | None, reading: Reading, *, top: bool) -> None:
    """Add what one item says to the reading of its list."""
    text = item.text
    inside = numbered.hazard_class if numbered else ""
    inner = [_read_list(group, within=inside, top=False) for group in item.groups]
    term = numbered or special_term(text)
    if not text:
        _merge(reading, inner)
    elif HEAD.fullmatch(text):
        _read_head(item, inner, reading)
    elif term:
        _read_term(item, term, inner, reading)
    elif inner or not _read_limit(text, reading, top=top):
        _read_words(item, inner, reading, top=top)


def _read_limit(text: str, reading: Reading, *, top: bool) -> bool:
    """Read words that hold for the list as a whole; say whether they are such words."""
    if OWN_ACCOUNT.fullmatch(text):
        reading.own_account = True
    elif not top and TANK_ONLY.fullmatch(text):
        reading.tank_only = True
    else:
        return REMARK.fullmatch(text) is not None
    return True


def _read_words(item: Item, inner: Sequence[Reading], reading: Reading, *, top: bool) -> None:
    """Read an exclusion, a narrowing, a name, or words about something else."""
    text = item.text
    excluded = excluded_terms(text)
    only = only_terms(text)
    if excluded is not None:
        reading.excluded += excluded
        reading.excluded += [_open(item.written())] if inner else []
    elif only is not None and (inner or reading.grants):
        # 汽油,仅限柴油 may narrow what stands before it, or go on with it.
        reading.perhaps.append(_open(item.written()))
    elif only is not None:
        reading.only += only
    elif not top and not inner and (name := name_term(text)):
        reading.grants.append(Grant(term=name))
    elif not UNRELATED.fullmatch(text):
        reading.unparsed.append(item.written())


def _merge(reading: Reading, inner: Iterable[Reading]) -> None:
    for group in inner:
        reading.grants += group.grants
        reading.excluded += group.excluded
        reading.perhaps += group.perhaps
        reading.only += group.only
        reading.unparsed += group.unparsed
        reading.tank_only |= group.tank_only
        reading.own_account |= group.own_account


def _read_head(item: Item, inner: Sequence[Reading], reading: Reading) -> None:
    """Read 危险货物运输 (…)(…): lists of grants and of exclusions that hold for all of them."""
    own_account = item.text.startswith("非")
    together = Reading(own_account=own_account and bool(inner))
    # Without a list of its own it speaks of what stands around it.
    reading.own_account |= own_account and not inner
    _merge(together, _narrowed(inner))
    grants = together.grants or [Grant(term=Term(kind=TermKind.OPEN, text=item.written()))]
    perhaps = [*together.perhaps, *map(_doubted, together.only), *_remarks(inner)]
    reading.grants += together.narrow(_take_away(grants, together.excluded, perhaps))
    reading.unparsed += together.unparsed


def _narrowed(inner: Sequence[Reading]) -> Sequence[Reading]:
    """Return the lists of a head; one that says 仅限汽油 narrows the others, or grants alone."""
    narrowing = [group for group in inner if group.only]
    if len(narrowing) != 1 or not _names_alone(narrowing[0]):
        return inner
    names = (*narrowing[0].only, *(grant.term for grant in narrowing[0].grants))
    others = [group for group in inner if group is not narrowing[0]]
    grants = [grant for group in others for grant in group.grants]
    if not grants:
        return [*others, replace(narrowing[0], only=[], grants=[Grant(term=t) for t in names])]
    if any(grant.only for grant in grants):
        return inner
    for group in others:
        group.grants = [replace(grant, only=names) for grant in group.grants]
    return others


def _names_alone(group: Reading) -> bool:
    terms = (*group.only, *(grant.term for grant in group.grants))
    named = all(term.kind in _NAMED for term in terms) and not all(map(_is_strange, terms))
    return named and not (group.excluded or group.perhaps or group.unparsed)


def _remarks(inner: Sequence[Reading]) -> list[Term]:
    """Return doubts for lists beside the grants in which no word is known: (3类)(试点)."""
    if len(inner) == 1:
        return []
    doubts = []
    for group in inner:
        if all(_is_strange(grant.term) for grant in group.grants):
            doubts += [_open(grant.term.text) for grant in group.grants]
            doubts += [_open(text) for text in group.unparsed]
    return doubts


def _is_strange(term: Term) -> bool:
    return settled(term).kind is TermKind.OPEN


def _doubted(only: Term) -> Term:
    """Return the doubt that a narrowing (仅限) leaves where it is open what it narrows."""
    return _open(only.text)


def _open(text: str) -> Term:
    return Term(kind=TermKind.OPEN, text=text)


def _read_term(item: Item, term: Term, inner: Sequence[Reading], reading: Reading) -> None:
    """Read 2类(…): divisions, names that narrow it, or exclusions of its own."""
    together = Reading()
    _merge(together, inner)
    grants, doubts = _within_term(item, term, together)
    doubts += [_open(text) for text in together.unparsed]
    reading.unparsed += together.unparsed
    reading.own_account |= together.own_account
    # What is taken from the last item of a list may have been meant for those before it, too.
    earlier = _take_away(reading.grants, (), together.excluded)
    own = _take_away(grants, together.excluded, [*together.perhaps, *doubts])
    reading.grants[:] = [*earlier, *together.narrow(own)]


def _within_term(item: Item, term: Term, together: Reading) -> tuple[list[Grant], list[Term]]:
    """Return what 2类(…) grants, and the doubts that its list leaves."""
    kinds = {grant.term.kind for grant in together.grants}
    if (not kinds and not together.only) or _is_gloss(term, together):
        return [Grant(term=term)], []
    if kinds == {TermKind.DIVISION} and not together.only and term.kind is TermKind.CLASS:
        foreign = [g.term for g in together.grants if g.term.hazard_class != term.hazard_class]
        return together.grants, foreign
    named = (*together.only, *(grant.term for grant in together.grants))
    if kinds <= _NAMED and not all(map(_is_strange, named)):
        return [Grant(term=term, only=named)], []
    return [Grant(term=term)], [_open(item.written())]


def _is_gloss(term: Term, together: Reading) -> bool:
    """Whether a list only says in words what the number says: 3类(易燃液体)."""
    same = [
        grant == Grant(term=grant.term)
        and (grant.term.hazard_class, grant.term.division) == (term.hazard_class, term.division)
        for grant in together.grants
    ]
    return bool(same) and all(same) and bool(term.hazard_class) and not together.only


def _take_away(
    grants: Iterable[Grant], excluded: Iterable[Term], perhaps: Iterable[Term]
) -> list[Grant]:
    surely, maybe = tuple(excluded), tuple(perhaps)
    return [
        replace(g, excluded=(*g.excluded, *surely), perhaps=(*g.perhaps, *maybe)) for g in grants
    ]


def _doubt_neighbours(spans: Sequence[tuple[Item, slice]], reading: Reading) -> None:
    """Doubt items beside an exclusion of the same kind: 爆炸品,剧毒化学品除外 may exclude both.

    Of different kind are numbers and words: 2类1项,3类,剧毒化学品除外 excludes 剧毒 alone.
    """
    for position, (item, _) in enumerate(spans):
        excluded = excluded_terms(item.text)
        if excluded is None or is_closed_exclusion(item.text):
            continue
        numbered = {_is_numbered(term) for term in excluded}
        leading = item.text.endswith(("外", "不含"))
        beside = spans[:position][::-1] if leading else spans[position + 1 :]
        for _, span in beside:
            grants = reading.grants[span]
            if not grants or {_is_numbered(grant.term) for grant in grants} != numbered:
                break
            reading.grants[span] = [
                replace(grant, perhaps=(*grant.perhaps, grant.term)) for grant in grants
            ]
            reading.perhaps += [settled(grant.term) for grant in grants]


def _follow_own_account(spans: Sequence[tuple[Item, slice]], reading: Reading) -> None:
    """Take what follows a head for own account as its continuation, up to the next head."""
    own_account = False
    for item, span in spans:
        if HEAD.fullmatch(item.text):
            own_account = item.text.startswith("非")
        elif own_account:
            grants = reading.grants[span]
            reading.grants[span] = [replace(grant, own_account=True) for grant in grants]


def _is_numbered(term: Term) -> bool:
    return term.text.strip("第")[:1].isdigit()
