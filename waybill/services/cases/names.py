"""What lists call the things and accounts that cases are about, a query per kind."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.registry.cases import CaseSubject
from waybill.registry.kinds import SubjectKind
from waybill.services.cases.record import REGISTERED
from waybill.services.registry.subject_names import subject_names
from waybill.storage.cases import CaseRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault
from waybill.storage.waybills import WaybillRow


def names_of(
    session: Session, rows: Sequence[CaseRow], *, vault: PersonalVault
) -> Mapping[UUID, str]:
    """Return by id the names of subjects, organisations and assignees; events have none."""
    wanted = [
        (REGISTERED[row.about_kind], row.about_id)
        for row in rows
        if row.about_id is not None and row.about_kind is not None and row.about_kind in REGISTERED
    ]
    wanted += [
        (SubjectKind.ORGANISATION, row.organisation_id)
        for row in rows
        if row.organisation_id is not None
    ]
    found = {
        identity: name.text
        for identity, name in subject_names(session, wanted, vault=vault).items()
    }
    return found | _waybills(session, rows) | usernames(session, [row.assigned_to for row in rows])


def usernames(session: Session, ids: Sequence[UUID | None]) -> dict[UUID, str]:
    """Return by id the names of accounts."""
    known = {identity for identity in ids if identity is not None}
    if not known:
        return {}
    rows = session.execute(select(UserRow.id, UserRow.username).where(UserRow.id.in_(known)))
    return {row.id: row.username for row in rows}


def _waybills(session: Session, rows: Sequence[CaseRow]) -> dict[UUID, str]:
    ids = [row.about_id for row in rows if row.about_kind is CaseSubject.WAYBILL]
    if not ids:
        return {}
    found = session.execute(select(WaybillRow.id, WaybillRow.number).where(WaybillRow.id.in_(ids)))
    return {row.id: row.number or "" for row in found}
