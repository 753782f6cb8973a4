"""A decision without its event cannot be committed, and no event goes without its place."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.sequenced_log import sequencer, tell
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.services.log.checking import stray_events
from waybill.storage.guard import DECISIONS, UntoldDecisionError
from waybill.storage.keys import SigningKeyRow
from waybill.storage.log import EventPendingRow, EventRow, LogEntryRow
from waybill.storage.session import read_session, session_factory, write_session
from waybill.storage.tables import METADATA
from waybill.storage.waybills import WaybillRow
from waybill.storage.write import Written, new_row, write_together


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


def new_key(event_id: UUID, clock: FixedClock) -> SigningKeyRow:
    return SigningKeyRow(
        kid=uuid4().hex[:8], issuer="demo", jwk={}, not_before=clock.now(), event_id=event_id
    )


OF_THE_LOG = {
    *("event_subject", "event_pending", "log_entry", "log_identity"),
    *("tally", "pattern_finding", "pattern_event"),
}
"""The log itself, and what is derived from it and can be made anew."""
CHANGED_ASIDE = {"plant_item", "export_job"}
"""Made with an event; what changes later is told by further ones, or is how far an export is."""
TOLD_BY_THEIR_STEPS = {"waybill", "case_file", "correction_request", "measure"}
"""How these stand now; each change is a row beside them that names its event."""


class TestDecisions:
    """What the guard before commit adds to the foreign keys."""

    def test_every_table_that_names_an_event_is_a_decision(self) -> None:
        naming = {
            name
            for name, table in METADATA.tables.items()
            for key in table.foreign_keys
            if key.column.table.name == "event"
        }

        assert naming - OF_THE_LOG - CHANGED_ASIDE == DECISIONS - TOLD_BY_THEIR_STEPS

    def test_every_decision_must_name_its_event(self) -> None:
        nullable = [
            name
            for name in DECISIONS - TOLD_BY_THEIR_STEPS
            if METADATA.tables[name].c["event_id"].nullable
        ]

        assert nullable == []

    def test_an_object_without_a_new_event_is_refused(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        (old,) = tell(sessions, clock)

        with pytest.raises(UntoldDecisionError, match="signing_key"), write_session(sessions) as s:
            s.add(new_key(old, clock))
        with read_session(sessions) as session:
            assert session.query(SigningKeyRow).count() == 0

    @pytest.mark.parametrize("together", [False, True])
    def test_a_statement_without_a_new_event_is_refused(
        self, sessions: sessionmaker[Session], clock: FixedClock, *, together: bool
    ) -> None:
        (old,) = tell(sessions, clock)
        one = insert(SigningKeyRow).values(
            kid="k1", issuer="demo", jwk={}, not_before=clock.now(), event_id=old
        )
        statements: list[Written] = [one]
        if together:
            statements.append(update(SigningKeyRow).values(issuer="x"))

        with pytest.raises(UntoldDecisionError), write_session(sessions) as session:
            write_together(session, statements)

    def test_rows_without_a_new_event_are_refused(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        (old,) = tell(sessions, clock)
        rows = [
            new_row(
                SigningKeyRow, kid=kid, issuer="demo", jwk={}, not_before=clock.now(), event_id=old
            )
            for kid in ("k1", "k2")
        ]

        with pytest.raises(UntoldDecisionError), write_session(sessions) as session:
            write_together(session, rows)

    def test_with_its_event_it_is_committed_and_the_next_needs_its_own(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        with sessions() as session:
            event = EventRow(recorded_at=clock.now(), kind="made", body=b"{}", salt=bytes(32))
            session.add(event)
            session.flush()
            session.add(new_key(event.id, clock))
            session.commit()
            session.add(new_key(event.id, clock))
            with pytest.raises(UntoldDecisionError):
                session.commit()

    def test_a_savepoint_may_come_before_the_event(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        (old,) = tell(sessions, clock)

        with write_session(sessions) as session:
            with session.begin_nested():
                session.add(new_key(old, clock))
            session.add(EventRow(recorded_at=clock.now(), kind="k", body=b"{}", salt=bytes(32)))
        with read_session(sessions) as session:
            assert session.query(SigningKeyRow).count() == 1

    def test_a_status_is_not_changed_in_silence(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        with write_session(sessions) as session:
            seed_signing_key(session, clock)
            yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
            waybill_id = Line(yard=yard, clock=clock).issued(session).id

        with (
            pytest.raises(UntoldDecisionError, match="waybill"),
            write_session(sessions) as session,
        ):
            session.execute(
                update(WaybillRow).where(WaybillRow.id == waybill_id).values(cancel_reason="x")
            )

    def test_reading_and_other_tables_need_no_event(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        with write_session(sessions) as session:
            seed_accounts(session, clock.now())
        with write_session(sessions) as session:
            assert session.query(WaybillRow).count() == 0


class TestPlaces:
    """Every event waits for the tree or is in it, whoever wrote it and however."""

    def test_whoever_writes_an_event_it_waits(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        event_id = new_id()
        with write_session(sessions) as session:
            session.execute(
                insert(EventRow).values(
                    id=event_id, recorded_at=clock.now(), kind="k", body=b"", salt=bytes(32)
                )
            )

        with read_session(sessions) as session:
            assert session.get(EventPendingRow, event_id) is not None

    def test_what_is_not_in_the_tree_waits_for_it(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        tell(sessions, clock)

        with (
            pytest.raises(DBAPIError, match="append-only"),
            write_session(sessions) as session,
        ):
            session.execute(delete(EventPendingRow))

    def test_what_waits_is_not_exchanged(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        tell(sessions, clock)

        with (
            pytest.raises(DBAPIError, match="append-only"),
            write_session(sessions) as session,
        ):
            session.execute(update(EventPendingRow).values(event_id=new_id()))

    def test_one_place_holds_one_event_and_one_event_one_place(
        self, sessions: sessionmaker[Session], clock: FixedClock
    ) -> None:
        first, second = tell(sessions, clock, 2)
        with write_session(sessions) as session:
            session.execute(insert(LogEntryRow).values(index=0, event_id=first))

        for index, event_id in ((0, second), (1, first), (1, new_id())):
            with pytest.raises(IntegrityError), write_session(sessions) as session:
                session.execute(insert(LogEntryRow).values(index=index, event_id=event_id))

    def test_whoever_goes_round_the_triggers_is_found(
        self, committing_engine: Engine, sessions: sessionmaker[Session], clock: FixedClock,
        dialect: str, tmp_path: object,
    ) -> None:  # fmt: skip
        off = {
            "sqlite": "DROP TRIGGER event_waits",
            "postgresql": "ALTER TABLE event DISABLE TRIGGER event_waits",
        }[dialect]
        log = sequencer(sessions, tmp_path, clock)  # type: ignore[arg-type]  # pytest's own path
        log.all()
        with committing_engine.begin() as connection:
            connection.execute(text(off))

        (stray,) = tell(sessions, clock)

        with read_session(sessions) as session:
            assert stray_events(session) == (stray,)
        assert log.watch() == (1, False)
