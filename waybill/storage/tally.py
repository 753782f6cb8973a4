"""Tables for counting: what the log tells, in columns.

Nothing here is a source. Each row is made from one event of the log and from nothing else, in the
order of the tree, so that every figure can be recomputed from event bodies and named with the
size of the tree that it speaks of. No row refers to the registry: it says what the event says.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.rules.finding import Outcome, Severity
from waybill.storage.base import Base


class TallyAct(StrEnum):
    """What was done: one row is counted under one act."""

    ISSUE = "issue"
    ARRIVAL = "arrival"
    SCAN = "scan"
    CHECK = "check"
    RELEASE = "release"
    CANCEL = "cancel"


class TallyOutcome(StrEnum):
    """How it ended. Where nothing failed but something was not known, it is unproven."""

    PASSED = "passed"
    REFUSED = "refused"
    UNPROVEN = "unproven"


class TallyRow(Base):
    """One event that figures speak of.

    `log_index` is its place in the tree, `day` and `hour` those of Asia/Shanghai. `vehicle` and
    `trailer` are plate and colour (`苏H12345/yellow`), `area_code` is the place's (GB/T 2260),
    people stand by reference. `user_id` is the account that acted. Of a decision or release,
    `seconds_from_issue` and `seconds_from_opening` say how long after the signature and after
    the check was opened. `issued_after_loading` says that loading is on record as begun before
    the waybill was signed. Quantities are those of all goods lines. What an event did not say
    is empty.
    """

    __tablename__ = "tally"
    __table_args__ = (
        Index("ix_tally_recorded_at_act", "recorded_at", "act"),
        Index("ix_tally_carrier_id_recorded_at", "carrier_id", "recorded_at"),
        Index("ix_tally_facility_id_recorded_at", "facility_id", "recorded_at"),
        Index("ix_tally_user_id_recorded_at", "user_id", "recorded_at"),
        Index("ix_tally_vehicle_recorded_at", "vehicle", "recorded_at"),
        Index("ix_tally_trailer_recorded_at", "trailer", "recorded_at"),
        Index("ix_tally_driver_recorded_at", "driver", "recorded_at"),
        Index("ix_tally_escort_recorded_at", "escort", "recorded_at"),
        Index("ix_tally_tank_recorded_at", "tank", "recorded_at"),
        Index("ix_tally_waybill_id", "waybill_id"),
    )

    log_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    recorded_at: Mapped[datetime]
    day: Mapped[date]
    hour: Mapped[int]
    act: Mapped[TallyAct]
    outcome: Mapped[TallyOutcome]
    kind: Mapped[str] = mapped_column(String(60))
    offline: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    role: Mapped[str] = mapped_column(String(20), default="")
    waybill_id: Mapped[UUID | None] = mapped_column(default=None)
    check_id: Mapped[UUID | None] = mapped_column(default=None)
    carrier_id: Mapped[UUID | None] = mapped_column(default=None)
    facility_id: Mapped[UUID | None] = mapped_column(default=None)
    bay_id: Mapped[UUID | None] = mapped_column(default=None)
    area_code: Mapped[str] = mapped_column(String(6), default="")
    vehicle: Mapped[str] = mapped_column(String(24), default="")
    trailer: Mapped[str] = mapped_column(String(24), default="")
    tank: Mapped[str] = mapped_column(String(40), default="")
    driver: Mapped[str] = mapped_column(String(12), default="")
    escort: Mapped[str] = mapped_column(String(12), default="")
    seconds_from_issue: Mapped[int | None] = mapped_column(BigInteger, default=None)
    seconds_from_opening: Mapped[int | None] = mapped_column(BigInteger, default=None)
    issued_after_loading: Mapped[bool | None] = mapped_column(default=None)
    planned_kg: Mapped[Decimal | None] = mapped_column(default=None)
    loaded_kg: Mapped[Decimal | None] = mapped_column(default=None)


class TallyRuleRow(Base):
    """A rule that stood against what a tally counts: it failed or could not be decided."""

    __tablename__ = "tally_rule"
    __table_args__ = (Index("ix_tally_rule_code_log_index", "code", "log_index"),)

    log_index: Mapped[int] = mapped_column(ForeignKey("tally.log_index"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    outcome: Mapped[Outcome]
    severity: Mapped[Severity]


class TallyGoodsRow(Base):
    """A goods line of what a tally counts; `loaded_kg` is known once it was loaded."""

    __tablename__ = "tally_goods"
    __table_args__ = (Index("ix_tally_goods_un_number_log_index", "un_number", "log_index"),)

    log_index: Mapped[int] = mapped_column(ForeignKey("tally.log_index"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    un_number: Mapped[str] = mapped_column(String(4))
    hazard_class: Mapped[str] = mapped_column(String(12))
    planned_kg: Mapped[Decimal | None] = mapped_column(default=None)
    loaded_kg: Mapped[Decimal | None] = mapped_column(default=None)


class Face(StrEnum):
    """By what else than day, act and outcome sums are kept; of each tally one sum in every face.

    By goods and by rule a tally stands in one sum for each of its UN numbers, classes or rules.
    """

    ALL = "all"
    HOUR = "hour"
    CARRIER = "carrier"
    FACILITY = "facility"
    DISTRICT = "district"
    UN_NUMBER = "un_number"
    HAZARD_CLASS = "hazard_class"
    RULE = "rule"
    FROM_ISSUE = "from_issue"


class TallySumRow(Base):
    """How many tallies of a day (Asia/Shanghai) have something in common, and their quantities.

    The sums are of all tallies up to where the projection of their name has come, whenever their
    events happened and entered the log. `key` is what they have in common in the face, as text,
    empty where their events did not say; `after_loading` is `issued_after_loading` as 0 and 1, or
    -1. `planned_kg` and `loaded_kg` are those of `with_planned` and `with_loaded` tallies; by goods
    those of the goods lines that have the key.
    """

    __tablename__ = "tally_sum"
    __table_args__ = (Index("ix_tally_sum_face_day", "face", "day"),)

    face: Mapped[Face] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    act: Mapped[TallyAct] = mapped_column(primary_key=True)
    outcome: Mapped[TallyOutcome] = mapped_column(primary_key=True)
    offline: Mapped[bool] = mapped_column(primary_key=True)
    after_loading: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    many: Mapped[int] = mapped_column(BigInteger)
    with_planned: Mapped[int] = mapped_column(BigInteger)
    planned_kg: Mapped[Decimal]
    with_loaded: Mapped[int] = mapped_column(BigInteger)
    loaded_kg: Mapped[Decimal]


class ProjectionRow(Base):
    """How far something that is derived from the log has come: the first index not yet read."""

    __tablename__ = "projection"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_index: Mapped[int] = mapped_column(BigInteger, default=0)
