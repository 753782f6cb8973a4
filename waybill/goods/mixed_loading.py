"""Mixed loading: which packages may stand on one vehicle or in one container, by their labels.

Source: ADR 2025, 7.5.2.1; the tables are `mixed_loading` and `mixed_loading_notes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, TypeAlias

from waybill.goods.catalogue import load
from waybill.goods.explosives import (
    Together,
    compatibility_group,
    division,
    may_load_explosives_together,
)
from waybill.goods.tables import Row, table

__all__ = ["Load", "Together", "limited_quantity_may_load_with", "may_load_together"]

_Answer: TypeAlias = tuple[Together, str]

_EXPLOSIVE_LABELS: Final = frozenset({"1", "1.4", "1.5", "1.6"})
_WITH_EXPLOSIVE_HAZARD: Final = frozenset({"4.1", "5.2"})
_RADIOACTIVE: Final = "7A 7B 7C"
_NO_LABEL: Final = "none"
_LIMITED_QUANTITY_EXPLOSIVES: Final = frozenset({"0161", "0499"})

_PROHIBITED: Final[_Answer] = (Together.NO, "prohibited")
_LABEL_UNKNOWN: Final[_Answer] = (Together.UNKNOWN, "label_unknown")
_STRICTEST_FIRST: Final[tuple[_Answer, ...]] = (
    _PROHIBITED,
    (Together.NO, "class1"),
    _LABEL_UNKNOWN,
    (Together.UNKNOWN, "class1"),
    (Together.UNKNOWN, "d"),
    (Together.YES, "d"),
    (Together.YES, "b"),
    (Together.YES, "c"),
    (Together.YES, "a"),
    (Together.YES, "class1"),
    (Together.YES, ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the table of mixed loading asks of one consignment.

    `labels` are those of the list in its order, main hazard first: that tells an explosive with a
    subsidiary hazard (`1`, `6.1`) from goods of 4.1 or 5.2 with an explosive one (`4.1`, `1`).
    """

    un_number: str
    labels: tuple[str, ...]
    classification_code: str

    @property
    def is_explosive(self) -> bool:
        """Whether the goods are of Class 1, rather than having it as a subsidiary hazard."""
        return self.labels[:1] != () and self.labels[0] in _EXPLOSIVE_LABELS


def may_load_together(a: Load, b: Load, edition: str) -> tuple[Together, str]:
    """Say whether packages of two goods may be loaded together, and what decided it.

    The prohibition is by label: each label of one is compared with each label of the other,
    subsidiary labels too, and one pair that may not is enough. Packages with the same labels are
    not packages with different labels, and go together. Two explosives are judged by their
    compatibility groups alone, whatever their other labels are (note 2 to 7.5.2.1). Goods whose
    list entry asks for no label are outside the table; beside explosives that is left to a human.

    Note d allows nitrates by name. Where the UN number does not tell the name (1477), or the
    table would still keep a second label (6.1) from explosives (1446, 2464), the answer is
    `UNKNOWN`. It stands in the row of label 1 alone, so blasting explosives of 1.5 have no part
    in it.

    Source: ADR 2025, 7.5.2.1, 7.5.2.2.

    Returns:
        The second value is "" for a plain yes, `prohibited`, the note `a`, `b`, `c` or `d` (with
        `d` the whole load is treated as blasting explosives of Class 1), `class1` where the
        compatibility groups decided, or `label_unknown`: no label is known, or one that the table
        does not have.
    """
    if a.is_explosive and b.is_explosive:
        return _compare_explosives(a, b, edition)
    ours, theirs = _headings(a, edition), _headings(b, edition)
    same = frozenset(ours) == frozenset(theirs)
    pairs = [(own, own) for own in ours] if same else list(product(ours, theirs))
    answers = {_compare(a, own, b, other, edition) for own, other in pairs} or {_LABEL_UNKNOWN}
    return next(answer for answer in _STRICTEST_FIRST if answer in answers)


def limited_quantity_may_load_with(other: Load) -> Together:
    """Say whether packages of limited quantities may be loaded together with other goods.

    Only explosives are kept from them, and of these neither Division 1.4 nor smokeless powder
    and solid propellant (UN 0161, 0499). Goods of which neither labels nor code are known may be
    explosives.

    Source: ADR 2025, 7.5.2.4.
    """
    if not (other.labels or other.classification_code):
        return Together.UNKNOWN
    if not other.is_explosive and compatibility_group(other.classification_code) is None:
        return Together.YES
    excepted = other.un_number in _LIMITED_QUANTITY_EXPLOSIVES
    mild = division(other.classification_code) == "1.4"
    return Together.YES if excepted or mild else Together.NO


def _compare(a: Load, own: str, b: Load, other: str, edition: str) -> _Answer:
    """Compare one label of each load, by the headings under which the table has them."""
    rows = _rows(edition)
    if _NO_LABEL in {own, other}:
        known = {own, other} <= {_NO_LABEL, *rows}
        mild = known and _EXPLOSIVE_LABELS.isdisjoint({own, other})
        return (Together.YES, "") if mild else _LABEL_UNKNOWN
    if own not in rows or other not in rows:
        return _LABEL_UNKNOWN
    cell = rows[own][other]
    if cell == "together":
        return Together.YES, ""
    if cell == "groups":
        # An explosive hazard of goods that are not of Class 1: they have no group to compare.
        return Together.UNKNOWN, "class1"
    explosive, label, beside = (a, own, b) if a.is_explosive else (b, other, a)
    return _by_note(cell.split(), explosive, label, beside, edition)


def _compare_explosives(a: Load, b: Load, edition: str) -> _Answer:
    """Judge by compatibility groups, two goods of one UN number being of one type."""
    codes = a.classification_code, b.classification_code
    same_goods = a.un_number == b.un_number
    together, _ = may_load_explosives_together(*codes, edition, same_goods=same_goods)
    same_type = compatibility_group(codes[0]) != "L" or not _is_generic(a.un_number, edition)
    if together is Together.YES and not same_type:
        # Two goods of one n.o.s. entry need not be of one type, and group L asks for that.
        return Together.UNKNOWN, "class1"
    return together, "class1"


def _by_note(cell: list[str], explosive: Load, label: str, beside: Load, edition: str) -> _Answer:
    """Find the note that allows explosives beside other goods, by what the note names."""
    notes = {row["note"]: row for row in table(edition, "mixed_loading_notes")}
    for note in cell:
        if _applies(notes[note], explosive, beside):
            asks = beside.un_number in notes[note]["asks"].split()
            return (Together.UNKNOWN if asks else Together.YES), note
    if label == "1" and _applies(notes["d"], explosive, beside):
        return Together.UNKNOWN, "d"
    return _PROHIBITED


def _applies(note: Row, explosive: Load, beside: Load) -> bool:
    named = note["explosives"].split()
    is_named = {explosive.un_number, explosive.classification_code} & set(named) or not named
    others = note["others"].split()
    return bool(explosive.is_explosive and is_named and (beside.un_number in others or not others))


def _is_generic(un_number: str, edition: str) -> bool:
    """Whether an entry needs a technical name, so that its number does not tell the goods."""
    found = load(edition).find(un_number)
    return not found or any("274" in entry.special_provisions_adr for entry in found)


def _headings(goods: Load, edition: str) -> tuple[str, ...]:
    """Return the heading in the table for each label; an unknown label stands for itself."""
    labels = goods.labels
    if labels[:1] and labels[0] in _WITH_EXPLOSIVE_HAZARD and "1" in labels[1:]:
        labels = (f"{labels[0]}+1", *(label for label in labels[1:] if label != "1"))
    known = {label: heading for heading in _rows(edition) for label in heading.split()}
    known |= dict.fromkeys(("7X", "7E"), _RADIOACTIVE)
    return tuple(known.get(label, label) for label in labels)


@cache
def _rows(edition: str) -> Mapping[str, Row]:
    return {row["labels"]: row for row in table(edition, "mixed_loading")}
