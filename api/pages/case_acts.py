"""What can be done on a case's page, as a table: each reads its form and calls its service."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from api.auth import actor
from api.page_forms import CHOOSE, FormReader
from api.runtime import runtime
from waybill.registry.cases import CaseOutcome, RequestAsking
from waybill.services.cases import acting, requests

NOBODY: Final = UUID(int=0)
"""Stands for a choice that was not made; the form is refused before anybody sees it."""


def _comment(session: Session, case_id: UUID, reader: FormReader) -> None:
    text = reader.text("text", required=True)
    reader.settle()
    acting.comment_case(
        session, actor(), case_id, text, vault=runtime().vault, clock=runtime().clock
    )


def _assign(session: Session, case_id: UUID, reader: FormReader) -> None:
    user_id = _chosen(reader, "user")
    version = _version(reader)
    acting.assign_case(
        session, actor(), case_id, user_id, expected_version=version, clock=runtime().clock
    )


def _set_deadline(session: Session, case_id: UUID, reader: FormReader) -> None:
    due_on = reader.needed_day("due_on")
    version = _version(reader)
    acting.set_deadline(
        session, actor(), case_id, due_on, expected_version=version, clock=runtime().clock
    )


def _ask(session: Session, case_id: UUID, reader: FormReader) -> None:
    asking = RequestAsking(
        organisation_id=_chosen(reader, "organisation_id"),
        text=reader.text("asked", required=True),
        due_on=reader.needed_day("asked_due_on"),
    )
    version = _version(reader)
    requests.ask_correction(
        session,
        actor(),
        case_id,
        asking,
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


def _withdraw(session: Session, case_id: UUID, reader: FormReader) -> None:
    version = _version(reader)
    requests.withdraw_request(
        session, actor(), case_id, expected_version=version, clock=runtime().clock
    )


def _accept(session: Session, case_id: UUID, reader: FormReader) -> None:
    version = _version(reader)
    requests.accept_answer(
        session, actor(), case_id, expected_version=version, clock=runtime().clock
    )


def _decide(session: Session, case_id: UUID, reader: FormReader) -> None:
    outcome = reader.choice("outcome", CaseOutcome)
    text = reader.text("decision", required=True)
    version = _version(reader)
    acting.decide_case(
        session,
        actor(),
        case_id,
        (outcome, text),
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


def _close(session: Session, case_id: UUID, reader: FormReader) -> None:
    version = _version(reader)
    acting.close_case(session, actor(), case_id, expected_version=version, clock=runtime().clock)


def _reopen(session: Session, case_id: UUID, reader: FormReader) -> None:
    reason = reader.text("reason", required=True)
    version = _version(reader)
    acting.reopen_case(
        session,
        actor(),
        case_id,
        reason,
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


def _chosen(reader: FormReader, name: str) -> UUID:
    found = reader.identity(name)
    if found is None:
        reader.complain(name, CHOOSE)
    return found or NOBODY


def _version(reader: FormReader) -> int:
    """Return the version that the form holds, once all of the form could be read."""
    version = reader.whole("version") or 0
    reader.settle()
    return version


ACTS: Final[Mapping[str, Callable[[Session, UUID, FormReader], None]]] = {
    "comment": _comment,
    "assignment": _assign,
    "deadline": _set_deadline,
    "request": _ask,
    "withdrawal": _withdraw,
    "acceptance": _accept,
    "decision": _decide,
    "closing": _close,
    "reopening": _reopen,
}
