"""Which permits goods need for their trip, and what is printed on each permit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from waybill.registry.kinds import PermitKind
from waybill.rules.classification import find_hazard_class, highly_toxic
from waybill.rules.facts import Answer, ControlFacts, GoodsFacts

FIREWORKS_UN_NUMBERS: Final = frozenset({"0333", "0334", "0335", "0336", "0337"})
"""UN numbers named "fireworks"; other pyrotechnic articles are civil explosives."""

DRUG_PRECURSORS: Final = "drug_precursor"
EXPLOSIVE_PRECURSORS: Final = "explosive_precursor"
SPECIAL_CONTROL: Final = "special_control"

_PERMIT_CATEGORIES: Final = frozenset({"1", "2"})
_RECORD_CATEGORIES: Final = frozenset({"3"})
_EXPLOSIVES: Final = "1"
_RADIOACTIVE: Final = "7"


def needs_highly_toxic_pass(line: GoodsFacts) -> Answer:
    """Whether goods are highly toxic (剧毒); what the list cannot say asks."""
    return highly_toxic(line)


def needs_civil_explosives(line: GoodsFacts) -> Answer:
    """Whether goods are explosives other than fireworks; those of armed forces never come here."""
    explosive = find_hazard_class(line) == _EXPLOSIVES
    return _said(explosive and line.un_number not in FIREWORKS_UN_NUMBERS)


def needs_fireworks(line: GoodsFacts) -> Answer:
    """Whether goods are fireworks."""
    return _said(line.un_number in FIREWORKS_UN_NUMBERS)


def needs_radioactive(line: GoodsFacts) -> Answer:
    """Whether goods are radioactive, excepted packages too."""
    return _said(find_hazard_class(line) == _RADIOACTIVE)


def needs_waste_manifest(line: GoodsFacts) -> Answer:
    """Whether goods are declared as waste."""
    return _said(line.waste)


def needs_precursor_permit(line: GoodsFacts) -> Answer:
    """Whether goods are drug precursors of category 1 or 2, which need a permit."""
    return _precursor(line, _PERMIT_CATEGORIES)


def needs_precursor_record(line: GoodsFacts) -> Answer:
    """Whether goods are drug precursors of category 3, which are put on record before the trip."""
    return _precursor(line, _RECORD_CATEGORIES)


def _precursor(line: GoodsFacts, categories: frozenset[str]) -> Answer:
    """Say whether goods are on the list of drug precursors in one of the categories.

    A number of the list begins with its category: `2-4`. Where the list asks and has no number in
    mind, as for goods not otherwise specified, `DOC-04.controls` warns until somebody declares it.
    A declaration counts only where the list asks; goods declared a precursor without a number in
    mind need the permit, which is the stricter duty.
    """
    control = find_control(line, DRUG_PRECURSORS)
    if control is None:
        return Answer.ASK
    if control.answer is Answer.ASK and line.drug_precursor_declared is not Answer.ASK:
        return _declared_precursor(line, control, categories)
    if control.answer is Answer.YES and not control.entries:
        return Answer.ASK
    meant = {entry.partition("-")[0] for entry in control.entries}
    return control.answer if meant & categories else Answer.NO


def _declared_precursor(
    line: GoodsFacts, control: ControlFacts, categories: frozenset[str]
) -> Answer:
    meant = {entry.partition("-")[0] for entry in control.entries} or _PERMIT_CATEGORIES
    return line.drug_precursor_declared if meant & categories else Answer.NO


def find_control(line: GoodsFacts, kind: str) -> ControlFacts | None:
    """Return what a control list says of goods, `None` where it was not looked up."""
    return next((control for control in line.controls if control.kind == kind), None)


def _said(holds: bool) -> Answer:  # noqa: FBT001  a truth to be named
    return Answer.YES if holds else Answer.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitForm:
    """A kind of permit, the goods that need it, and what is printed on it.

    `number` is the shape of its number, `None` where none is known; a number that does not have
    it is refused where the shape is confirmed, else it is unknown. `names_vehicle` and
    `names_origin` say that plates and the place of departure stand on it, so that a permit
    without them was not written out in full; goods, quantity, destination and dates stand on all.
    `may_ask` says that the need may be open, `reads` which facts it follows from.
    """

    kind: PermitKind
    needed: Callable[[GoodsFacts], Answer]
    number: re.Pattern[str] | None = None
    number_confirmed: bool = False
    names_vehicle: bool = True
    names_origin: bool = True
    may_ask: bool = False
    reads: tuple[str, ...]


FORMS: Final[Mapping[str, PermitForm]] = {
    "DOC-04.highly_toxic": PermitForm(
        kind=PermitKind.HIGHLY_TOXIC_PASS,
        needed=needs_highly_toxic_pass,
        number=re.compile(r"[1-9][0-9]{8}"),  # two digits province, seven serial
        number_confirmed=True,
        may_ask=True,
        reads=("goods.highly_toxic", "goods.highly_toxic_declared"),
    ),
    "DOC-04.civil_explosives": PermitForm(
        kind=PermitKind.CIVIL_EXPLOSIVES,
        needed=needs_civil_explosives,
        reads=("goods.division", "goods.un_number"),
    ),
    "DOC-04.fireworks": PermitForm(
        kind=PermitKind.FIREWORKS, needed=needs_fireworks, reads=("goods.un_number",)
    ),
    "DOC-04.radioactive": PermitForm(
        kind=PermitKind.RADIOACTIVE, needed=needs_radioactive, reads=("goods.division",)
    ),
    "DOC-04.waste_manifest": PermitForm(
        kind=PermitKind.WASTE_MANIFEST,
        needed=needs_waste_manifest,
        number=re.compile(r"[0-9]{14}"),  # year, province, prefecture, six serial; not confirmed
        reads=("goods.waste",),
    ),
    "DOC-04.drug_precursor": PermitForm(
        kind=PermitKind.DRUG_PRECURSOR,
        needed=needs_precursor_permit,
        names_vehicle=False,
        names_origin=False,
        may_ask=True,
        reads=("goods.controls", "goods.drug_precursor_declared"),
    ),
    "DOC-04.drug_precursor_record": PermitForm(
        kind=PermitKind.DRUG_PRECURSOR,
        needed=needs_precursor_record,
        names_vehicle=False,
        names_origin=False,
        may_ask=True,
        reads=("goods.controls", "goods.drug_precursor_declared"),
    ),
}
"""By the code of the rule that asks for the permit."""
