"""A trip whose driver has real values in the vault, and what becomes of them."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, change_row
from waybill.clock import FixedClock
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.personal import ErasureOutcome, ErasureRequest, Holder
from waybill.registry.records import StatusChange
from waybill.services.personal.requests import decide_erasure, request_erasure
from waybill.services.registry.people import set_person_status
from waybill.storage.log import EventRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import PersonRow

NAME: Final = "张建国"
ID_NUMBER: Final = "320811198501010105"
PHONE: Final = "13905171234"
REASON: Final = "本人书面申请"
VALUES: Final = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE}


def name_driver(
    session: Session, yard: Yard, vault: PersonalVault, clock: FixedClock
) -> dict[str, str]:
    """Give the yard's driver values in the vault; return their commitments by field."""
    holder = Holder(
        kind=SubjectKind.PERSON,
        id=yard.driver_id,
        organisation_id=yard.accounts.organisations["carrier"],
    )
    now = clock.now()
    refs = {
        field: vault.protect(session, field, value, now, holder=holder)
        for field, value in VALUES.items()
    }
    change_row(
        session,
        PersonRow,
        yard.driver_id,
        id_number_index=vault.index("id_number", ID_NUMBER),
        **{f"{field}_ref": ref for field, ref in refs.items()},
    )
    return refs


def retire_driver(session: Session, yard: Yard, vault: PersonalVault, clock: FixedClock) -> None:
    """Retire the driver, as the carrier does when it employs the person no longer."""
    set_person_status(
        session,
        yard.actor("carrier"),
        yard.driver_id,
        StatusChange(status=RecordStatus.RETIRED, reason="离职"),
        expected_version=session.get_one(PersonRow, yard.driver_id).version,
        vault=vault,
        clock=clock,
    )


def asked(session: Session, yard: Yard, clock: FixedClock) -> ErasureRequest:
    """Retire the driver and ask for erasure, as the carrier."""
    retire_driver(session, yard, VAULT, clock)
    return request_erasure(session, yard.actor("carrier"), yard.driver_id, REASON, clock=clock)


def decide(
    session: Session,
    yard: Yard,
    request_id: UUID,
    clock: FixedClock,
    *,
    who: str = "senior-auditor",
    approved: bool = True,
) -> tuple[ErasureRequest, ErasureOutcome]:
    """Decide a request as an account, approving it."""
    actor = yard.accounts.actor(who)
    return decide_erasure(
        session, actor, request_id, approved=approved, reason="已核实", clock=clock
    )


def told(session: Session, kind: str) -> list[dict[str, object]]:
    """Return what the events of a kind say, oldest first."""
    rows = session.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
    return [msgspec.json.decode(row.body)["data"] for row in rows]
