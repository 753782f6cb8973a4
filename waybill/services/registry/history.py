"""What a record of the registry said before: every version, newest first."""

from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import RegistryVersion
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.changes import differing
from waybill.services.registry.listing import FIRST_PAGE
from waybill.services.registry.subjects import find_subject
from waybill.storage.registry import RegistryVersionRow


def list_versions(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    subject_id: UUID,
    *,
    page: PageRequest = FIRST_PAGE,
) -> Page[RegistryVersion]:
    """Return a page of the versions of a record, newest first.

    Personal values stand as commitments, as in the log. A page goes on behind the event of the
    last version shown.

    Raises:
        NotFoundError: there is no such record, or it is another organisation's.
    """
    actor.require(Permission.READ_REGISTRY)
    known = find_subject(session, kind, subject_id)
    if known is None or not (actor.oversees or known.organisation_id == actor.organisation_id):
        raise NotFoundError(kind.value, subject_id)
    statement = select(RegistryVersionRow).where(RegistryVersionRow.subject_id == subject_id)
    if page.after is not None:
        last = select(RegistryVersionRow.version).where(
            RegistryVersionRow.subject_id == subject_id, RegistryVersionRow.event_id == page.after
        )
        statement = statement.where(RegistryVersionRow.version < last.scalar_subquery())
    # One row beyond the page says whether there is more, and what the page's last row changed.
    newest_first = statement.order_by(RegistryVersionRow.version.desc()).limit(page.limit + 1)
    rows: list[RegistryVersionRow | None] = [*session.scalars(newest_first)]
    more = len(rows) > page.limit
    pairs = pairwise(rows if more else [*rows, None])
    items = tuple(_version_record(row, before) for row, before in pairs if row is not None)
    return Page(items=items, next_after=items[-1].event_id if more else None)


def _version_record(row: RegistryVersionRow, before: RegistryVersionRow | None) -> RegistryVersion:
    return RegistryVersion(
        version=row.version,
        recorded_at=row.recorded_at,
        event_id=row.event_id,
        changed=() if before is None else differing(before.snapshot, row.snapshot),
        snapshot=row.snapshot,
    )
