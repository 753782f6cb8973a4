"""Disclosing one value with its salt, so that its commitment can be recomputed by anybody."""

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.personal import DisclosedValue, HeldValue, LegalPurpose, ValueState
from waybill.services.personal.holdings import get_value, holder_subjects
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.personal import PersonalVault

_NEEDS_PURPOSE = FieldProblem(
    pointer="/purpose",
    code="restricted-needs-purpose",
    message_zh="该信息已限制处理，只能因法定事由查阅：请选择事由。",
    message_en="This value is under restriction and is read for a legal purpose only: choose one.",
)


def disclose_value(
    session: Session,
    actor: Actor,
    commitment: str,
    reason: str,
    *,
    purpose: LegalPurpose | None = None,
    vault: PersonalVault,
    clock: Clock,
) -> DisclosedValue:
    """Show a value and its salt; to whom, why and for what purpose is an event.

    Args:
        session: the caller's, for writing.
        actor: who asks.
        commitment: what documents, facts and events call the value, hexadecimal.
        reason: why, in words; it goes into the log.
        purpose: the legal purpose, without which a restricted value stays closed.
        vault: opens it.
        clock: tells when.

    Raises:
        ForbiddenError: the account may not read personal values, or not restricted ones.
        NotFoundError: no value is known by this commitment, or it is another organisation's.
        StateError: it was erased.
        InvalidFieldError: no readable reason, or a restricted value without a legal purpose.
    """
    actor.require(Permission.READ_PERSONAL)
    value = get_value(session, actor, commitment)
    stated = checked_reason(reason)
    restricted = value.state is ValueState.RESTRICTED
    if restricted:
        actor.require(Permission.READ_RESTRICTED)
        if purpose is None:
            raise InvalidFieldError([_NEEDS_PURPOSE])
    refuse_erased(value)
    opened = vault.open(session, (commitment,), restricted=restricted).get(commitment)
    if opened is None:
        raise NotFoundError("personal value", commitment)
    salt, text = opened
    data: dict[str, JsonValue] = {
        "field": value.field,
        "commitment": commitment,
        "reason": stated,
        "restricted": restricted,
        "purpose": None if purpose is None else purpose.value,
    }
    event = Event(
        kind=EventKind.PERSONAL_VALUE_DISCLOSED,
        at=clock.now(),
        actor=actor,
        data=data,
        subjects=holder_subjects(value.holder),
    )
    return DisclosedValue(
        commitment=commitment,
        field=value.field,
        salt=salt.hex(),
        value=text,
        event_id=record_event(session, event),
    )


def refuse_erased(value: HeldValue) -> None:
    """Refuse to open what is no longer there.

    Raises:
        StateError: value and salt were destroyed.
    """
    if value.state is ValueState.ERASED:
        raise StateError(
            "该信息已被删除，盐值和内容均已销毁，只留下承诺值。",
            "This value was erased: salt and value are destroyed, only the commitment is left.",
            state=value.state.value,
            act="disclose",
            next_step_zh="签名、判定和留痕证明不受影响，无须恢复。",
            next_step_en="Signatures, verdicts and proofs hold without it; nothing is to be done.",
        )


def refuse_restricted(value: HeldValue) -> None:
    """Refuse to show a restricted value in the ordinary way.

    Raises:
        StateError: it is under restriction; says until when.
    """
    if value.state is ValueState.RESTRICTED:
        raise StateError(
            f"该信息已限制处理，保存至 {value.restricted_until}，期满删除。",
            f"This value is under restriction; it is kept until {value.restricted_until} "
            "and then erased.",
            state=value.state.value,
            act="disclose",
            next_step_zh="确有法定事由的，由主管部门高级审计员查阅。",
            next_step_en="For a legal purpose a senior auditor of the authority may read it.",
        )
