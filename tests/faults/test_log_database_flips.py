"""One flipped bit in the database is found in what it publishes, by our verifier and by Go's.

Whoever flips it goes around the triggers, as the owner of the tables can.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.sequenced_log import sequencer, tell_quickly
from tests.harness.verifying import verify_go, verify_ours
from waybill.clock import FixedClock
from waybill.sequencing import Sequencing
from waybill.services.log.exporting import export_log
from waybill.storage.log import EventRow, LogCheckpointRow, LogEntryRow, LogTileRow
from waybill.storage.session import session_factory
from waybill.transparency.tiles import ENTRIES

SIZE: Final = 600
WHOLE: Final = 300
"""An entry whose bundle is kept in the database."""
EDGE: Final = 555
"""An entry whose bundle is not full, and made from the events whenever it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which value of which row, and what ours says of it: the fault and the entries it names."""

    table: type[EventRow | LogTileRow | LogCheckpointRow]
    column: str
    fault: set[str]
    entry: int | None = None
    tile: tuple[int, int] | None = None
    within: range | None = None


PLACES: Final = {
    "body of an event": Place(
        table=EventRow, column="body", entry=WHOLE, fault={"body-wrong"}, within=range(300, 301)
    ),
    "salt of an event": Place(
        table=EventRow, column="salt", entry=WHOLE, fault={"body-wrong"}, within=range(300, 301)
    ),
    "body of an event at the edge": Place(
        table=EventRow, column="body", entry=EDGE, fault={"root-wrong"}, within=range(SIZE)
    ),
    "bundle": Place(
        table=LogTileRow,
        column="content",
        tile=(ENTRIES, 1),
        fault={"entry-not-the-leaf", "bundle-malformed"},
        within=range(256, 512),
    ),
    "tile of leaves": Place(
        table=LogTileRow,
        column="content",
        tile=(0, 1),
        fault={"tile-wrong"},
        within=range(256, 512),
    ),
    "root of a tile": Place(
        table=LogTileRow, column="root", tile=(0, 1), fault={"tile-wrong"}, within=range(256, 512)
    ),
    "checkpoint": Place(
        table=LogCheckpointRow,
        column="note",
        fault={"checkpoint-malformed", "checkpoint-unsigned"},
    ),
}


@pytest.fixture
def log(committing_engine: Engine, tmp_path: Path, clock: FixedClock) -> Sequencing:
    """A log of 600 entries."""
    made = sequencer(session_factory(committing_engine), tmp_path / "keys", clock)
    made.open()
    tell_quickly(made.sessions, SIZE - 1, clock.now())
    made.all()
    return made


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_flipped_bit_in_the_database_is_found_by_both(
    log: Sequencing, committing_engine: Engine, tmp_path: Path, place: Place
) -> None:
    key = exported(log, tmp_path / "before")
    flip(committing_engine, log.sessions, place)
    exported(log, tmp_path / "after")
    options = ("--key", key, "--bodies", str(tmp_path / "after"))

    ours = verify_ours(tmp_path / "state", tmp_path / "after", *options)
    go = verify_go(key, tmp_path / "after", "-bodies")

    assert (ours.exit_code, go.exit_code) == (1, 1), (ours, go)
    assert ours.told["fault"] in place.fault, ours
    if place.within is not None:
        assert ours.told["index"] in place.within, ours


def exported(log: Sequencing, folder: Path) -> str:
    """Export the log with bodies and return its key."""
    export_log(
        log.sessions, folder, with_bodies=True, clock=log.clock, progress=lambda _done, _all: None
    )
    return (folder / "key").read_text().split()[0]


def flip(engine: Engine, sessions: sessionmaker[Session], place: Place) -> None:
    """Flip one bit of a value, the triggers put out of the way."""
    table, column = place.table, getattr(place.table, place.column)
    if place.entry is not None:
        event = select(LogEntryRow.event_id).where(LogEntryRow.index == place.entry)
        which = EventRow.id == event.scalar_subquery()
    elif place.tile is not None:
        which = (LogTileRow.level == place.tile[0]) & (LogTileRow.index == place.tile[1])
    else:
        which = LogCheckpointRow.size == SIZE
    disarm(engine, table.__tablename__)
    with sessions() as session, session.begin():
        value = bytearray(session.scalars(select(column).where(which)).one())
        seed = f"{place.table.__name__}{place.column}"
        bit = random.Random(seed).randrange(len(value) * 8)  # noqa: S311  the same in every run
        value[bit // 8] ^= 1 << bit % 8
        session.execute(update(table).where(which).values({place.column: bytes(value)}))


def disarm(engine: Engine, table: str) -> None:
    """Take away what keeps a table append-only."""
    assert table in inspect(engine).get_table_names()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        ).all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
