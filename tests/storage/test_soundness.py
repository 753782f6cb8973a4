"""`waybill check`: every look finds what it is there for, and is content with the rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, make_url, text

from api.soundness import database, log, machine
from api.soundness.look import Installation, Level
from api.soundness.table import LOOKS, look_at
from tests.harness.installed import environment, installed
from tests.harness.sequenced_log import tell
from waybill.clock import FixedClock, SystemClock, local_date
from waybill.outbound.witnesses import read_witnesses
from waybill.storage.grants import grant_application
from waybill.storage.log import LogCheckpointRow, LogCosignatureRow
from waybill.storage.session import make_engine, session_factory, write_session
from waybill.storage.tally import Face, TallyAct, TallyOutcome, TallySumRow
from waybill.worker import leadership

REFUSE_NOTHING = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$""",
)
REFUSE_NEVER = (
    "DROP TRIGGER event_append_only_update",
    """CREATE TRIGGER event_append_only_update BEFORE UPDATE ON event WHEN 0
    BEGIN SELECT RAISE(ABORT, ''); END""",
)
SOUND, DOUBTFUL, BROKEN = Level.SOUND, Level.DOUBTFUL, Level.BROKEN
LISTED = Path(__file__).resolve().parents[2] / "deploy" / "witnesses.example.toml"


@pytest.fixture
def at(committing_engine: Engine, tmp_path: Path, clock: FixedClock) -> Installation:
    """An installation as it should be, with a log, and nobody to witness it."""
    return installed(committing_engine, tmp_path, clock)


def with_clock(at: Installation, offset: timedelta) -> Installation:
    return replace(at, clock=FixedClock(SystemClock().now() + offset))


def test_a_sound_installation_lacks_nothing_but_a_worker_and_witnesses(
    at: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "TABLET", Path(__file__))
    monkeypatch.setattr(machine, "ROOM_DOUBTFUL", 0.0)
    found = look_at(replace(with_clock(at, timedelta()), environ=environment(at.settings)))

    wanting = {name: each.level for name, each in found.items() if each.level}
    # The tests own the tables of PostgreSQL, which an application should not.
    owner = {"grants": DOUBTFUL} if at.on_postgresql else {}
    assert wanting == owner | {"worker": BROKEN, "witnesses": DOUBTFUL}
    assert found.keys() == {look.name for look in LOOKS}
    assert all((each.next_zh and each.next_en) or not each.level for each in found.values())


class TestDatabase:
    def test_commits_that_wait_for_a_standby_are_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "confirms_commits", lambda _: False)

        found = database.look_reachable(at)

        assert (found.level, "confirms no writes" in found.en) == (BROKEN, True)

    def test_one_that_is_away_is_told_and_nothing_more_is_asked_of_it(
        self, at: Installation
    ) -> None:
        away = make_engine("postgresql://nobody:hidden@127.0.0.1:1/nothing")

        found = look_at(replace(at, engine=away, environ=environment(at.settings)))

        assert found["database"].level is BROKEN
        assert "OperationalError" in found["database"].en
        assert not found.keys() & {"schema", "append-only", "log", "worker", "signing-key"}

    def test_one_without_tables_is_told(self, at: Installation, empty_database_url: str) -> None:
        engine = make_engine(empty_database_url)

        found = database.look_schema(replace(at, engine=engine))

        engine.dispose()
        assert (found.level, "instead of" in found.en) == (BROKEN, True)

    def test_one_that_a_newer_program_made_is_served_and_told(self, at: Installation) -> None:
        with at.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '20991231_later'"))

        found = database.look_schema(at)

        assert (found.level, "newer" in found.en) == (DOUBTFUL, True)

    def test_a_trigger_that_is_gone_is_named(self, at: Installation) -> None:
        name = (
            "verdict_append_only ON verdict" if at.on_postgresql else "verdict_append_only_update"
        )
        with at.engine.begin() as connection:
            connection.execute(text(f"DROP TRIGGER {name}"))

        found = database.look_append_only(at)

        assert found.level is BROKEN
        assert "verdict" in found.en

    def test_a_trigger_without_teeth_is_found_by_trying(self, at: Installation) -> None:
        toothless = REFUSE_NOTHING if at.on_postgresql else REFUSE_NEVER
        with at.engine.begin() as connection:
            for statement in toothless:
                connection.execute(text(statement))

        found = database.look_append_only(at)

        assert (found.level, "can be changed: event" in found.en) == (BROKEN, True)

    @pytest.mark.parametrize(
        ("offset_s", "level"), [(0, SOUND), (10, DOUBTFUL), (-10, DOUBTFUL), (60, BROKEN)]
    )
    def test_a_clock_that_goes_wrong_is_found(
        self, at: Installation, offset_s: int, level: Level
    ) -> None:
        if not at.on_postgresql:
            pytest.skip("SQLite has no clock of its own")

        found = database.look_clock(with_clock(at, timedelta(seconds=offset_s)))

        assert found.level is level


class TestGrants:
    ROLE = "waybill_sound"

    @pytest.fixture
    def application(self, at: Installation) -> Iterator[Installation]:
        """The same installation, connected as the application's own role."""
        if not at.on_postgresql:
            pytest.skip("SQLite has no roles")
        with at.engine.begin() as owner:
            owner.execute(text(f"CREATE ROLE {self.ROLE} LOGIN PASSWORD 'only-for-tests'"))
            grant_application(owner, self.ROLE)
        url = make_url(at.settings.database_url).set(username=self.ROLE, password="only-for-tests")
        engine = make_engine(url.render_as_string(hide_password=False))
        yield replace(at, engine=engine)
        engine.dispose()
        with at.engine.begin() as owner:
            owner.execute(text(f"DROP OWNED BY {self.ROLE}"))
            owner.execute(text(f"DROP ROLE {self.ROLE}"))

    def test_a_role_of_its_own_may_do_what_it_must_and_cannot_change_the_past(
        self, application: Installation
    ) -> None:
        assert database.look_grants(application).level is SOUND
        assert database.look_append_only(application).level is SOUND

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ("GRANT UPDATE ON verdict TO waybill_sound", "+UPDATE verdict"),
            ("REVOKE INSERT ON event FROM waybill_sound", "-INSERT event"),
        ],
    )
    def test_a_privilege_too_many_or_too_few_is_named(
        self, application: Installation, at: Installation, change: str, named: str
    ) -> None:
        with at.engine.begin() as owner:
            owner.execute(text(change))

        found = database.look_grants(application)

        assert (found.level, named in found.en) == (BROKEN, True)


class TestLog:
    def test_a_worker_that_leads_is_seen(self, at: Installation) -> None:
        with leadership(at.engine):
            found = log.look_worker(at)

        assert found.level is SOUND

    def test_a_tree_that_is_not_what_was_signed_is_told(self, at: Installation) -> None:
        with at.engine.begin() as connection:
            connection.execute(
                insert(LogCheckpointRow).values(
                    epoch=0, size=9, recorded_at=at.clock.now(), root=bytes(32), note=b"no note"
                )
            )

        assert log.look_log(at).level is BROKEN

    def test_an_event_that_waits_too_long_is_told(
        self, at: Installation, clock: FixedClock
    ) -> None:
        tell(at.sessions, clock)
        clock.advance(timedelta(seconds=6))

        assert log.look_log(at).level is DOUBTFUL

    def test_a_log_that_nobody_began_is_told(
        self, at: Installation, databases: object, dialect: str
    ) -> None:
        engine = make_engine(databases.fresh(dialect))  # type: ignore[attr-defined]  # Databases

        found = log.look_log(replace(at, engine=engine, sessions=session_factory(engine)))

        engine.dispose()
        assert (found.level, found.en) == (DOUBTFUL, "the log has not begun")

    @pytest.mark.parametrize(("age", "level"), [(60, SOUND), (7201, DOUBTFUL)])
    def test_a_witness_is_heard_and_missed(
        self, at: Installation, clock: FixedClock, age: int, level: Level
    ) -> None:
        listed = replace(at, settings=replace(at.settings, witnesses=LISTED))
        (witness,) = read_witnesses(LISTED).witnesses
        row = {"epoch": 0, "size": 2, "name": witness.name, "key_id": witness.keys[0].key_id}
        unheard = log.look_witnesses(listed)
        with at.engine.begin() as connection:
            connection.execute(
                insert(LogCosignatureRow).values(**row, at=clock.now(), blob=b"signed")
            )
        clock.advance(timedelta(seconds=age))

        assert (unheard.level, log.look_witnesses(listed).level) == (DOUBTFUL, level)

    def test_a_list_of_witnesses_that_cannot_be_read_is_told(
        self, at: Installation, tmp_path: Path
    ) -> None:
        missing = replace(at, settings=replace(at.settings, witnesses=tmp_path / "missing"))

        assert log.look_witnesses(missing).level is BROKEN

    def test_counting_that_falls_behind_is_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log, "COUNTING_LAG", 0)

        found = log.look_counting(at)

        assert (found.level, found.en) == (DOUBTFUL, "counting is 2 entries behind")

    def test_a_sum_of_yesterday_that_counting_does_not_give_is_told(self, at: Installation) -> None:
        day = local_date(at.clock.now()) - timedelta(days=1)
        made_up = TallySumRow(
            face=Face.ALL,
            key="",
            day=day,
            act=TallyAct.CHECK,
            outcome=TallyOutcome.PASSED,
            offline=False,
            after_loading=-1,
            many=1,
            with_planned=0,
            planned_kg=Decimal(0),
            with_loaded=0,
            loaded_kg=Decimal(0),
        )
        with write_session(at.sessions) as session:
            session.add(made_up)

        assert log.look_figures(at).level is BROKEN
