"""What a tablet without network may decide: equality with what is expected, and nothing else.

The tablet's TypeScript gives the same answers by the same vectors (`tests/vectors/tablet`). No
rule of law is judged here: that was done ahead by the server, and is done again once the record of
the check has come in. A code's signature, key, kind and dates were verified before; what did not
hold came as a `problem`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias, get_args

import msgspec

from scanners.kept import Arrival, Bundle, ExpectedCard, ExpectedPlate, Supervisor
from waybill.rules.evidence import (
    AnswerItem,
    ConsentItem,
    Evidence,
    EvidenceItem,
    PlateItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.lifecycle import WaybillStatus

Role: TypeAlias = Literal["driver", "escort", "supervisor"]
Unit: TypeAlias = Literal["tractor", "trailer"]

CREW: Final[tuple[Role, ...]] = ("driver", "escort")
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
CARDS: Final = (
    ScanKind.VEHICLE,
    ScanKind.TRAILER,
    ScanKind.DRIVER,
    ScanKind.ESCORT,
    ScanKind.TANK,
)
SEEN_LIFETIME: Final = timedelta(hours=1)
"""How long plates, presence and answers count in a check that was refused; the server's figure."""


class OfflineDecision(StrEnum):
    """What a tablet says without network. Only `cleared` lets anybody load."""

    CLEARED = "cleared"
    REFUSED = "refused"
    NOT_PROVEN = "not_proven"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why it is not cleared: a stable word and what it is about (empty: the whole check).

    `contradicts` says that something is definitely otherwise; else it is only not proven.
    """

    code: str
    about: str = ""
    contradicts: bool = False

    @property
    def text(self) -> str:
        """`code:about`, as it stands in a record."""
        return f"{self.code}:{self.about}" if self.about else self.code


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The decision with its reasons, sorted; a refusal names only what contradicts."""

    decision: OfflineDecision
    reasons: tuple[str, ...] = ()


def decide_offline(
    arrival: Arrival | None,
    bundle: Bundle,
    items: Sequence[EvidenceItem],
    *,
    at: datetime,
    person: str = "",
    refused_at: datetime | None = None,
) -> Decided:
    """Say what a tablet may decide by what it can prove.

    Args:
        arrival: what is expected of the waybill, `None` where the bundle does not know it.
        bundle: what else is kept.
        items: what was shown and answered, oldest first.
        at: the moment by the server's clock as far as the tablet knows it.
        person: the account that is signed on; a supervisor without a reference is this one.
        refused_at: when it was last decided and not cleared. A consent from before is over, and
            what was seen counts for an hour.
    """
    reasons = [*_of_bundle(bundle, at)]
    if arrival is None:
        reasons.append(Reason(code="not-expected"))
    else:
        lasting = [item for item in items if refused_at is None or not _is_outdated(item, at)]
        evidence = Evidence(items=tuple(_with_presence(lasting)))
        reasons += _of_arrival(arrival, bundle, at)
        reasons += compare_waybill(arrival, evidence)
        for kind in CARDS:
            reasons += compare_card(arrival, bundle, kind, evidence, at)
        for unit in UNITS:
            reasons += compare_plate(arrival, unit, evidence)
        for role in CREW:
            reasons += compare_presence(arrival, role, evidence)
        reasons += _of_supervisor(bundle, evidence, at, person)
        reasons += _of_consent(bundle, items, refused_at)
        reasons += _of_answers(arrival, evidence)
    return _decided(reasons)


def _decided(reasons: Sequence[Reason]) -> Decided:
    against = sorted(each.text for each in reasons if each.contradicts)
    if against:
        return Decided(decision=OfflineDecision.REFUSED, reasons=tuple(against))
    if reasons:
        open_ones = sorted(each.text for each in reasons)
        return Decided(decision=OfflineDecision.NOT_PROVEN, reasons=tuple(open_ones))
    return Decided(decision=OfflineDecision.CLEARED)


def _of_bundle(bundle: Bundle, at: datetime) -> Iterable[Reason]:
    if at < bundle.made_at:
        yield Reason(code="clock-before-bundle")
    if at >= bundle.good_until:
        yield Reason(code="bundle-stale")
    if at >= bundle.trust.good_until:
        yield Reason(code="trust-stale")


_CANCELLED: Final = frozenset({WaybillStatus.CANCELLED})


def _of_arrival(arrival: Arrival, bundle: Bundle, at: datetime) -> Iterable[Reason]:
    revoked = any(each.jti == arrival.waybill_id for each in bundle.revocations)
    if revoked or arrival.status in _CANCELLED:
        yield Reason(code="waybill-cancelled", contradicts=True)
    elif arrival.status is not WaybillStatus.ISSUED:
        yield Reason(code="waybill-used", contradicts=True)
    if not arrival.valid_from <= at < arrival.valid_until:
        yield Reason(code="waybill-not-in-force")
    if not arrival.preclearance.would_clear:
        yield Reason(code="not-precleared")
    if at >= arrival.preclearance.good_until:
        yield Reason(code="preclearance-stale")


def compare_waybill(arrival: Arrival, evidence: Evidence) -> Iterable[Reason]:
    """Compare the waybill's code with what is expected: id and revision, signed."""
    scans = evidence.scans(ScanKind.WAYBILL)
    if not scans:
        yield Reason(code="scan-missing", about="waybill")
    for scan in scans:
        if scan.problem:
            yield Reason(code="scan-refused", about="waybill")
        elif scan.presentation is not Presentation.SIGNED_QR:
            yield Reason(code="scan-unsigned", about="waybill")
        elif scan.subject != arrival.waybill_id:
            yield Reason(code="scan-differs", about="waybill", contradicts=True)
        elif scan.revision is None or scan.revision > arrival.revision:
            yield Reason(code="waybill-newer")
        elif scan.revision < arrival.revision:
            yield Reason(code="waybill-superseded", contradicts=True)


def compare_card(
    arrival: Arrival, bundle: Bundle, kind: ScanKind, evidence: Evidence, at: datetime
) -> Iterable[Reason]:
    """Compare the cards that were shown of one kind with the one that is expected."""
    expected, scans = arrival.expected.card(kind), evidence.scans(kind)
    about = kind.value
    if expected is None:
        if scans:
            yield Reason(code="scan-unexpected", about=about, contradicts=True)
        return
    if not scans:
        yield Reason(code="scan-missing", about=about)
    for scan in scans:
        yield from _compare_scan(expected, scan)
    if any(each.subject == expected.subject for each in bundle.revocations):
        yield Reason(code="revoked", about=about, contradicts=True)
    if expected.valid_until is not None and at >= expected.valid_until:
        yield Reason(code="expired", about=about)


def _compare_scan(expected: ExpectedCard, scan: ScanItem) -> Iterable[Reason]:
    about = scan.kind.value
    if scan.problem:
        yield Reason(code="scan-refused", about=about)
    elif scan.subject != expected.subject:
        yield Reason(code="scan-differs", about=about, contradicts=True)
    elif scan.presentation is not Presentation.SIGNED_QR:
        yield Reason(code="scan-unsigned", about=about)
    elif scan.card_version is None or scan.card_version > expected.card_version:
        yield Reason(code="card-newer", about=about)
    elif scan.card_version < expected.card_version:
        yield Reason(code="card-superseded", about=about, contradicts=True)


def compare_plate(arrival: Arrival, unit: Unit, evidence: Evidence) -> Iterable[Reason]:
    """Compare the plate that was seen on a unit with the waybill's."""
    expected: ExpectedPlate | None = getattr(arrival.plates, unit)
    seen: PlateItem | None = evidence.plate(unit)
    if expected is None:
        if seen is not None:
            yield Reason(code="plate-unexpected", about=unit, contradicts=True)
    elif seen is None:
        yield Reason(code="plate-missing", about=unit)
    elif (seen.plate, seen.plate_colour) != (expected.plate, expected.colour):
        yield Reason(code="plate-differs", about=unit, contradicts=True)


def compare_presence(arrival: Arrival, role: Role, evidence: Evidence) -> Iterable[Reason]:
    """Compare who is said to be here with whom the waybill names; no reference means that one."""
    expected = arrival.expected.card(ScanKind(role))
    item = evidence.presence(role)
    if expected is None:
        return
    if item is None:
        yield Reason(code="presence-missing", about=role)
    elif not item.present:
        yield Reason(code="absent", about=role, contradicts=True)
    elif item.reference not in ("", expected.subject):
        yield Reason(code="other-person", about=role, contradicts=True)


def _of_supervisor(
    bundle: Bundle, evidence: Evidence, at: datetime, person: str
) -> Iterable[Reason]:
    item, about = evidence.presence("supervisor"), "supervisor"
    if item is None:
        yield Reason(code="presence-missing", about=about)
        return
    if not item.present:
        yield Reason(code="absent", about=about, contradicts=True)
        return
    known = next((each for each in bundle.supervisors if _is_meant(each, item, person)), None)
    if known is None:
        yield Reason(code="supervisor-unknown")
    elif known.valid_until is not None and at >= known.valid_until:
        yield Reason(code="expired", about=about)


def _of_consent(
    bundle: Bundle, items: Sequence[EvidenceItem], refused_at: datetime | None
) -> Iterable[Reason]:
    """Ask for the supervisor's yes where a plant does, given last; heed a no everywhere."""
    given = [item for item in items if isinstance(item, ConsentItem)]
    if given and given[-1].given == "no":
        yield Reason(code="consent-refused", contradicts=True)
    elif not bundle.supervisor_consents:
        return
    elif not given:
        yield Reason(code="consent-missing")
    elif given[-1] is not items[-1] or (refused_at is not None and given[-1].at <= refused_at):
        yield Reason(code="consent-outdated")


def _is_meant(known: Supervisor, item: PresenceItem, person: str) -> bool:
    if item.reference:
        return known.subject == item.reference
    return bool(person) and known.user_id == person


def _of_answers(arrival: Arrival, evidence: Evidence) -> Iterable[Reason]:
    for asked in arrival.asked:
        given = evidence.answer(asked.id)
        if given is None:
            yield Reason(code="answer-missing", about=asked.id)
        elif given.answer == "no":
            yield Reason(code="answer-no", about=asked.id, contradicts=True)
        elif given.answer not in asked.answers:
            yield Reason(code="answer-not-allowed", about=asked.id)
        elif asked.photo and not evidence.photos(asked.id):
            yield Reason(code="photo-missing", about=asked.id)


def _is_outdated(item: EvidenceItem, at: datetime) -> bool:
    """Say whether something was seen too long ago; a code, a no and an absence do not grow old."""
    seen = (
        isinstance(item, PlateItem)
        or (isinstance(item, PresenceItem) and item.present)
        or (isinstance(item, AnswerItem) and item.answer == "yes")
    )
    return seen and at - item.at > SEEN_LIFETIME


def _with_presence(items: Iterable[EvidenceItem]) -> Iterable[EvidenceItem]:
    """Let a card that holds and a consent show the supervisor present, as the server does.

    A consent of an account that is no supervisor's names nobody whom the bundle knows.
    """
    for item in items:
        yield item
        if isinstance(item, ScanItem) and _shows_supervisor(item):
            yield PresenceItem(role="supervisor", reference=item.subject, present=True, at=item.at)
        if isinstance(item, ConsentItem):
            reference = item.reference or item.by
            yield PresenceItem(role="supervisor", reference=reference, present=True, at=item.at)


def _shows_supervisor(scan: ScanItem) -> bool:
    signed = scan.presentation is Presentation.SIGNED_QR and not scan.problem
    return signed and scan.kind is ScanKind.SUPERVISOR
