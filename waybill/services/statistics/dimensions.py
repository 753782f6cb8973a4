"""By what is counted and which tallies: dimensions and conditions, as columns and SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from waybill.rules.finding import Outcome, Severity
from waybill.storage.tally import TallyAct, TallyGoodsRow, TallyOutcome, TallyRow, TallyRuleRow
from waybill.storage.tally_query import Column

Key = date | int | bool | str | UUID | StrEnum | None
"""What a figure stands for: a day, an id, a code, or `None` where the events did not say."""


class Dimension(StrEnum):
    """By what can be counted. Days, months and hours are those of Asia/Shanghai.

    By goods and by rule a tally is counted once under each of its UN numbers, classes or rules.
    """

    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    ACT = "act"
    OUTCOME = "outcome"
    KIND = "kind"
    CARRIER = "carrier"
    FACILITY = "facility"
    BAY = "bay"
    DISTRICT = "district"
    VEHICLE = "vehicle"
    USER = "user"
    OFFLINE = "offline"
    ISSUED_AFTER_LOADING = "issued_after_loading"
    UN_NUMBER = "un_number"
    HAZARD_CLASS = "hazard_class"
    RULE = "rule"
    RULE_OUTCOME = "rule_outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which tallies are counted; everything that is given must hold.

    `district` is an area code or its beginning (`3208` for a city). `rule_severity` narrows to
    tallies with a standing finding of that severity. `hour` is that of the day in Shanghai;
    `least_s` and `under_s` bound the seconds since the signature, the first from below.
    """

    act: TallyAct | None = None
    outcomes: tuple[TallyOutcome, ...] = ()
    carrier_id: UUID | None = None
    facility_id: UUID | None = None
    bay_id: UUID | None = None
    district: str = ""
    vehicle: str = ""
    user_id: UUID | None = None
    un_number: str = ""
    hazard_class: str = ""
    rule: str = ""
    rule_outcome: Outcome | None = None
    rule_severity: Severity | None = None
    offline: bool | None = None
    issued_after_loading: bool | None = None
    hour: int | None = None
    least_s: int | None = None
    under_s: int | None = None


EVERYTHING: Final = Where()
"""Every tally."""


GOODS: Final = (Dimension.UN_NUMBER, Dimension.HAZARD_CLASS)
RULES: Final = (Dimension.RULE, Dimension.RULE_OUTCOME)
_COLUMNS: Final[Mapping[Dimension, Column]] = {
    Dimension.DAY: TallyRow.day,
    Dimension.HOUR: TallyRow.hour,
    Dimension.ACT: TallyRow.act,
    Dimension.OUTCOME: TallyRow.outcome,
    Dimension.KIND: TallyRow.kind,
    Dimension.CARRIER: TallyRow.carrier_id,
    Dimension.FACILITY: TallyRow.facility_id,
    Dimension.BAY: TallyRow.bay_id,
    Dimension.DISTRICT: TallyRow.area_code,
    Dimension.VEHICLE: TallyRow.vehicle,
    Dimension.USER: TallyRow.user_id,
    Dimension.OFFLINE: TallyRow.offline,
    Dimension.ISSUED_AFTER_LOADING: TallyRow.issued_after_loading,
    Dimension.UN_NUMBER: TallyGoodsRow.un_number,
    Dimension.HAZARD_CLASS: TallyGoodsRow.hazard_class,
    Dimension.RULE: TallyRuleRow.code,
    Dimension.RULE_OUTCOME: TallyRuleRow.outcome,
}


def column_of(session: Session, dimension: Dimension) -> Column:
    """Return the column or expression of a dimension in the session's dialect."""
    return _COLUMNS.get(dimension, month_of(session, TallyRow.day))


def month_of(session: Session, day: Column) -> Column:
    """Return the expression of a day's month, as `2026-11`."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime(literal_column("'%Y-%m'"), day)
    # Written out: PostgreSQL takes two parameters of one value for two different groups.
    return func.to_char(day, literal_column("'YYYY-MM'"))


def conditions(where: Where, of: type[TallyRow] = TallyRow) -> list[ColumnElement[bool]]:
    """Return what must hold of a row of `tally`, or of an alias of it."""
    equal = (
        (of.act, where.act),
        (of.carrier_id, where.carrier_id),
        (of.facility_id, where.facility_id),
        (of.bay_id, where.bay_id),
        (of.vehicle, where.vehicle or None),
        (of.user_id, where.user_id),
        (of.offline, where.offline),
        (of.issued_after_loading, where.issued_after_loading),
        (of.hour, where.hour),
    )
    found: list[ColumnElement[bool]] = [
        column == want for column, want in equal if want is not None
    ]
    if where.least_s is not None:
        found.append(of.seconds_from_issue >= where.least_s)
    if where.under_s is not None:
        found.append(of.seconds_from_issue < where.under_s)
    if where.outcomes:
        found.append(of.outcome.in_(where.outcomes))
    if where.district:
        found.append(of.area_code.startswith(where.district, autoescape=True))
    for wanted, row in ((_goods(where), TallyGoodsRow), (_rule(where), TallyRuleRow)):
        if wanted:
            found.append(of.log_index.in_(select(row.log_index).where(*wanted)))
    return found


def line_conditions(where: Where, by: Sequence[Dimension]) -> list[ColumnElement[bool]]:
    """Narrow the joined lines too, so that quantities and keys are those that were asked for."""
    goods = _goods(where) if set(by) & set(GOODS) else []
    return goods + (_rule(where) if set(by) & set(RULES) else [])


def _goods(where: Where) -> list[ColumnElement[bool]]:
    row = TallyGoodsRow
    equal = ((row.un_number, where.un_number), (row.hazard_class, where.hazard_class))
    return [column == wanted for column, wanted in equal if wanted]


def _rule(where: Where) -> list[ColumnElement[bool]]:
    row = TallyRuleRow
    equal = (
        (row.code, where.rule or None),
        (row.outcome, where.rule_outcome),
        (row.severity, where.rule_severity),
    )
    return [column == wanted for column, wanted in equal if wanted is not None]
