"""Figures counted over the log, and what patterns found in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, post_load, pre_dump

from api.fields import (
    Choice,
    Code,
    DecimalString,
    Identity,
    Instant,
    LocalDate,
    Many,
    QueryFlag,
    QueryInteger,
    StrictInteger,
    Text,
)
from api.schemas import Form
from waybill.registry.kinds import CertificateKind
from waybill.services.statistics.counting import Counted, CountRow, Duration
from waybill.services.statistics.dimensions import Dimension, Key, Where
from waybill.services.statistics.expiring import BANDS, ExpiringRow
from waybill.storage.tally import TallyAct, TallyOutcome

MOST_BY = 4
MOST_BOUNDS = 24
LONGEST_S = 10**8
HIGHEST_INDEX = 10**8


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuery:
    """What is to be counted: a period, which tallies, by what, of which size of the tree."""

    from_at: datetime
    to_at: datetime
    where: Where
    by: tuple[Dimension, ...] = ()
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadQuery:
    """Which times are to be spread over which classes."""

    count: CountQuery
    duration: Duration
    bounds: tuple[int, ...]


class _PeriodSchema(Form):
    """A period and which of its checks, releases and refusals are counted; all must hold."""

    from_at = Instant(data_key="from", required=True, description="The first moment that counts.")
    to_at = Instant(data_key="to", required=True, description="The first that no longer counts.")
    size = QueryInteger(
        least=0,
        most=HIGHEST_INDEX,
        description="Count what a log of this size held; without it, all that is counted so far.",
    )
    act = Choice(TallyAct, description="What was done.")
    outcome = Many(Choice(TallyOutcome), most=len(TallyOutcome), description="How it ended.")
    carrier_id = Identity(data_key="carrier", description="A carrier's id.")
    facility_id = Identity(data_key="facility", description="A facility's id.")
    bay_id = Identity(data_key="bay", description="A bay's id.")
    district = Code("[1-9][0-9]{0,5}", description="An area code or its beginning.")
    vehicle = Text(most=24, description="A plate with its colour, as 苏H12345/yellow.")
    user_id = Identity(data_key="user", description="The account that acted.")
    un_number = Code("[0-9]{4}", data_key="un", description="A UN number.")
    hazard_class = Text(most=12, data_key="class", description="A class or division.")
    rule = Text(most=60, description="The code of a rule that stood.")
    offline = QueryFlag(description="Whether it was decided without network.")
    issued_after_loading = QueryFlag(description="Whether loading had begun before the signature.")
    hour = QueryInteger(least=0, most=23, description="The hour of the day in Shanghai.")


class CountQuerySchema(_PeriodSchema):
    """What is counted, and by what."""

    by = Many(Choice(Dimension), most=MOST_BY, description="Dimensions, in order.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CountQuery:
        """Return the value object."""
        return _count_query(data)


class SpreadQuerySchema(_PeriodSchema):
    """Which times are spread over which classes."""

    duration = Choice(Duration, required=True, description="From signature or opening.")
    bounds = Many(
        QueryInteger(least=1, most=LONGEST_S),
        least=1,
        most=MOST_BOUNDS,
        required=True,
        description="Upper bounds of the classes in seconds.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SpreadQuery:
        """Return the value object, with its bounds in their order."""
        duration = data.pop("duration")
        bounds = tuple(sorted(set(data.pop("bounds"))))
        return SpreadQuery(count=_count_query(data), duration=duration, bounds=bounds)


def _count_query(data: dict[str, Any]) -> CountQuery:
    period = {name: data.pop(name) for name in ("from_at", "to_at", "size", "by") if name in data}
    if "outcome" in data:
        data["outcomes"] = data.pop("outcome")
    return CountQuery(where=Where(**data), **period)


class KeySchema(Form):
    """What a figure stands for in one dimension; null where the events did not say."""

    dimension = Choice(Dimension, required=True)
    value = fields.String(required=True, allow_none=True)


class CountRowSchema(Form):
    """One figure. Quantities are kilograms; null where none belongs to it."""

    keys = fields.List(fields.Nested(KeySchema), required=True)
    count = fields.Integer(required=True, metadata={"minimum": 1})
    planned_kg = DecimalString(places=3, required=True, allow_none=True)
    loaded_kg = DecimalString(places=3, required=True, allow_none=True)


class CountedSchema(Form):
    """Figures of a period, and the size of the log that they speak of."""

    from_at = Instant(data_key="from", required=True)
    to_at = Instant(data_key="to", required=True)
    size = fields.Integer(required=True, metadata={"minimum": 0})
    rows = fields.List(fields.Nested(CountRowSchema), required=True)

    @pre_dump
    def present(self, counted: Counted, **_: object) -> Mapping[str, object]:
        """Name the keys."""
        return {
            "from_at": counted.from_at,
            "to_at": counted.to_at,
            "size": counted.size,
            "rows": [_row(counted, row) for row in counted.rows],
        }


def _row(counted: Counted, row: CountRow) -> Mapping[str, object]:
    pairs = zip(counted.by, row.keys, strict=True)
    return {
        "keys": [{"dimension": dimension, "value": _written(key)} for dimension, key in pairs],
        "count": row.count,
        "planned_kg": row.planned_kg,
        "loaded_kg": row.loaded_kg,
    }


def _written(key: Key) -> str | None:
    if key is None:
        return None
    return str(key).lower() if isinstance(key, bool) else str(key)


class SpreadSchema(Form):
    """How many took less than each bound; the last count is of those that took longer."""

    from_at = Instant(data_key="from", required=True)
    to_at = Instant(data_key="to", required=True)
    size = fields.Integer(required=True, metadata={"minimum": 0})
    bounds = fields.List(fields.Integer(), required=True)
    counts = fields.List(fields.Integer(), required=True)


class BandSchema(Form):
    """How many certificates end from one day to another, both in, counted from today."""

    first_day = StrictInteger(least=-10_000, most=10_000, required=True)
    last_day = StrictInteger(least=-10_000, most=10_000, required=True)
    count = fields.Integer(required=True, metadata={"minimum": 0})


class ExpiringSchema(Form):
    """Certificates of a kind that end soon."""

    kind = Choice(CertificateKind, required=True)
    bands = fields.List(fields.Nested(BandSchema), required=True)

    @pre_dump
    def present(self, row: ExpiringRow, **_: object) -> Mapping[str, object]:
        """Name the bands."""
        pairs = zip(BANDS, row.counts, strict=True)
        return {
            "kind": row.kind,
            "bands": [
                {"first_day": first, "last_day": last, "count": many}
                for (first, last), many in pairs
            ],
        }


class ExpiringListSchema(Form):
    """Certificates that end soon, as the registry has them on a day."""

    on = LocalDate(required=True)
    items = fields.List(fields.Nested(ExpiringSchema), required=True)
