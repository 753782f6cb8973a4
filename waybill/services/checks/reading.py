"""Reading a check: its dossier, its guards, and what may be shown of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor
from waybill.rules.evidence import EvidenceItem, PresenceItem, ScanItem, ScanKind
from waybill.rules.lifecycle import CheckStatus
from waybill.services.dossier import MARK_LENGTH, Dossier
from waybill.storage.gather import Batch
from waybill.storage.records import BayRecord, CheckRecord
from waybill.storage.waybills import LoadingCheckRow, WaybillRow

CHECK_LIFETIME: Final = timedelta(hours=8)
"""How long evidence of a check stands: what was seen in another shift is seen again."""
_MOMENT: Final = timedelta(microseconds=1)


def read_check(
    session: Session,
    actor: Actor,
    check_id: UUID,
    batch: Batch,
    *,
    added: Iterable[EvidenceItem] = (),
) -> tuple[Dossier, CheckRecord]:
    """Gather a check of the actor's organisation.

    Raises:
        NotFoundError: there is none, or it is another loader's.
    """
    values = {
        "check_id": check_id,
        "actor_id": actor.user_id,
        "supervisor_reference": _named_supervisor(added),
    }
    gathered = batch.read(session, values)
    check, bay = gathered.first(CheckRecord), gathered.first(BayRecord)
    if check is None or bay is None:
        raise NotFoundError("check", check_id)
    if not actor.oversees and bay.organisation_id != actor.organisation_id:
        raise NotFoundError("check", check_id)
    return Dossier(gathered), check


def lock_waybill_of(session: Session, check_id: UUID) -> None:
    """Take the lock of the waybill of a check, before any of it is read.

    Two who decide, release or abort at once come one after the other, and what is read after
    this is what the first has left: a read that takes the lock itself sees all but the waybill as
    it was before it had to wait.
    """
    named = select(LoadingCheckRow.waybill_id).where(LoadingCheckRow.id == check_id)
    session.execute(
        select(WaybillRow.id).where(WaybillRow.id == named.scalar_subquery()).with_for_update()
    )


def _named_supervisor(added: Iterable[EvidenceItem]) -> str:
    """Return the bare reference of a supervisor whom no stored evidence names yet, or nothing."""
    present = [i.reference for i in added if isinstance(i, PresenceItem) and i.role == "supervisor"]
    scanned = [
        i.subject for i in added if isinstance(i, ScanItem) and i.kind is ScanKind.SUPERVISOR
    ]
    named = [*present, *scanned]
    return named[-1][MARK_LENGTH:] if named else ""


def refuse_closed(check: CheckRecord, act: str, at: datetime) -> None:
    """Refuse to go on with a check that is decided or too old.

    Raises:
        StateError: says what to do instead.
    """
    if check.status not in (CheckStatus.OPEN, CheckStatus.REFUSED):
        raise StateError(
            "这次查验已经结束。",
            f"This check is {check.status.value}.",
            state=check.status.value,
            act=act,
            next_step_zh="如需再次查验，请重新扫描运单。",
            next_step_en="To check again, scan the waybill anew.",
        )
    if at - check.opened_at > CHECK_LIFETIME:
        raise StateError(
            "这次查验开始已超过 8 小时，之前所见不再有效。",
            "This check was opened more than 8 hours ago; what was seen then no longer counts.",
            state="outdated",
            act=act,
            next_step_zh="请重新扫描运单，重新查验。",
            next_step_en="Scan the waybill anew and check again.",
        )


def after_all(at: datetime, before: Iterable[EvidenceItem]) -> datetime:
    """Return when something is said now: after all that was, also where a server's clock is behind.

    Two servers of an installation never tell the same time to the millisecond, and what was seen
    last is what holds.
    """
    newest = max((item.at for item in before), default=at)
    return at if at >= newest else newest + _MOMENT


def normalised(item: ScanItem) -> ScanItem:
    """Return a scan as it is stored.

    A waybill's id gets its one spelling (codes carry it without hyphens). What a code claims that
    did not hold is dropped: anybody can write anything into such a code.
    """
    if item.problem:
        return msgspec.structs.replace(item, subject="", goods=(), revision=None, card_version=None)
    if item.kind is not ScanKind.WAYBILL:
        return item
    try:
        return msgspec.structs.replace(item, subject=str(UUID(item.subject)))
    except ValueError:
        return item
