"""Consent: the loading supervisor (装卸管理人员) agrees by an own account that the load begins.

A step of its own where a facility asks for it. It is given last: whatever is added to the check
afterwards, and every refusal, asks for it again. A supervisor who said no is heeded everywhere.
"""

from typing import Final, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import FieldProblem, InvalidFieldError, StateError
from waybill.registry.access import Actor, Permission
from waybill.rules.evidence import ConsentItem, EvidenceItem, PresenceItem
from waybill.rules.facts import Facts
from waybill.services.checks.evidence import evidence_insert
from waybill.services.checks.reading import (
    after_all,
    lock_waybill_of,
    read_check,
    refuse_closed,
)
from waybill.services.checks.told import Told, told_data
from waybill.services.dossier import SUPERVISOR_MARK
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
)
from waybill.storage.facts_query import OF_CHECK_LOCKED
from waybill.storage.records import BayRecord, CheckRecord
from waybill.storage.registry import PersonRow
from waybill.storage.write import write_together

CONSENT: Final = "consent"


def give_consent(
    session: Session,
    actor: Actor,
    check_id: UUID,
    *,
    given: Literal["yes", "no"],
    clock: Clock,
    told: Told | None = None,
) -> ConsentItem:
    """Keep that the supervisor who is signed in agrees, or does not, and is here.

    `told` is of a supervisor whom a tablet knew again by badge and PIN without network.

    Raises:
        ForbiddenError: the account is no supervisor's.
        InvalidFieldError: the account belongs to no person of the register.
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the check is decided or too old.
    """
    now = clock.now()
    reference = _own_reference(session, actor)
    lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    at = told.at if told else after_all(now, dossier.evidence())
    refuse_closed(check, CONSENT, at)
    consent = ConsentItem(by=str(actor.user_id), reference=reference, given=given, at=at)
    present = PresenceItem(role="supervisor", reference=reference, present=True, at=at)
    kept = (present, consent)
    data: dict[str, JsonValue] = {
        "check": str(check_id),
        "waybill": str(dossier.waybill.id),
        "items": [msgspec.to_builtins(item) for item in kept],
        **told_data(told),
    }
    event = Event(
        kind=EventKind.EVIDENCE_ADDED,
        at=now,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(dossier.waybill.id)),
            Subject(SubjectKey.CHECK, str(check_id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
        ),
    )
    event_id = event_id_at(now)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            *(evidence_insert(actor, check_id, item, event_id, now) for item in kept),
        ],
    )
    return consent


def _own_reference(session: Session, actor: Actor) -> str:
    actor.require(Permission.CONSENT_LOADING)
    own = select(PersonRow.reference).where(
        PersonRow.id == actor.person_id, PersonRow.organisation_id == actor.organisation_id
    )
    reference = session.scalar(own) if actor.person_id else None
    if reference is None:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="",
                    code="no-person",
                    message_zh="该账号没有关联装卸管理人员：请管理员在用户中关联。",
                    message_en="This account belongs to no loading supervisor: link it to one.",
                )
            ]
        )
    return SUPERVISOR_MARK + reference


def consent_state(
    items: tuple[EvidenceItem, ...], check: CheckRecord, facts: Facts
) -> Literal["given", "refused", "missing", "outdated"]:
    """Return how the supervisor's consent to a check stands.

    It is of the supervisor who is named, newer than the last refusal, the last thing added, and
    newer than all that was seen. A no that is told before a yes that is older is still a no.
    """
    consents = [item for item in items if isinstance(item, ConsentItem)]
    if not consents:
        return "missing"
    last = consents[-1]
    newest = max(reversed(consents), key=lambda item: item.at)
    if "no" in (last.given, newest.given):
        return "refused"
    named = facts.supervisor is not None and facts.supervisor.reference == last.reference
    refused_since = check.decided_at is not None and check.decided_at >= last.at
    seen_since = any(item.at > last.at for item in items if not _is_part_of_consent(item, last))
    counts = named and not refused_since and not seen_since and items[-1] is last
    return "given" if counts else "outdated"


def _is_part_of_consent(item: EvidenceItem, consent: ConsentItem) -> bool:
    """Whether something is of the same supervisor's agreeing, which may have been sent before."""
    if isinstance(item, PresenceItem):
        return item.present and item.reference == consent.reference
    return isinstance(item, ConsentItem) and item.reference == consent.reference


def refuse_without_consent(
    items: tuple[EvidenceItem, ...], check: CheckRecord, bay: BayRecord | None, facts: Facts
) -> None:
    """Refuse to clear what a supervisor has said no to, or has not agreed to where that is asked.

    Raises:
        StateError: says who has to do what.
    """
    state = consent_state(items, check, facts)
    asked = bay is None or bay.supervisor_consents
    if state == "given" or (state in ("missing", "outdated") and not asked):
        return
    zh, en = _WORDS[state]
    raise StateError(
        zh,
        en,
        state=f"consent-{state}",
        act="clear",
        next_step_zh="请装卸管理人员在全部查验完成后，用本人账号确认同意装货。",
        next_step_en="Let the supervisor agree by an own account, after all else is done.",
    )


_WORDS: Final = {
    "missing": ("装卸管理人员尚未同意装货。", "The loading supervisor has not agreed yet."),
    "outdated": (
        "装卸管理人员同意之后又有变化，须再次确认。",
        "Something changed since the loading supervisor agreed: it is asked again.",
    ),
    "refused": ("装卸管理人员不同意装货。", "The loading supervisor does not agree."),
}
