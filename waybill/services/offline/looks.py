"""Looks that a record tells of: tags and control answers, kept like those that come online.

No rule knows of them, so one that cannot be kept speaks against nothing: the signed text has it.
"""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.errors import WaybillError
from waybill.services.looking.answering import answer_control
from waybill.services.looking.seeing import scan_presence_tag
from waybill.services.offline.format import RecordedLook, RecordedTag
from waybill.services.offline.items import Keeping, actor_at, known_items


def keep_looks(session: Session, keeping: Keeping, check_id: UUID) -> None:
    """Add the looks of a record to its check, each once."""
    looks = [item for item in keeping.record.evidence if isinstance(item, RecordedLook)]
    known = known_items(session, keeping, looks)
    for look in looks:
        if look.id not in known:
            with suppress(WaybillError):
                _keep(session, keeping, check_id, look)


def _keep(session: Session, keeping: Keeping, check_id: UUID, look: RecordedLook) -> None:
    at, shown_at = keeping.timing.settle(look.at), keeping.settle(look.shown_at)
    told = keeping.told(at)
    actor = actor_at(session, keeping, look.person, look.own_session, at)
    if actor is None:
        return
    if isinstance(look, RecordedTag):
        scan_presence_tag(
            session,
            actor,
            check_id,
            look.text,
            looking=keeping.looking,
            clock=keeping.clock,
            at=at,
            shown_at=shown_at,
            told=told,
        )
        return
    answer_control(
        session,
        actor,
        check_id,
        look.question,
        look.answer,
        clock=keeping.clock,
        at=at,
        shown_at=shown_at,
        told=told,
    )
