"""The guided check: which steps a loader walks through, and how each stands.

Steps are a table over the codes of the rules, singly or by the part before the full stop. A rule
that the table does not know belongs to the waybill's step, so that its finding is never lost.
Nothing is judged here: the rules have spoken.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from waybill.rules.evidence import (
    AnswerItem,
    EvidenceItem,
    OverrideItem,
    PhotoItem,
    PlateItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import CarriageMode, Facts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.questions import all_photos, all_questions


class StepKind(StrEnum):
    """What a step is about, in the order in which a loader takes them."""

    WAYBILL = "waybill"
    VEHICLE = "vehicle"
    TRAILER = "trailer"
    TANK = "tank"
    DRIVER = "driver"
    ESCORT = "escort"
    SUPERVISOR = "supervisor"
    PLATE = "plate"
    TRAILER_PLATE = "trailer_plate"
    GOODS = "goods"
    SIGNS = "signs"
    CLOSING_LIST = "closing_list"
    PAPERS = "papers"
    PLANT_ITEMS = "plant_items"


class StepState(StrEnum):
    """How a step stands. `missing` waits for somebody; `unknown` was seen and is not proven."""

    MISSING = "missing"
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a check: whether this trip needs it, how it stands, and what says so."""

    kind: StepKind
    needed: bool
    state: StepState
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """Which rules a step is made of, and on which trips it is needed.

    `families` are the parts of codes before the full stop; a code that a step names itself is
    that step's whatever its family.
    """

    kind: StepKind
    needed: Callable[[Facts], bool]
    codes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


def _always(_facts: Facts) -> bool:
    return True


def _has_trailer(facts: Facts) -> bool:
    return facts.waybill.trailer_plate is not None


def _has_tank(facts: Facts) -> bool:
    in_tank = any(line.mode is CarriageMode.TANK for line in facts.goods)
    return facts.waybill.tank_number is not None or in_tank


def _has_plant_items(facts: Facts) -> bool:
    return any(item.phase is Phase.BEFORE_LOADING for item in facts.plant_items)


STEPS: Final[tuple[StepRule, ...]] = (
    StepRule(
        kind=StepKind.WAYBILL,
        codes=(
            "DOC-01.signature",
            "DOC-01.state",
            "DOC-01.dates",
            "DOC-01.loader",
            "DOC-02.ownership",
            "CAR-01.licence",
            "CAR-01.scope",
            "CAR-01.black_list",
        ),
        needed=_always,
    ),
    StepRule(
        kind=StepKind.VEHICLE,
        codes=("DOC-02.tractor", "VEH-01.tractor", "VEH-02.tractor"),
        families=("VEH-03", "VEH-04", "VEH-06"),
        needed=_always,
    ),
    StepRule(
        kind=StepKind.TRAILER,
        codes=(
            "DOC-02.trailer",
            "VEH-01.trailer",
            "VEH-02.trailer",
            "VEH-03.trailer_inspection",
        ),
        needed=_has_trailer,
    ),
    StepRule(
        kind=StepKind.TANK,
        codes=("DOC-02.tank",),
        families=("TNK-01", "TNK-02", "TNK-03", "TNK-04"),
        needed=_has_tank,
    ),
    StepRule(
        kind=StepKind.DRIVER,
        codes=(
            "DOC-02.driver",
            "DRV-01.licence",
            "DRV-01.licence_class",
            "DRV-01.qualification",
            "DRV-01.endorsement",
        ),
        needed=_always,
    ),
    StepRule(
        kind=StepKind.ESCORT,
        codes=(
            "DOC-02.escort",
            "ESC-01.qualification",
            "ESC-01.endorsement",
            "ESC-01.not_driver",
            "ESC-01.present",
        ),
        needed=_always,
    ),
    StepRule(kind=StepKind.SUPERVISOR, codes=("SUP-01.named", "SUP-01.employer"), needed=_always),
    StepRule(kind=StepKind.PLATE, codes=("VEH-05.tractor",), needed=_always),
    StepRule(kind=StepKind.TRAILER_PLATE, codes=("VEH-05.trailer",), needed=_has_trailer),
    StepRule(
        kind=StepKind.GOODS,
        codes=("DOC-02.goods", "TNK-03.mass"),
        families=("GDS-01", "MIX-01", "MIX-02", "DOC-04"),
        needed=_always,
    ),
    StepRule(kind=StepKind.SIGNS, families=("HAND-01",), needed=_always),
    StepRule(kind=StepKind.CLOSING_LIST, families=("HAND-02",), needed=_always),
    StepRule(kind=StepKind.PAPERS, families=("DOC-03",), needed=_always),
    StepRule(kind=StepKind.PLANT_ITEMS, families=("PLANT-01",), needed=_has_plant_items),
)

MISSING_REASONS: Final = frozenset(
    {
        "not_scanned",
        "not_seen",
        "not_confirmed",
        "not_named",
        "code_not_read",
        "goods_not_read",
        "not_answered",
        "photo_missing",
    }
)
"""Reasons that say that nobody has shown or answered anything yet."""

_STEP_OF_CODE: Final[Mapping[str, StepKind]] = {
    code: step.kind for step in STEPS for code in step.codes
}
_STEP_OF_FAMILY: Final[Mapping[str, StepKind]] = {
    family: step.kind for step in STEPS for family in step.families
}
_STEP_OF_SCAN: Final[Mapping[ScanKind, StepKind]] = {
    ScanKind.WAYBILL: StepKind.WAYBILL,
    ScanKind.VEHICLE: StepKind.VEHICLE,
    ScanKind.TRAILER: StepKind.TRAILER,
    ScanKind.DRIVER: StepKind.DRIVER,
    ScanKind.ESCORT: StepKind.ESCORT,
    ScanKind.SUPERVISOR: StepKind.SUPERVISOR,
    ScanKind.TANK: StepKind.TANK,
}
_CODES_OF_PRESENCE: Final[Mapping[str, frozenset[str]]] = {
    "driver": frozenset({"DOC-02.driver"}),
    "escort": frozenset({"ESC-01.present"}),
    "supervisor": frozenset({"SUP-01.named", "SUP-01.employer"}),
}
_NOT_OF_A_CARD: Final = frozenset({"ESC-01.present"})
"""A card shows who somebody is, not that they stand here."""
_PLANT: Final = "PLANT-01"
_PHOTOS: Final = "AFTER-01.photos"
_RULE_OF_QUESTION: Final[Mapping[str, str]] = {each.id: each.rule for each in all_questions()}
_PHOTO_SUBJECTS: Final = frozenset(each.shows for each in all_photos())
UNREADABLE_CODE: Final = "code"
"""What a photo shows beside a number that was typed; no rule asks for it."""
_ALSO_OF_A_WAYBILL: Final = frozenset({"DOC-02.goods"})
_REMEMBERED: Final = 1024
"""Codes whose step is remembered: more than there are rules."""


def steps(facts: Facts, findings: Sequence[Finding]) -> tuple[Step, ...]:
    """Return every step in its order, each with the findings that belong to it."""
    own: dict[StepKind, list[Finding]] = {rule.kind: [] for rule in STEPS}
    for finding in findings:
        own[_step_of(finding)].append(finding)
    return tuple(
        Step(
            kind=rule.kind,
            needed=rule.needed(facts),
            state=_state(own[rule.kind]),
            findings=tuple(own[rule.kind]),
        )
        for rule in STEPS
    )


def concerned(item: EvidenceItem, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that a piece of evidence bears on."""
    if isinstance(item, PresenceItem):
        codes = _CODES_OF_PRESENCE[item.role]
        return tuple(f for f in findings if f.code in codes)
    if isinstance(item, PlateItem):
        kind = StepKind.PLATE if item.unit == "tractor" else StepKind.TRAILER_PLATE
        return tuple(f for f in findings if _step_of(f) is kind)
    if isinstance(item, PhotoItem) and item.shows == UNREADABLE_CODE:
        return ()
    if isinstance(item, AnswerItem | PhotoItem | OverrideItem):
        rule = _rule_of(item)
        return tuple(f for f in findings if f.code == rule or _family(f.code) == rule)
    if not isinstance(item, ScanItem) or item.kind not in _STEP_OF_SCAN:
        return ()
    kind = _STEP_OF_SCAN[item.kind]
    also = _ALSO_OF_A_WAYBILL if kind is StepKind.WAYBILL else frozenset()
    return tuple(
        f
        for f in findings
        if (_step_of(f) is kind and f.code not in _NOT_OF_A_CARD) or f.code in also
    )


def outcome_of(item: EvidenceItem | None, findings: Iterable[Finding]) -> Outcome:
    """Say how a piece of evidence did: failed before unknown before passed.

    A text that named nothing proves nothing. A code with a problem, a person who is not here and
    a no fail whatever the rules make of it.
    """
    if item is None:
        return Outcome.UNKNOWN
    refused = isinstance(item, ScanItem) and item.problem
    absent = isinstance(item, PresenceItem) and not item.present
    denied = isinstance(item, AnswerItem) and item.answer == "no"
    if refused or absent or denied:
        return Outcome.FAILED
    if _names_a_paper_only(item):
        return Outcome.UNKNOWN
    outcomes = {finding.outcome for finding in concerned(item, findings)}
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        if outcome in outcomes:
            return outcome
    return Outcome.PASSED


def _names_a_paper_only(item: EvidenceItem) -> bool:
    """Whether an unsigned number names a paper, of which no rule takes notice."""
    return (
        isinstance(item, ScanItem)
        and item.kind is ScanKind.DOCUMENT
        and item.presentation is not Presentation.SIGNED_QR
    )


@lru_cache(maxsize=_REMEMBERED)
def step_of_code(code: str) -> StepKind | None:
    """Return the step that a rule belongs to, `None` where the table does not know it."""
    return _STEP_OF_CODE.get(code) or _STEP_OF_FAMILY.get(_family(code))


def _step_of(finding: Finding) -> StepKind:
    return step_of_code(finding.code) or StepKind.WAYBILL


def _family(code: str) -> str:
    return code.partition(".")[0]


def _rule_of(item: AnswerItem | PhotoItem | OverrideItem) -> str:
    """Return the rule that an answer or a photo is for, the plant's where it is not the law's."""
    if isinstance(item, AnswerItem):
        return _RULE_OF_QUESTION.get(item.question, _PLANT)
    if isinstance(item, PhotoItem):
        return _PHOTOS if item.shows in _PHOTO_SUBJECTS else _PLANT
    return _PLANT


def _state(findings: Iterable[Finding]) -> StepState:
    stops = [f for f in findings if f.severity is Severity.STOP and f.stands]
    if any(f.outcome is Outcome.FAILED for f in stops):
        return StepState.FAILED
    if any(f.reason in MISSING_REASONS for f in stops):
        return StepState.MISSING
    return StepState.UNKNOWN if stops else StepState.PASSED
