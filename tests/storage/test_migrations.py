"""Migrations: up, down and up again with rows, and exactly the schema that the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.registry.plant_items import PlantItemParticulars
from waybill.services.plant_items import add_plant_item, retire_plant_item
from waybill.storage.migrate import current, downgrade, head, upgrade
from waybill.storage.plant_items import CheckPlantItemRow
from waybill.storage.session import make_engine
from waybill.storage.tables import APPEND_ONLY, METADATA


def tables(engine: Engine) -> set[str]:
    """Return the tables of a database but for Alembic's own."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_a_database_with_rows_goes_down_and_up_again(
    fresh_database_url: str, committing_engine: Engine, clock: FixedClock
) -> None:
    with Session(committing_engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        line = Line(yard=yard, clock=clock)
        _, check_id = line.cleared(session)
        line.release(session, check_id)
    committing_engine.dispose()

    downgrade(fresh_database_url, "base")
    without = tables(committing_engine)
    committing_engine.dispose()
    upgrade(fresh_database_url)

    assert (without, current(committing_engine)) == (set(), head())
    assert tables(committing_engine) == set(METADATA.tables)
    with Session(committing_engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        assert Line(yard=yard, clock=clock).issued(session).revision == 1


def test_checks_of_before_go_on_being_asked_what_they_were_asked(
    fresh_database_url: str, committing_engine: Engine, clock: FixedClock
) -> None:
    with Session(committing_engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        stated = PlantItemParticulars(question_zh="鹤位正确？", question_en="Right arm?")
        supervisor, place = yard.actor("supervisor"), yard.facility_id
        kept, gone = (
            add_plant_item(session, supervisor, place, stated, clock=clock) for _ in range(2)
        )
        line = Line(yard=yard, clock=clock)
        check_id = line.open(session, line.issued(session).qr_text).check_id
        retire_plant_item(session, supervisor, (place, gone.id), expected_version=1, clock=clock)
    committing_engine.dispose()

    downgrade(fresh_database_url, "20261126_phases")
    upgrade(fresh_database_url)

    with Session(committing_engine) as session:
        row = session.scalars(select(CheckPlantItemRow)).one()
        assert (row.check_id, row.item_id, row.version) == (check_id, kept.id, 1)
        assert (row.question_zh, row.stops) == ("鹤位正确？", True)


def test_an_empty_database_comes_to_the_head(empty_database_url: str) -> None:
    upgrade(empty_database_url)

    engine = make_engine(empty_database_url)
    found = (current(engine), tables(engine))
    engine.dispose()
    assert found == (head(), set(METADATA.tables))


def test_the_migrated_schema_is_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_every_check_constraint_is_the_models(engine: Engine) -> None:
    found = {
        (table, str(constraint["name"]))
        for table in METADATA.tables
        for constraint in inspect(engine).get_check_constraints(table)
    }

    assert found == _checks_of(METADATA)


def _checks_of(metadata: MetaData) -> set[tuple[str, str]]:
    return {
        (name, str(constraint.name))
        for name, table in metadata.tables.items()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def test_every_check_constraint_says_what_the_models_say(
    engine: Engine, empty_database_url: str
) -> None:
    plain = make_engine(empty_database_url)
    METADATA.create_all(plain)

    said = _texts(plain)

    plain.dispose()
    assert _texts(engine) == said


def _texts(engine: Engine) -> dict[tuple[str, str], str]:
    return {
        (table, str(constraint["name"])): "".join(str(constraint["sqltext"]).split())
        for table in METADATA.tables
        for constraint in inspect(engine).get_check_constraints(table)
    }


def test_every_append_only_table_has_its_triggers(engine: Engine, dialect: str) -> None:
    query = {
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger'"
        " GROUP BY tbl_name",
        "postgresql": "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
        " WHERE NOT tgisinternal GROUP BY tgrelid",
    }[dialect]
    with engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(query))}

    per_table = {"sqlite": 2, "postgresql": 1}[dialect]
    passing = {"event": per_table + 1, "event_pending": 2, "release": per_table + 1}
    assert found == dict.fromkeys(APPEND_ONLY, per_table) | {"pii": 2, "check_photo": 2} | passing


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "UPDATE waybill SET status = 'issued'", id="issued without number and revision"
        ),
        pytest.param("UPDATE waybill SET status = 'lost'", id="a state that there is not"),
    ],
)
def test_the_database_refuses_impossible_rows(
    session: Session, clock: FixedClock, statement: str
) -> None:
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    Line(yard=yard, clock=clock).draft(session)

    with pytest.raises(DBAPIError, match=r"(?i)check constraint|violates check"):
        session.execute(text(statement))
