"""A decision without its event is not committed.

Foreign keys hold that a decision names an event; they would be content with an old one. Before a
transaction commits, the guard asks that one which wrote a decision also wrote an event.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Executable, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, sessionmaker
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import Table

DECISIONS: Final = frozenset(
    {
        "waybill",
        "waybill_revision",
        "verdict",
        "loading_check",
        "check_evidence",
        "check_photo",
        "check_abort",
        "check_looking",
        "check_look",
        "clearance",
        "release",
        "registry_version",
        "black_listing",
        "signing_key",
        "log_key",
        "case_file",
        "case_note",
        "correction_request",
        "measure",
        "measure_step",
        "saved_search",
        "retention_run",
        "report",
        "daily_total",
        "offline_record",
    }
)
"""Tables whose rows say that something was decided, signed, seen or changed."""
EVENT: Final = "event"
_WRITTEN: Final = "written_tables"


class UntoldDecisionError(RuntimeError):
    """A transaction would have committed decisions without an event: a fault of the program."""

    def __init__(self, tables: Iterable[str]) -> None:
        super().__init__(f"a decision without its event: {', '.join(sorted(tables))}")


def guard(sessions: sessionmaker[Session]) -> None:
    """Let every session of a maker refuse to commit a decision without its event."""
    event.listen(sessions, "do_orm_execute", _note_execution)
    event.listen(sessions, "after_flush", _note_flush)
    event.listen(sessions, "before_commit", _refuse_untold)
    event.listen(sessions, "after_transaction_end", _forget)


def note_written(session: Session, statements: Iterable[Executable]) -> None:
    """Note what statements write that are run inside another one."""
    for statement in statements:
        if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
            session.info.setdefault(_WRITTEN, set()).add(statement.table.name)


def _note_execution(state: ORMExecuteState) -> None:
    if not state.is_select:
        note_written(state.session, [state.statement])


def _note_flush(session: Session, _: object) -> None:
    changed = [*session.new, *session.deleted, *filter(session.is_modified, session.dirty)]
    names = {row.__tablename__ for row in changed}
    if names:
        session.info.setdefault(_WRITTEN, set()).update(names)


def _refuse_untold(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    written: set[str] = session.info.get(_WRITTEN, set())
    if (decided := written & DECISIONS) and EVENT not in written:
        raise UntoldDecisionError(decided)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_WRITTEN, None)
