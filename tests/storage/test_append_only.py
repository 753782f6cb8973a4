"""What was written once stays: by trigger on both dialects, by grant on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, delete, insert, make_url, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.databases import Databases
from tests.harness.line import Line, seed_signing_key
from tests.harness.sequenced_log import sequencer, tell_quickly
from tests.harness.trips import find_yard, seed_yard
from waybill.clock import FixedClock
from waybill.registry.plant_items import PlantItemParticulars
from waybill.rules.evidence import Photo
from waybill.services.log.keys import add_log_key, log_keys, retire_log_key
from waybill.services.log.serving import find_identity
from waybill.services.plant_items import add_plant_item
from waybill.storage.grants import grant_application, privileges
from waybill.storage.log import LogCosignatureRow, PersonalValueRow
from waybill.storage.personal import PersonalVault, erase_value
from waybill.storage.session import make_engine, session_factory, write_session
from waybill.storage.tables import APPEND_ONLY, METADATA

WRITTEN = (
    "event",
    "event_subject",
    "waybill_revision",
    "verdict",
    "check_evidence",
    "check_photo",
    "check_plant_item",
    "clearance",
    "release",
    "log_entry",
    "log_tile",
    "log_checkpoint",
    "log_identity",
    "log_cosignature",
)
"""Append-only tables in which a trip to its release, and the log that tells it, leave rows."""
COLUMN = {
    "event": "kind",
    "event_subject": "subject_key",
    "waybill_revision": "reason",
    "verdict": "edition",
    "check_evidence": "recorded_at",
    "check_photo": "shows",
    "check_plant_item": "stops",
    "clearance": "cleared_at",
    "release": "digest",
    "log_entry": "event_id",
    "log_tile": "content",
    "log_checkpoint": "note",
    "log_identity": "origin",
    "log_cosignature": "blob",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the log's private keys lie."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def told_url(databases: Databases, dialect: str, keys: Path) -> Iterator[str]:
    """A database in which one trip was taken to its release and the log has it, cosigned."""
    clock = FixedClock(datetime(2026, 11, 22, 6, 5, tzinfo=UTC))
    url = databases.fresh(dialect)
    engine = databases.engine(url)
    with Session(engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        seed_signing_key(session, clock)
        line = Line(yard=yard, clock=clock)
        add_plant_item(
            session,
            yard.actor("supervisor"),
            yard.facility_id,
            PlantItemParticulars(question_zh="鹤位正确？", question_en="Right arm?"),
            clock=clock,
        )
        _, check_id = line.cleared(session)
        photo = Photo(content=b"JPEG", media_type="image/jpeg", sha256="0" * 64)
        line.photograph(session, check_id, "seals", photo)
        line.release(session, check_id)
    log = sequencer(session_factory(engine), keys, clock)
    tell_quickly(log.sessions, 256, clock.now())
    log.all()
    with write_session(log.sessions) as session:
        session.execute(
            insert(LogCosignatureRow).values(
                epoch=0, size=0, name="w", key_id=b"1234", at=clock.now(), blob=b"signed"
            )
        )
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def told(databases: Databases, told_url: str) -> Iterator[Engine]:
    """The engine of that database, for tests whose changes are refused."""
    engine = databases.engine(told_url)
    yield engine
    engine.dispose()


@pytest.fixture
def apart(databases: Databases, told: Engine, told_url: str) -> Iterator[Engine]:
    """The engine of a copy of that database, for a test that changes something."""
    told.dispose()
    url = databases.copy(told_url)
    engine = databases.engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize("table", WRITTEN)
def test_a_row_is_not_changed(told: Engine, table: str) -> None:
    column = METADATA.tables[table].c[COLUMN[table]]

    with pytest.raises(DBAPIError, match="append-only"), told.begin() as connection:
        connection.execute(update(METADATA.tables[table]).values({column: column}))


@pytest.mark.parametrize("table", WRITTEN)
def test_a_row_is_not_removed(told: Engine, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), told.begin() as connection:
        connection.execute(delete(METADATA.tables[table]))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_table_is_not_emptied_at_once(told: Engine, dialect: str, table: str) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), told.begin() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


class TestPersonalValues:
    """Salt and value may go; nothing else may change."""

    @pytest.fixture
    def vault(self) -> PersonalVault:
        """A vault with keys that guard nothing."""
        return PersonalVault(b"e" * 32, b"i" * 32)

    def test_a_value_is_erased(
        self, committing_engine: Engine, vault: PersonalVault, clock: FixedClock
    ) -> None:
        with Session(committing_engine) as session, session.begin():
            commitment = vault.protect(session, "name", "张建国", clock.now())

        with Session(committing_engine) as session, session.begin():
            erase_value(session, commitment, clock.now())

        with Session(committing_engine) as session:
            assert vault.reveal(session, commitment) is None

    @pytest.mark.parametrize(
        "change",
        [
            {"value_index": "another"},
            {"field": "phone"},
            {"sealed": None},
            {"commitment": "x", "sealed": None, "erased_at": datetime(2026, 11, 22, tzinfo=UTC)},
        ],
    )
    def test_a_value_is_not_rewritten(
        self,
        committing_engine: Engine,
        vault: PersonalVault,
        clock: FixedClock,
        change: dict[str, object],
    ) -> None:
        with Session(committing_engine) as session, session.begin():
            vault.protect(session, "name", "张建国", clock.now())

        with (
            pytest.raises(DBAPIError, match="append-only"),
            committing_engine.begin() as connection,
        ):
            connection.execute(update(PersonalValueRow).values(change))

    def test_a_value_is_not_removed(
        self, committing_engine: Engine, vault: PersonalVault, clock: FixedClock
    ) -> None:
        with Session(committing_engine) as session, session.begin():
            vault.protect(session, "name", "张建国", clock.now())

        with (
            pytest.raises(DBAPIError, match="append-only"),
            committing_engine.begin() as connection,
        ):
            connection.execute(text("DELETE FROM pii"))


class TestGrants:
    """The application's role on PostgreSQL can do what it must and no more."""

    ROLE = "waybill_application"

    @pytest.fixture
    def application(self, apart: Engine, dialect: str) -> Iterator[Engine]:
        """An engine that connects as the application's role."""
        if dialect == "sqlite":
            pytest.skip("SQLite has no roles")
        password = "only-for-tests"
        conninfo = apart.url.render_as_string(hide_password=False).replace("+psycopg", "")
        role = sql.Identifier(self.ROLE)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
            )
        with apart.begin() as owner:
            grant_application(owner, self.ROLE)
        url = make_url(apart.url).set(username=self.ROLE, password=password)
        engine = make_engine(url.render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
            connection.execute(sql.SQL("DROP ROLE {}").format(role))

    def test_every_table_has_its_privileges(self, application: Engine) -> None:
        found: dict[str, set[str]] = {table: set() for table in METADATA.tables}
        with application.begin() as connection:
            rows = connection.execute(
                text(
                    "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
                    " WHERE grantee = current_user AND table_name <> 'alembic_version'"
                )
            )
            for table, privilege in rows:
                found[table].add(privilege)

        assert found == {table: set(privileges(table).split(", ")) for table in METADATA.tables}

    @pytest.mark.parametrize("verb", ["UPDATE event SET kind = kind", "DELETE FROM verdict"])
    def test_it_cannot_rewrite_the_past(self, application: Engine, verb: str) -> None:
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            application.begin() as connection,
        ):
            connection.execute(text(verb))

    def test_it_cannot_take_a_trigger_away(self, application: Engine) -> None:
        with (
            pytest.raises(DBAPIError, match="must be owner"),
            application.begin() as connection,
        ):
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))

    def test_it_can_take_a_trip_to_its_release(
        self, application: Engine, clock: FixedClock
    ) -> None:
        with Session(application) as session, session.begin():
            session.execute(text("SELECT 1 FROM alembic_version"))
            organisations = session.execute(text("SELECT count(*) FROM organisation")).scalar_one()
            line = Line(yard=find_yard(session), clock=clock)
            _, check_id = line.cleared(session)
            release = line.release(session, check_id)

        assert (organisations, release.released) == (4, True)

    def test_it_can_sequence_and_change_the_key(
        self, application: Engine, clock: FixedClock, keys: Path
    ) -> None:
        log = sequencer(session_factory(application), keys, clock)
        with write_session(log.sessions) as session:
            add_log_key(session, None, keys, clock=clock)
            old, *_ = reversed(log_keys(session, find_identity(session)))
            retire_log_key(session, None, old.kid, reason="轮换", clock=clock)

        assert log.all() == 2
