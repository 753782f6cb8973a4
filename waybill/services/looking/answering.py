"""A control question that was answered in a check, and what is said of it at once."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.registry.access import Actor
from waybill.registry.looking import LookKind
from waybill.services.checks.told import Told, told_data
from waybill.services.looking.looks import Look, moment_of, read_looked, write_look
from waybill.services.looking.reading import ControlQuestion, control_question
from waybill.services.looking.timing import took_ms
from waybill.services.registry.validation import Complaint
from waybill.storage.events import (
    EventKind,
)

NOT_ASKED: Final = Complaint(
    "not-asked", "本次查验没有这道核对题。", "This check does not ask that."
)
NO_CHOICE: Final = Complaint(
    "choice", "请从所列答案中选择。", "Choose one of the answers that are offered."
)


def answer_control(
    session: Session,
    actor: Actor,
    check_id: UUID,
    question: str,
    answer: str,
    *,
    clock: Clock,
    at: datetime | None = None,
    shown_at: datetime | None = None,
    told: Told | None = None,
) -> ControlQuestion:
    """Keep the answer to a control question, and say at once whether it was right.

    A wrong one brings a hint and stops nothing; it can be answered again, and both are kept.
    `told` is of one that was answered without network.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        InvalidFieldError: the check does not ask it, or the answer is none of its choices.
        StateError: the vehicle was released already.
    """
    now = clock.now()
    moment = moment_of(at, now)
    found = read_looked(session, actor, check_id, None)
    asked = next((each for each in found.controls if each.id == question), None)
    if asked is None or found.edition is None:
        raise _refused("/question", NOT_ASKED)
    if answer not in asked.choices:
        raise _refused("/answer", NO_CHOICE)
    correct = answer == asked.right
    look = Look(
        kind=EventKind.CONTROL_ANSWERED,
        at=moment,
        columns={
            "kind": LookKind.CONTROL,
            "name": question,
            "answer": answer,
            "correct": correct,
            "took_ms": took_ms(shown_at, moment),
        },
        data={"question": question, "answer": answer, "correct": correct, **told_data(told)},
    )
    write_look(session, actor, found.check, look, now=now)
    return control_question(asked, answer, edition=found.edition)


def _refused(pointer: str, complaint: Complaint) -> InvalidFieldError:
    problem = FieldProblem(
        pointer=pointer,
        code=complaint.code,
        message_zh=complaint.message_zh,
        message_en=complaint.message_en,
    )
    return InvalidFieldError([problem])
