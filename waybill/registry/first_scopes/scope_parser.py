"""Take the text of a scope (经营范围) apart: brackets, items, grants, exclusions.

The rule everywhere: text that can be read in two ways grants nothing in either. A reading that
only might take something away is kept as such, and makes the answer unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from waybill.registry.first_scopes.scope_terms import Grant, Term, TermKind
from waybill.registry.first_scopes.scope_words import (
    HEAD,
    UNRELATED,
    class_term,
    excluded_terms,
    is_closed_exclusion,
    name_term,
    normalise,
    only_terms,
    special_term,
)

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 6

_NAMED: Final = frozenset({TermKind.NAME, TermKind.NUMBERS})


@dataclass(slots=True)
class Item:
    """Words between two commas, with the bracketed lists that follow them."""

    text: str = ""
    groups: list[list["Item"]] = field(default_factory=list)

    def written(self) -> str:
        """Return the item as it was written, with its lists."""
        lists = (",".join(item.written() for item in group) for group in self.groups)
        return self.text.replace("|", ",") + "".join(f"({inner})" for inner in lists)


@dataclass(slots=True)
class Reading:
    """What a list of items says; `excluded` and `perhaps` bind to what stands around the list."""

    grants: list[Grant] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    perhaps: list[Term] = field(default_factory=list)
    only: list[Term] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)


def read_scope(text: str) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Return the grants of a scope and the pieces that were not understood.

    Brackets that do not match hide where an exclusion ends, so then nothing is granted at all.
    """
    items = _split(normalise(text)) if len(text) <= MAX_LENGTH else None
    if items is None:
        return (), (text,)
    reading = _read_list(items, within="", top=True)
    grants = _take_away(reading.grants, reading.excluded, [*reading.perhaps, *reading.only])
    return tuple(grants), tuple(reading.unparsed)


def _split(text: str) -> list[Item] | None:
    """Build the tree of items; `None` for brackets that do not match or nest too deeply."""
    stack: list[list[Item]] = [[Item()]]
    for character in text:
        current = stack[-1]
        if character == "(":
            if len(stack) > MAX_DEPTH:
                return None
            stack.append([Item()])
        elif character == ")":
            if len(stack) == 1:
                return None
            inner = stack.pop()
            stack[-1][-1].groups.append([item for item in inner if item.text or item.groups])
        elif character == "," or current[-1].groups:
            current.append(Item("" if character == "," else character))
        else:
            current[-1].text += character
    return [item for item in stack[0] if item.text or item.groups] if len(stack) == 1 else None


def _read_list(items: Sequence[Item], *, within: str, top: bool) -> Reading:
    """Read items side by side; `within` is the class that bare divisions belong to."""
    reading = Reading()
    spans: list[tuple[Item, slice]] = []
    for item in items:
        start = len(reading.grants)
        term = class_term(item.text, within=within)
        within = term.hazard_class if term else within
        _read_item(item, term, reading, top=top)
        spans.append((item, slice(start, len(reading.grants))))
    _doubt_neighbours(spans, reading)
    return reading


def _read_item(item: Item, numbered: Term | None, reading: Reading, *, top: bool) -> None:
    """Add what one item says to the reading of its list."""
    text = item.text
    inside = numbered.hazard_class if numbered else ""
    inner = [_read_list(group, within=inside, top=False) for group in item.groups]
    term = numbered or special_term(text)
    excluded = excluded_terms(text)
    only = only_terms(text)
    if not text:
        _merge(reading, inner)
    elif excluded is not None:
        reading.excluded += excluded
        reading.excluded += [Term(kind=TermKind.OPEN, text=item.written())] if inner else []
    elif HEAD.fullmatch(text):
        _read_head(item, inner, reading)
    elif term:
        _read_term(item, term, inner, reading)
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


def _read_head(item: Item, inner: Sequence[Reading], reading: Reading) -> None:
    """Read 危险货物运输 (…)(…): lists of grants and of exclusions that hold for all of them."""
    together = Reading()
    _merge(together, inner)
    grants = together.grants or [Grant(term=Term(kind=TermKind.OPEN, text=item.written()))]
    perhaps = [*together.perhaps, *(Term(kind=TermKind.OPEN, text=t.text) for t in together.only)]
    reading.grants += _take_away(grants, together.excluded, perhaps)
    reading.unparsed += together.unparsed


def _read_term(item: Item, term: Term, inner: Sequence[Reading], reading: Reading) -> None:
    """Read 2类(…): divisions, names that narrow it, or exclusions of its own."""
    together = Reading()
    _merge(together, inner)
    kinds = {grant.term.kind for grant in together.grants}
    grants = [Grant(term=term)]
    doubts: list[Term] = []
    if kinds and kinds <= {TermKind.DIVISION} and term.kind is TermKind.CLASS:
        grants = together.grants
        doubts += [g.term for g in grants if g.term.hazard_class != term.hazard_class]
    elif kinds and kinds <= _NAMED and not together.only:
        grants = [Grant(term=term, only=tuple(grant.term for grant in together.grants))]
    elif together.only and kinds <= _NAMED:
        named = (*together.only, *(grant.term for grant in together.grants))
        grants = [Grant(term=term, only=named)]
    elif kinds:
        doubts.append(Term(kind=TermKind.OPEN, text=item.written()))
    doubts += [Term(kind=TermKind.OPEN, text=text) for text in together.unparsed]
    reading.unparsed += together.unparsed
    # What is taken from the last item of a list may have been meant for those before it, too.
    earlier = _take_away(reading.grants, (), together.excluded)
    own = _take_away(grants, together.excluded, [*together.perhaps, *doubts])
    reading.grants[:] = [*earlier, *own]


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
            reading.perhaps += [grant.term for grant in grants]


def _is_numbered(term: Term) -> bool:
    return term.text.strip("第")[:1].isdigit()
