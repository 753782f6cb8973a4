"""A log of any size, written straight into PostgreSQL: a year of a province's trips.

A trip leaves twelve events. Facilities, carriers and goods are drawn unevenly, as they are in life:
the busiest facility has a twentieth of all trips. Bodies are as long as real ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID, uuid5

import psycopg

from waybill.codec import least_id_at

SPACE: Final = UUID(int=7)
TRIP: Final = (
    "waybill-drafted",
    "waybill-issued",
    "check-opened",
    *["code-scanned"] * 4,
    *["evidence-added"] * 3,
    "check-decided",
    "load-released",
)
FACILITIES, BAYS, CARRIERS, PLATES, USERS, GOODS = 400, 4, 2000, 20_000, 3000, 60
ISSUED, OPENED, DECIDED = 1, 2, 10
"""Places in a trip from which on an event is about more."""
OUTCOMES: Final = {10: ("cleared", "refused"), 11: ("released", "release-refused")}
RULES: Final = ("TNK-02.approved", "CRW-02.valid", "VEH-04.review", "WBL-01.signature")
REFUSED: Final = 0.08
BATCH: Final = 20_000
SALT: Final = "\\\\x" + "5a" * 32
PADDING: Final = "0123456789abcdef" * 12

# Indexes are built once all rows are there, which is quicker than keeping them.
BEFORE: Final = (
    "ALTER TABLE event_subject DROP CONSTRAINT fk_event_subject_event_id_event",
    "ALTER TABLE event_subject DROP CONSTRAINT pk_event_subject",
    "DROP INDEX ix_event_subject_event_id",
    "DROP INDEX ix_event_recorded_at_id",
    "DROP INDEX ix_event_kind_id",
)
AFTER: Final = (
    (
        "ALTER TABLE event_subject ADD CONSTRAINT pk_event_subject"
        " PRIMARY KEY (subject_kind, subject_key, event_id)"
    ),
    "CREATE INDEX ix_event_subject_event_id ON event_subject (event_id)",
    "CREATE INDEX ix_event_recorded_at_id ON event (recorded_at, id)",
    "CREATE INDEX ix_event_kind_id ON event (kind, id)",
    # The rows refer to each other by how they were made; to look again would take minutes.
    (
        "ALTER TABLE event_subject ADD CONSTRAINT fk_event_subject_event_id_event"
        " FOREIGN KEY (event_id) REFERENCES event (id) NOT VALID"
    ),
)


def name(kind: str, number: int) -> str:
    """Return the id of the thing with a number."""
    return str(uuid5(SPACE, f"{kind} {number}"))


_named = cache(name)


def plate(number: int) -> str:
    """Return the key of a plate."""
    return f"苏H{number:05d}/yellow"


@dataclass(slots=True, kw_only=True)
class Rows:
    """Draws the rows; the same seed draws the same log."""

    events: int
    begin: datetime
    days: int = 365
    _draw: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  a model

    def batches(self) -> Iterator[tuple[str, str]]:
        """Yield rows of `event` and of `event_subject` as COPY reads them."""
        events: list[str] = []
        subjects: list[str] = []
        for number in range(self.events // len(TRIP)):
            trip = _Trip.drawn(self._draw, number)
            for place, kind in enumerate(TRIP):
                event, at = self._moment(number * len(TRIP) + place)
                body = trip.body(place, kind, at).encode().hex()
                events.append(f"{event}\t{at.isoformat()}\t{kind}\t\\\\x{body}\t{SALT}\n")
                subjects += [f"{what}\t{key}\t{event}\n" for what, key in trip.about(place)]
            if len(events) >= BATCH:
                yield "".join(events), "".join(subjects)
                events, subjects = [], []
        yield "".join(events), "".join(subjects)

    def _moment(self, number: int) -> tuple[str, datetime]:
        """Return the id of an event and its moment: all lie equally far apart."""
        after_ms = int(number * self.days * 86_400_000 / self.events)
        tail = self._draw.getrandbits(62)
        millisecond = (least_id_at(self.begin).int >> 80) + after_ms
        identity = millisecond << 80 | 7 << 76 | 2 << 62 | tail
        return f"{identity:032x}", self.begin + timedelta(milliseconds=after_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trip:
    """What all events of one trip are about."""

    waybill: str
    check: str
    facility: str
    bay: str
    carrier: str
    vehicle: str
    un_number: str
    loader: str
    clerk: str
    refused_by: str

    @classmethod
    def drawn(cls, draw: random.Random, number: int) -> "_Trip":
        """Draw a trip. The square makes low numbers likelier: the first has 1/sqrt(n) of all."""
        facility = int(draw.random() ** 2 * FACILITIES)
        carrier = int(draw.random() ** 2 * CARRIERS)
        return cls(
            waybill=name("waybill", number),
            check=f"{draw.getrandbits(128):032x}",
            facility=_named("facility", facility),
            bay=_named("bay", facility * BAYS + draw.randrange(BAYS)),
            carrier=_named("carrier", carrier),
            vehicle=plate(carrier * 10 + draw.randrange(10)),
            un_number=f"{1000 + int(draw.random() ** 3 * GOODS):04d}",
            loader=_named("user", facility),
            clerk=_named("user", FACILITIES + carrier),
            refused_by=draw.choice(RULES) if draw.random() < REFUSED else "",
        )

    def about(self, place: int) -> list[tuple[str, str]]:
        """Return what the event at a place of the trip is found by."""
        found = [("waybill", self.waybill), ("user", self.clerk if place < OPENED else self.loader)]
        if place:
            found.append(("facility", self.facility))
        if place >= OPENED:
            found += [("check", self.check), ("bay", self.bay)]
        if place < OPENED or place >= DECIDED:
            found.append(("organisation", self.carrier))
        if place == ISSUED or place >= DECIDED:
            found += [("plate", self.vehicle), ("un", self.un_number)]
        if place >= DECIDED:
            well, badly = OUTCOMES[place]
            found.append(("outcome", badly if self.refused_by else well))
            found += [("rule", self.refused_by)] * bool(self.refused_by)
        return found

    def body(self, place: int, kind: str, at: datetime) -> str:
        """Return a body as long as real ones are."""
        user = self.clerk if place < OPENED else self.loader
        return (
            f'{{"actor":{{"organisation":"{self.carrier}","role":"loader","user":"{user}"}},'
            f'"at":"{at.isoformat()}","data":{{"check":"{self.check}","waybill":"{self.waybill}",'
            f'"words":"{PADDING}"}},"kind":"{kind}","v":1}}'
        )


def fill(conninfo: str, rows: Rows) -> None:
    """Write a log into an empty, migrated database."""
    with psycopg.connect(conninfo, autocommit=True) as one, psycopg.connect(conninfo) as two:
        one.execute("SET maintenance_work_mem = '1GB'")
        for statement in BEFORE:
            one.execute(statement)
        with (
            psycopg.connect(conninfo) as three,
            two.cursor().copy("COPY event (id, recorded_at, kind, body, salt) FROM STDIN") as event,
            three.cursor().copy(
                "COPY event_subject (subject_kind, subject_key, event_id) FROM STDIN"
            ) as subject,
        ):
            for events, subjects in rows.batches():
                event.write(events)
                subject.write(subjects)
        two.commit()
        for statement in AFTER:
            one.execute(statement)
        one.execute("VACUUM (ANALYZE) event")
        one.execute("VACUUM (ANALYZE) event_subject")


def end_of(rows: Rows) -> datetime:
    """Return the moment at which the log ends."""
    return rows.begin + timedelta(days=rows.days)
