"""A statement that is spelled out once says what SQLAlchemy says of it each time."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from waybill.registry.access import Role
from waybill.storage.base import Instant
from waybill.storage.prepared import Prepared

THINGS: Final = Table(
    "prepared_thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("role", Enum(Role, native_enum=False, values_callable=lambda e: [r.value for r in e])),
    Column("at", Instant),
    Column("said", String),
    Column("kept", JSON),
    Column("raw", LargeBinary),
    Column("number", Integer),
)
AT: Final = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
ODD: Final = "100 % of 'it', $said$ %(said)s ?1 :said \\ 氯"
NEW: Final = Prepared(
    insert(THINGS).values({c.name: bindparam(f"new_{c.name}", type_=c.type) for c in THINGS.c})
)
BY_ID: Final = Prepared(select(THINGS).where(THINGS.c.id == bindparam("which", type_=Uuid())))


@pytest.fixture
def kept(session: Session) -> UUID:
    """One thing in a table of its own, written by a prepared statement."""
    THINGS.create(session.connection())
    which = uuid4()
    values = {"id": which, "role": Role.LOADER, "at": AT, "said": ODD}
    values |= {"kept": {"a": [1, "%s"]}, "raw": b"\x00%\xff", "number": None}
    NEW.run(session, {f"new_{name}": value for name, value in values.items()})
    return which


class TestPrepared:
    """On both databases."""

    def test_what_goes_in_comes_out_in_the_types_of_its_columns(
        self, session: Session, kept: UUID
    ) -> None:
        ((*found,),) = BY_ID.rows(session, {"which": kept})

        assert found == [kept, Role.LOADER, AT, ODD, {"a": [1, "%s"]}, b"\x00%\xff", None]
        assert isinstance(found[1], Role)
        assert tuple(found) == tuple(session.execute(select(THINGS)).one())

    def test_constants_stand_in_the_text_whatever_they_hold(
        self, session: Session, kept: UUID
    ) -> None:
        constants = Prepared(
            select(THINGS.c.id, literal(ODD)).where(
                THINGS.c.said == ODD,
                THINGS.c.role.in_([Role.LOADER, Role.CARRIER]),
                THINGS.c.said.like("100 %"),
                THINGS.c.id == bindparam("which", type_=Uuid()),
            )
        )

        assert [list(row) for row in constants.rows(session, {"which": kept})] == [[kept, ODD]]
        assert not constants.rows(session, {"which": uuid4()})

    def test_one_value_serves_at_several_places_and_others_may_be_named(
        self, session: Session, kept: UUID
    ) -> None:
        one = select(THINGS.c.id).where(THINGS.c.id == bindparam("which", type_=Uuid()))
        both = select(THINGS.c.id).where(
            THINGS.c.said == bindparam("said", type_=String()),
            THINGS.c.id == bindparam("which", type_=Uuid()),
        )
        values = {"which": kept, "said": ODD, "nothing": 1}

        assert len(Prepared(union_all(one, both)).rows(session, values)) == 2

    def test_a_value_that_is_missing_is_an_error_and_runs_nothing(
        self, session: Session, kept: UUID
    ) -> None:
        gone = Prepared(delete(THINGS).where(THINGS.c.id == bindparam("which", type_=Uuid())))

        with pytest.raises(KeyError):
            gone.run(session, {})

        assert BY_ID.rows(session, {"which": kept})

    def test_changes_and_returns(self, session: Session, kept: UUID) -> None:
        said = Prepared(
            update(THINGS)
            .where(THINGS.c.id == bindparam("which", type_=Uuid()))
            .values(said=bindparam("new", type_=String()), number=7)
            .returning(THINGS.c.number)
        )

        assert [list(row) for row in said.rows(session, {"which": kept, "new": "other"})] == [[7]]
        assert BY_ID.rows(session, {"which": kept})[0][3] == "other"

    def test_the_driver_takes_what_is_not_prepared_too(self, session: Session, kept: UUID) -> None:
        """As it takes values of one statement, of many at once, and of a stream."""
        others = [{"id": uuid4(), "said": said} for said in ("50 % $1", ODD)]
        session.execute(insert(THINGS), others)
        told = select(THINGS.c.said).where(THINGS.c.said == ODD, THINGS.c.said.like("100 %"))

        assert BY_ID.rows(session, {"which": kept})[0][3] == ODD
        assert session.scalars(told).all() == [ODD, ODD]
        assert session.scalars(told.execution_options(yield_per=1)).all() == [ODD, ODD]

    def test_names_are_those_of_the_columns(self) -> None:
        assert BY_ID.names == tuple(THINGS.c.keys())
        assert NEW.names == ()
