"""Reading measures: one whole, a list, and what of the black list everybody may read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.labels import label_of
from waybill.registry.measures import (
    WAITING,
    Measure,
    MeasureDetail,
    MeasureFilter,
    MeasureKind,
    MeasureStep,
    PublishedEntry,
)
from waybill.services.measures.proposing import PUBLISHABLE
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.registry.subject_names import SubjectName, subject_names
from waybill.storage.identity import UserRow
from waybill.storage.measures import MeasureRow, MeasureStepRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import BlackListingRow, CertificateRow, OrganisationRow

MOST_PUBLISHED: Final = 1000


def get_measure(
    session: Session, actor: Actor, measure_id: UUID, *, vault: PersonalVault
) -> MeasureDetail:
    """Return a measure with everything that was done with it.

    Raises:
        NotFoundError: there is no such measure.
    """
    actor.require(Permission.READ_MEASURES)
    row = session.get(MeasureRow, measure_id)
    if row is None:
        raise NotFoundError("measure", measure_id)
    steps = session.execute(
        select(MeasureStepRow, UserRow.username, UserRow.role)
        .outerjoin(UserRow, UserRow.id == MeasureStepRow.actor_id)
        .where(MeasureStepRow.measure_id == measure_id)
        .order_by(MeasureStepRow.id)
    )
    return MeasureDetail(
        measure=_measures(session, [row], vault)[0],
        steps=tuple(
            MeasureStep(
                at=step.at,
                act=step.act,
                status=step.status,
                event_id=step.event_id,
                by=name or "",
                role=role.value if role else "",
                reason=step.reason,
            )
            for step, name, role in steps
        ),
    )


def list_measures(
    session: Session,
    actor: Actor,
    wanted: MeasureFilter,
    page: PageRequest,
    *,
    vault: PersonalVault,
) -> Page[Measure]:
    """Return a page of measures, newest first."""
    actor.require(Permission.READ_MEASURES)
    statement = select(MeasureRow)
    if wanted.kind is not None:
        statement = statement.where(MeasureRow.kind == wanted.kind)
    if wanted.status is not None:
        statement = statement.where(MeasureRow.status == wanted.status)
    if wanted.subject_id is not None:
        statement = statement.where(MeasureRow.subject_id == wanted.subject_id)
    if wanted.case_id is not None:
        statement = statement.where(MeasureRow.case_id == wanted.case_id)
    if wanted.waiting:
        statement = statement.where(MeasureRow.status.in_(WAITING))
    if page.after is not None:
        statement = statement.where(MeasureRow.id < page.after)
    rows = session.scalars(statement.order_by(MeasureRow.id.desc()).limit(page.limit + 1)).all()
    shown = {
        row.id: measure for row, measure in zip(rows, _measures(session, rows, vault), strict=True)
    }
    return page_of(rows, page, item=lambda row: shown[row.id], key=lambda row: row.id)


def published_black_list(session: Session, *, on: date) -> tuple[PublishedEntry, ...]:
    """Return the published entries that bar on a day, newest decision first; never of a person.

    Anybody may ask. The appeal is told as a fact, without its text.
    """
    rows = session.execute(
        select(MeasureRow, BlackListingRow.id)
        .join(BlackListingRow, BlackListingRow.id == MeasureRow.black_listing_id)
        .where(
            MeasureRow.kind == MeasureKind.BLACK_LISTING,
            MeasureRow.published,
            MeasureRow.subject_kind.in_(PUBLISHABLE),
            BlackListingRow.lifted_at.is_(None),
            BlackListingRow.valid_from <= on,
            or_(BlackListingRow.valid_until.is_(None), BlackListingRow.valid_until >= on),
        )
        .order_by(MeasureRow.id.desc())
        .limit(MOST_PUBLISHED)
    ).all()
    names = subject_names(
        session, [(row.subject_kind, row.subject_id) for row, _ in rows], vault=None
    )
    codes = _credit_codes(session, [row.subject_id for row, _ in rows])
    return tuple(_entry(row, entry_id, names, codes) for row, entry_id in rows)


def _entry(
    row: MeasureRow,
    entry_id: UUID,
    names: Mapping[UUID, SubjectName],
    codes: Mapping[UUID, str],
) -> PublishedEntry:
    name = names[row.subject_id]
    return PublishedEntry(
        id=entry_id,
        subject_kind=row.subject_kind,
        name=name.text,
        plate_colour=name.plate_colour,
        uscc=codes.get(row.subject_id, ""),
        decision_number=row.decision_number,
        reason=row.reason,
        legal_basis=row.legal_basis,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        appealed=row.appeal_ref is not None and row.appeal_outcome is None,
    )


def _credit_codes(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not ids:
        return {}
    found = session.execute(
        select(OrganisationRow.id, OrganisationRow.uscc).where(OrganisationRow.id.in_(ids))
    )
    return {row.id: row.uscc for row in found}


def _measures(
    session: Session, rows: Sequence[MeasureRow], vault: PersonalVault
) -> Sequence[Measure]:
    names = subject_names(
        session, [(row.subject_kind, row.subject_id) for row in rows], vault=vault
    )
    papers = _papers(session, rows)
    users = _usernames(session, rows)
    texts = vault.open(
        session,
        tuple(ref for row in rows for ref in (row.appeal_ref, row.appeal_answer_ref) if ref),
    )
    said = {ref: text for ref, (_, text) in texts.items()}
    return [_measure(row, names, papers, users, said) for row in rows]


def _papers(session: Session, rows: Sequence[MeasureRow]) -> Mapping[UUID, str]:
    """Return what certificates are called: their kind, for a number may be personal."""
    ids = [row.subject_id for row in rows if row.subject_kind is SubjectKind.CERTIFICATE]
    if not ids:
        return {}
    found = session.execute(
        select(CertificateRow.id, CertificateRow.kind, CertificateRow.number).where(
            CertificateRow.id.in_(ids)
        )
    )
    return {row.id: f"{label_of(row.kind).zh} {row.number or ''}".strip() for row in found}


def _usernames(session: Session, rows: Sequence[MeasureRow]) -> Mapping[UUID | None, str]:
    ids = {
        identity
        for row in rows
        for identity in (row.proposed_by, row.approved_by, row.lifting_proposed_by, row.lifted_by)
        if identity
    }
    if not ids:
        return {}
    found = session.execute(select(UserRow.id, UserRow.username).where(UserRow.id.in_(ids)))
    return {row.id: row.username for row in found}


def _measure(
    row: MeasureRow,
    names: Mapping[UUID, SubjectName],
    papers: Mapping[UUID, str],
    users: Mapping[UUID | None, str],
    said: Mapping[str, str],
) -> Measure:
    name = names.get(row.subject_id)
    return Measure(
        id=row.id,
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_name=name.text if name else papers.get(row.subject_id, ""),
        reason=row.reason,
        legal_basis=row.legal_basis,
        decision_number=row.decision_number,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        published=row.published,
        at_once=row.interim_until is not None,
        case_id=row.case_id,
        proposed_at=row.proposed_at,
        status=row.status,
        in_effect=row.in_effect,
        version=row.version,
        proposed_by=users.get(row.proposed_by, ""),
        proposer_id=row.proposed_by,
        approved_by=users.get(row.approved_by, ""),
        approved_at=row.approved_at,
        interim_until=row.interim_until,
        lifting_proposed_by=users.get(row.lifting_proposed_by, ""),
        lifting_proposer_id=row.lifting_proposed_by,
        lifting_reason=row.lifting_reason,
        lifted_by=users.get(row.lifted_by, ""),
        ended_at=row.ended_at,
        appeal=said.get(row.appeal_ref or "", ""),
        appeal_received_at=row.appeal_received_at,
        appeal_outcome=row.appeal_outcome,
        appeal_answer=said.get(row.appeal_answer_ref or "", ""),
    )
