"""Years of trips in PostgreSQL, multiplied from trips that the product itself made.

The template are a few trips, played over HTTP and sequenced. A copy of it has ids of its own, lies
earlier and belongs to another town: the same companies, vehicles, people and accounts under ids,
plates and names of their own. One copy in a hundred belongs to the first town, which is measured.
Texts inside signed bytes and event bodies are those of the template.

Two things are smaller than in life, so that a million checks need 30 GB and not 90: of a check's
evidence the first pieces only are copied, with their events, and a verdict's facts and findings,
which no request of another trip reads, are a few bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Column, DateTime, Table, Uuid

from waybill.storage.base import Instant
from waybill.storage.tables import METADATA

# ruff: noqa: S608  the names in the statements are those of our tables

Connection = psycopg.Connection[TupleRow]

A_YEAR: Final = 1_000_000
"""How many checks the towns make in a year: that many lie behind each other."""
YEAR_MS: Final = 365 * 86_400_000
TOWNS: Final = 400
OWN_SHARE: Final = 100
"""One copy in so many belongs to the first town."""
APART: Final = "-3600000::bigint * {0} AS later_ms"
"""How far the ids of a town's register lie from those of the first."""
EVIDENCE: Final = 6
BATCH: Final = 2000
"""How many copies one statement makes."""

REGISTER: Final = (
    *("organisation", "facility", "bay", "vehicle", "vehicle_position", "tank", "person"),
    *("user_account", "certificate"),
)
TRIPS: Final = (
    *("event", "event_subject", "log_entry", "waybill", "verdict", "waybill_revision"),
    *("waybill_goods", "loading_check", "check_evidence", "check_looking", "check_look"),
    *("check_photo", "clearance", "release", "tally", "tally_goods", "tally_rule"),
)
OF_EVENTS: Final = frozenset({"event_subject", "log_entry", "tally"})
"""Tables that follow the events, and keep none."""
OF_TRIPS: Final = frozenset({"event_id", "waybill_id", "check_id"})
"""Names of columns that name a thing of the trip where no foreign key says so."""
TRIP_SUBJECTS: Final = "('waybill', 'check')"
TOWN_SUBJECTS: Final = (
    "('user', 'organisation', 'facility', 'bay', 'vehicle', 'tank', 'person', 'certificate')"
)
TOWN_TEXTS: Final = {
    ("organisation", "uscc"): "left({0}, 8) || lpad(t.number::text, 4, '0') || substr({0}, 13)",
    ("vehicle", "plate"): "left({0}, 2) || lpad(t.number::text, 3, '0') || substr({0}, 3)",
    ("vehicle", "vin"): "left({0}, 13) || lpad(t.number::text, 4, '0')",
    ("person", "id_number_index"): "lpad(t.number::text, 4, '0') || substr({0}, 5)",
    ("tank", "number"): "{0} || '-' || t.number",
    ("person", "reference"): "left(md5({0} || t.number), 10)",
    ("user_account", "username"): "{0} || '-of-' || t.number",
    ("tally", "vehicle"): "left({0}, 2) || lpad(t.number::text, 3, '0') || substr({0}, 3)",
    ("tally", "trailer"): "left({0}, 2) || lpad(t.number::text, 3, '0') || substr({0}, 3)",
    ("tally", "tank"): "{0} || '-' || t.number",
    ("tally", "driver"): "left({0}, 2) || left(md5(substr({0}, 3) || t.number), 10)",
    ("tally", "escort"): "left({0}, 2) || left(md5(substr({0}, 3) || t.number), 10)",
}
"""What is written of a text in another town than the first; empty texts stay empty."""
MADE: Final = {
    ("waybill", "number"): "left(r.number, 22) || '-' || to_hex(c.number)",
    ("tally", "day"): "((r.recorded_at + c.later) AT TIME ZONE 'Asia/Shanghai')::date",
    ("tally", "hour"): (
        "extract(hour FROM (r.recorded_at + c.later) AT TIME ZONE 'Asia/Shanghai')::int"
    ),
    ("verdict", "facts"): r"'\x7b7d'::bytea",
    ("verdict", "findings"): r"'\x5b5d'::bytea",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What was taken as the template: how many checks and events it has, and its span."""

    checks: int
    events: int
    span_ms: int


def take_template(connection: Connection) -> Template:
    """Keep all trips that are there, and the register, in a schema of their own."""
    execute = connection.execute
    execute("CREATE SCHEMA growth")
    for name in (*REGISTER, *TRIPS):
        execute(f"CREATE TABLE growth.{name} AS SELECT * FROM public.{name}")
    execute(
        f"""CREATE TABLE growth.dropped AS SELECT id, event_id FROM (
            SELECT id, event_id, row_number() OVER (PARTITION BY check_id ORDER BY id) AS place
            FROM growth.check_evidence) AS of_check WHERE place > {EVIDENCE}"""
    )
    execute("DELETE FROM growth.check_evidence WHERE id IN (SELECT id FROM growth.dropped)")
    kept = " UNION ".join(
        f"SELECT event_id FROM growth.{name}"
        for name in TRIPS
        if "event_id" in METADATA.tables[name].columns and name not in OF_EVENTS
    )
    execute(
        f"""DELETE FROM growth.event WHERE id IN (SELECT event_id FROM growth.dropped
            EXCEPT ({kept}))""".encode()
    )
    execute(
        """DELETE FROM growth.event WHERE id NOT IN (
            SELECT event_id FROM public.event_subject WHERE subject_kind = 'waybill')"""
    )
    execute(
        """CREATE TABLE growth.place AS SELECT e.index AS was, row_number() OVER (ORDER BY e.index)
            - 1 AS place FROM growth.log_entry e JOIN growth.event ON id = event_id"""
    )
    for name in ("event_subject", "log_entry"):
        execute(f"DELETE FROM growth.{name} WHERE event_id NOT IN (SELECT id FROM growth.event)")
    for name, column in (
        *(("log_entry", "index"), ("tally", "log_index")),
        *(("tally_goods", "log_index"), ("tally_rule", "log_index")),
    ):
        execute(f"DELETE FROM growth.{name} WHERE {column} NOT IN (SELECT was FROM growth.place)")
        execute(f"UPDATE growth.{name} SET {column} = place FROM growth.place WHERE {column} = was")
    for name in TRIPS:
        table = METADATA.tables[name]
        found = [column.name for column in table.columns if isinstance(column.type, Uuid)]
        found += ["subject_key"] * (name == "event_subject")
        for column in found:
            _take_apart(connection, name, column)
    execute("CREATE TABLE growth.base AS SELECT count(*) AS size FROM public.log_entry")
    execute("ANALYZE")
    checks, events, span_ms = execute(
        """SELECT (SELECT count(*) FROM growth.loading_check), count(*),
            extract(epoch FROM max(recorded_at) - min(recorded_at)) * 1000 FROM growth.event"""
    ).fetchone() or (0, 0, 0)
    return Template(checks=int(checks), events=int(events), span_ms=int(span_ms))


def _take_apart(connection: Connection, table: str, column: str) -> None:
    """Keep the moment of ids and what follows it, so that copies are quickly made."""
    text = f"replace({column}::text, '-', '')"
    connection.execute(
        f"ALTER TABLE growth.{table} ADD {column}_ms bigint, ADD {column}_rest text".encode()
    )
    connection.execute(
        f"""UPDATE growth.{table} SET {column}_ms = ('x' || left({text}, 12))::bit(48)::bigint,
            {column}_rest = substr({text}, 13) WHERE {text} ~ '^0[0-9a-f]{{31}}$'""".encode()
    )


def found_towns(connection: Connection) -> None:
    """Register all towns but the first, which the product has registered."""
    towns = f"generate_series(1, {TOWNS - 1}) AS number"
    towns = f"(SELECT number, {APART.format('number')} FROM {towns}) AS t"
    connection.execute("SET session_replication_role = replica")
    for name in REGISTER:
        table = METADATA.tables[name]
        made = [_of_register(table, column) for column in table.columns]
        _insert(connection, table, made, f"growth.{name} AS r CROSS JOIN {towns}")


def _of_register(table: Table, column: Column[object]) -> str:
    if isinstance(column.type, Uuid):
        digits = f"replace(r.{column.name}::text, '-', '')"
        moment = f"('x' || left({digits}, 12))::bit(48)::bigint + t.later_ms"
        return f"(lpad(to_hex({moment}), 12, '0') || substr({digits}, 13))::uuid"
    text = TOWN_TEXTS.get((table.name, column.name))
    return text.format(f"r.{column.name}") if text else f'r."{column.name}"'


def copies(connection: Connection, template: Template, first: int, last: int) -> Iterator[int]:
    """Write copies of the template, from one number to before another; yield what is written."""
    connection.execute("SET session_replication_role = replica")
    base = template_base(connection)
    step_ms = YEAR_MS * template.checks // A_YEAR
    for begin in range(first, last, BATCH):
        end = min(begin + BATCH, last)
        numbers = f"""(SELECT number,
            {base}::bigint + number * {template.events} AS entry,
            -({template.span_ms} + (number + 1) * {step_ms})::bigint AS later_ms,
            -({template.span_ms} + (number + 1) * {step_ms}) * interval '1 millisecond' AS later,
            CASE WHEN number % {OWN_SHARE} = 0 THEN 0 ELSE 1 + number % {TOWNS - 1} END AS town
            FROM generate_series({begin}::bigint, {end - 1}) AS number) AS c
            CROSS JOIN LATERAL (SELECT c.town AS number, {APART.format("c.town")}) AS t"""
        for name in TRIPS:
            table = METADATA.tables[name]
            made = [_of_trip(table, column) for column in table.columns]
            _insert(connection, table, made, f"{numbers} CROSS JOIN growth.{name} AS r")
        yield end


def template_base(connection: Connection) -> int:
    """Return the place in the log that the first event of copy 0 has."""
    found = connection.execute("SELECT size FROM growth.base").fetchone()
    return int(str(found[0])) if found else 0


def _of_trip(table: Table, column: Column[object]) -> str:
    """Return what stands in a column of a copy."""
    name, key = f'r."{column.name}"', (table.name, column.name)
    if key in MADE:
        return MADE[key]
    if column.name in {"index", "log_index"}:
        return f"c.entry + {name}"
    if key == ("event_subject", "subject_key"):
        plate = TOWN_TEXTS["vehicle", "plate"].format(name)
        return (
            f"CASE WHEN r.subject_kind = 'plate' THEN {_if_elsewhere(name, plate)}"
            f" WHEN r.subject_kind IN {TRIP_SUBJECTS} THEN {_moved(column.name, 'c')}::text"
            f" WHEN r.subject_kind IN {TOWN_SUBJECTS} AND r.subject_key_ms > 0"
            f" THEN {_moved(column.name, 't')}::text ELSE {name} END"
        )
    if isinstance(column.type, Uuid):
        return _moved(column.name, "c" if _is_of_trip(column) else "t")
    if isinstance(column.type, Instant | DateTime):
        return f"{name} + c.later"
    text = TOWN_TEXTS.get(key)
    return _if_elsewhere(name, text.format(name)) if text else name


def _is_of_trip(column: Column[object]) -> bool:
    targets = {key.column.table.name for key in column.foreign_keys}
    return bool(targets & {*TRIPS}) or (
        not targets and (column.name in OF_TRIPS or column.primary_key)
    )


def _moved(column: str, by: str) -> str:
    """Return the id of a copy: another moment, and as random as the template's.

    No two copies and no two towns lie equally far away, so no two have the same ids.
    """
    return f"('0' || to_hex(r.{column}_ms + {by}.later_ms) || r.{column}_rest)::uuid"


def _if_elsewhere(name: str, text: str) -> str:
    return f"CASE WHEN t.number = 0 OR {name} = '' THEN {name} ELSE {text} END"


def _insert(connection: Connection, table: Table, made: list[str], source: str) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(made)
    connection.execute(
        f"INSERT INTO public.{table.name} ({names}) SELECT {values} FROM {source}".encode()
    )
