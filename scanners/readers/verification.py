"""Whether what was read may be believed, and what it then names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scanners.readers.reading import Reading, ReadingKind
from waybill.qr_payload import (
    CardClaims,
    QrClaims,
    QrError,
    ReleaseClaims,
    SealedPayload,
    WaybillClaims,
    parse_unverified,
    verify_payload,
)
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.sealing import KeyTable

NOT_EVIDENCE: Final = "not-evidence"
RELEASE_CODE: Final = "release-code"
TRAILER_MARK: Final = "挂"

_PLAIN_KINDS: Final[Mapping[ReadingKind, ScanKind]] = {
    ReadingKind.TANK_CONTAINER: ScanKind.TANK,
    ReadingKind.WAYBILL_NUMBER: ScanKind.WAYBILL,
    ReadingKind.ELECTRONIC_LICENCE: ScanKind.DOCUMENT,
    ReadingKind.CERTIFICATE_NUMBER: ScanKind.DOCUMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedScan:
    """What a reading names, and whether that is proven.

    Attributes:
        kind: what is named; `None` where nothing a check asks for is named, or where damage leaves
            open what it was. With a `problem` it is only what the code claims to be.
        presentation: sealed code or plain number; a plain number names and proves nothing.
        subject: a waybill's id or number, a plate, a tank's number, a person's reference. With a
            `problem` it is only what the code claims, to be shown and never to be relied on.
        claims: what the sealed code says; only of a code that held.
        problem: empty, or the stable reason why this is no evidence. A release's code that holds
            has one too: it is for the gate, and proves nothing before loading.
    """

    kind: ScanKind | None
    presentation: Presentation
    subject: str = ""
    claims: QrClaims | None = None
    problem: str = ""


def verify_reading(reading: Reading, keys: KeyTable, at: datetime) -> VerifiedScan:
    """Verify the signature, key, kind and dates of a sealed code; name what a plain number names.

    Revocation of a card and uniqueness by waybill and revision are for those who know the register.
    """
    if reading.sealed is not None:
        return _verify_sealed(reading.sealed, keys, at)
    if reading.kind is ReadingKind.UNREADABLE:
        return _plain(None, reading.value, reading.reason)
    if reading.kind is ReadingKind.PLATE:
        trailer = reading.value.endswith(TRAILER_MARK)
        return _plain(ScanKind.TRAILER if trailer else ScanKind.VEHICLE, reading.value)
    kind = _PLAIN_KINDS.get(reading.kind)
    return _plain(kind, reading.value, "" if kind else NOT_EVIDENCE)


def to_scan_item(scan: VerifiedScan, *, at: datetime, typed: bool = False) -> ScanItem | None:
    """Return the scan as evidence, or `None` where it names nothing that a check asks for.

    Args:
        scan: what was verified.
        at: when it was presented, aware.
        typed: whether a plain number came from a keyboard and not from a code.
    """
    if scan.kind is None:
        return None
    plain = scan.presentation is Presentation.PLAIN_CODE
    return ScanItem(
        kind=scan.kind,
        presentation=Presentation.TYPED if typed and plain else scan.presentation,
        subject=scan.subject,
        at=at,
        problem=scan.problem,
        revision=scan.claims.rev if isinstance(scan.claims, WaybillClaims) else None,
        card_version=scan.claims.ver if isinstance(scan.claims, CardClaims) else None,
        goods=_goods(scan.claims),
    )


def _verify_sealed(sealed: SealedPayload, keys: KeyTable, at: datetime) -> VerifiedScan:
    try:
        claims = verify_payload(sealed, keys, at)
    except QrError as error:
        return _claimed(sealed, error.code)
    return _sealed(claims)


def _claimed(sealed: SealedPayload, problem: str) -> VerifiedScan:
    """Say what a refused code claims to be, so that the loader knows which one to replace."""
    try:
        claims = parse_unverified(sealed)
    except QrError:
        return VerifiedScan(kind=None, presentation=Presentation.SIGNED_QR, problem=problem)
    return replace(_sealed(claims), claims=None, problem=problem)


def _sealed(claims: QrClaims) -> VerifiedScan:
    if isinstance(claims, ReleaseClaims):
        return VerifiedScan(
            kind=None,
            presentation=Presentation.SIGNED_QR,
            subject=claims.num,
            claims=claims,
            problem=RELEASE_CODE,
        )
    return VerifiedScan(
        kind=ScanKind(claims.kind.value),
        presentation=Presentation.SIGNED_QR,
        subject=claims.jti if isinstance(claims, WaybillClaims) else claims.sub,
        claims=claims,
    )


def _plain(kind: ScanKind | None, subject: str, problem: str = "") -> VerifiedScan:
    return VerifiedScan(
        kind=kind, presentation=Presentation.PLAIN_CODE, subject=subject, problem=problem
    )


def _goods(claims: QrClaims | None) -> tuple[tuple[str, str, int, str], ...]:
    if not isinstance(claims, WaybillClaims):
        return ()
    return tuple((g.un_number, g.packing_group, g.quantity, g.unit) for g in claims.gds)
