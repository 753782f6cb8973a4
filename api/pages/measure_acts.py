"""What can be done on a measure's page, as two tables: by who proposes and by who approves."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from api.auth import actor
from api.page_forms import FormReader
from api.runtime import runtime
from waybill.clock import Clock
from waybill.registry.access import Actor
from waybill.registry.measures import AppealOutcome
from waybill.services.measures import appeals
from waybill.services.measures.deciding import approve_measure, refuse_measure, withdraw_measure
from waybill.services.measures.proposing import propose_lifting

MeasureForm = Callable[[Session, UUID, FormReader], None]


class _WithReason(Protocol):
    def __call__(
        self,
        session: Session,
        actor: Actor,
        measure_id: UUID,
        reason: str,
        *,
        expected_version: int,
        clock: Clock,
    ) -> None: ...


def _with_reason(service: _WithReason, field: str) -> MeasureForm:
    """Return what reads a reason from a field of a form, and calls a service with it."""

    def act(session: Session, measure_id: UUID, reader: FormReader) -> None:
        reason = reader.text(field, required=True)
        version = reader.whole("version") or 0
        reader.settle()
        service(
            session, actor(), measure_id, reason, expected_version=version, clock=runtime().clock
        )

    return act


def _appeal(session: Session, measure_id: UUID, reader: FormReader) -> None:
    text = reader.text("appeal", required=True)
    version = reader.whole("version") or 0
    reader.settle()
    appeals.receive_appeal(
        session,
        actor(),
        measure_id,
        text,
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


def _answer(session: Session, measure_id: UUID, reader: FormReader) -> None:
    outcome = reader.choice("outcome", AppealOutcome)
    text = reader.text("answer", required=True)
    version = reader.whole("version") or 0
    reader.settle()
    appeals.answer_appeal(
        session,
        actor(),
        measure_id,
        (outcome, text),
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


PROPOSING: Final[Mapping[str, MeasureForm]] = {
    "withdrawal": _with_reason(withdraw_measure, "withdrawn_for"),
    "lifting": _with_reason(propose_lifting, "lifted_for"),
    "appeal": _appeal,
}
APPROVING: Final[Mapping[str, MeasureForm]] = {
    "approval": _with_reason(approve_measure, "reason"),
    "refusal": _with_reason(refuse_measure, "reason"),
    "ruling": _answer,
}
