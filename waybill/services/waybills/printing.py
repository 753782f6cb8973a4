"""What goes on paper: the signed content with its people by name, and the look at them as an event.

The carrier whose waybill it is prints it for its driver, with names and telephones. Everybody else
who may see it gets the same paper with personal values masked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.document import CrewMember, WaybillContent
from waybill.errors import StateError
from waybill.identifiers import mask_id_number
from waybill.registry.access import Actor, Permission
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.waybills.queries import Waybill, get_waybill
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.personal import PersonalVault

COMMITMENT_CHARS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPerson:
    """A member of the crew as the paper names it; an erased value is `None`, none at all `""`."""

    name: str | None
    phone: str | None
    certificate_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWaybill:
    """Everything that a printed waybill shows. `masked`: personal values are not in clear."""

    content: WaybillContent
    status: WaybillStatus
    digest: str
    qr_text: str
    driver: PrintedPerson
    escort: PrintedPerson
    dispatcher: str | None
    masked: bool
    printed_at: datetime
    cancelled_at: datetime | None = None
    cancel_reason: str = ""


def print_waybill(
    session: Session, actor: Actor, waybill_id: UUID, *, vault: PersonalVault, clock: Clock
) -> PrintedWaybill:
    """Return the newest revision as it is to be printed; that it was printed is an event.

    Raises:
        NotFoundError: there is no waybill that the account may see.
        StateError: it is a draft: there is nothing signed to print.
    """
    actor.require(Permission.READ_WAYBILL)
    found = get_waybill(session, actor, waybill_id)
    content = found.content
    if content is None:
        raise StateError(
            "草稿没有签名，不能打印。",
            "A draft is not signed; there is nothing to print.",
            state=found.summary.status.value,
            act="print",
            next_step_zh="签发后再打印。",
            next_step_en="Issue it first.",
        )
    own = found.summary.carrier_id == actor.organisation_id
    masked = not (own and Permission.READ_PERSONAL in actor.permissions)
    commitments = _commitments(content)
    opened = vault.open(session, commitments)
    values = {commitment: value for commitment, (_, value) in opened.items()}

    now = clock.now()
    _record(session, actor, found, content, shown=() if masked else tuple(opened), at=now)
    return PrintedWaybill(
        content=content,
        status=found.summary.status,
        digest=found.revisions[-1].digest,
        qr_text=found.revisions[-1].qr_text,
        driver=_person(content.driver, values, masked=masked),
        escort=_person(content.escort, values, masked=masked),
        dispatcher=_dispatcher(content.dispatcher, values, masked=masked),
        masked=masked,
        printed_at=now,
        cancelled_at=found.cancelled_at,
        cancel_reason=found.cancel_reason,
    )


def _commitments(content: WaybillContent) -> tuple[str, ...]:
    named = [content.dispatcher]
    for member in (content.driver, content.escort):
        named += [member.name, member.phone, member.certificate_number]
    return tuple(dict.fromkeys(text for text in named if len(text) == COMMITMENT_CHARS))


def _person(member: CrewMember, values: dict[str, str], *, masked: bool) -> PrintedPerson:
    return PrintedPerson(
        name=_value(member.name, values, _mask_name if masked else str),
        phone=_value(member.phone, values, mask_id_number if masked else str),
        certificate_number=_value(
            member.certificate_number, values, mask_id_number if masked else str
        ),
    )


def _dispatcher(text: str, values: dict[str, str], *, masked: bool) -> str | None:
    return _value(text, values, _mask_name if masked else str)


def _value(commitment: str, values: dict[str, str], show: Callable[[str], str]) -> str | None:
    if not commitment:
        return ""
    value = values.get(commitment)
    return None if value is None else show(value)


def _mask_name(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)


def _record(
    session: Session,
    actor: Actor,
    found: Waybill,
    content: WaybillContent,
    *,
    shown: tuple[str, ...],
    at: datetime,
) -> None:
    data: dict[str, JsonValue] = {
        "waybill": content.id,
        "number": content.number,
        "revision": content.revision,
        "document": found.revisions[-1].digest,
        "shown": sorted(shown),
    }
    units = [unit for unit in (content.vehicle, content.trailer) if unit is not None]
    subjects = [
        Subject(SubjectKey.WAYBILL, content.id),
        Subject(SubjectKey.ORGANISATION, str(found.summary.carrier_id)),
        *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
    ]
    crew = (found.draft.driver_id, found.draft.escort_id) if shown and found.draft else ()
    subjects += [Subject(SubjectKey.PERSON, str(person)) for person in crew if person is not None]
    event = Event(
        kind=EventKind.WAYBILL_PRINTED, at=at, actor=actor, data=data, subjects=tuple(subjects)
    )
    record_event(session, event)
