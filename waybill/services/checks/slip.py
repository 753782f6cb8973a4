"""What goes on a check's slip: the newest verdict, for those who need it on paper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.document import WaybillContent, parse_waybill
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.rules.lifecycle import CheckStatus
from waybill.services.checks.release_code import find_check, get_release_code
from waybill.services.waybills.issuing import IssueTerms
from waybill.services.waybills.queries import StoredVerdict, stored_verdict
from waybill.storage.registry import BayRow, FacilityRow
from waybill.storage.waybills import CheckAbortRow, LoadingCheckRow, VerdictRow, WaybillRevisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Everything that a slip shows; people stand on it by no name.

    `release_code` is the text of the code, empty where nothing was released. `abort_reason` is
    empty where the check was not broken off.
    """

    check_id: UUID
    status: CheckStatus
    content: WaybillContent
    facility: str
    bay: str
    verdict: StoredVerdict | None
    decided_at: datetime
    release_code: str
    abort_reason: str
    printed_at: datetime


def get_slip(session: Session, actor: Actor, check_id: UUID, *, terms: IssueTerms) -> Slip:
    """Return what is printed of a check, for its loader, the waybill's carrier and oversight.

    Raises:
        NotFoundError: there is no such check that the account may see.
        StateError: it is not decided yet.
    """
    actor.require(Permission.READ_CHECK)
    check, _ = find_check(session, actor, check_id)
    row = session.scalars(
        select(VerdictRow)
        .where(VerdictRow.check_id == check_id)
        .order_by(VerdictRow.id.desc())
        .limit(1)
    ).one_or_none()
    abort = session.get(CheckAbortRow, check_id)
    if row is None and abort is None:
        raise StateError(
            "这次查验还没有结论，不能打印。",
            "This check is not decided yet; there is nothing to print.",
            state=check.status.value,
            act="print",
            next_step_zh="作出判定后再打印。",
            next_step_en="Decide it first.",
        )
    facility, bay = _place(session, check)
    released = check.status is CheckStatus.RELEASED
    verdict = stored_verdict(row) if row else None
    code = get_release_code(session, actor, check_id, terms=terms).text if released else ""
    now = terms.clock.now()
    return Slip(
        check_id=check_id,
        status=check.status,
        content=_content(session, check),
        facility=facility,
        bay=bay,
        verdict=verdict,
        decided_at=abort.aborted_at if abort else verdict.judged_at if verdict else now,
        release_code=code,
        abort_reason=abort.reason if abort else "",
        printed_at=now,
    )


def _content(session: Session, check: LoadingCheckRow) -> WaybillContent:
    document = session.scalar(
        select(WaybillRevisionRow.document).where(
            WaybillRevisionRow.waybill_id == check.waybill_id,
            WaybillRevisionRow.revision == check.revision,
        )
    )
    if document is None:
        raise NotFoundError("check", check.id)
    return parse_waybill(document)


def _place(session: Session, check: LoadingCheckRow) -> tuple[str, str]:
    facility = session.get_one(FacilityRow, check.facility_id)
    bay = session.get_one(BayRow, check.bay_id)
    return facility.name, bay.name
