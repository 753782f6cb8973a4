"""Recomputing a report from the events of the log alone, without the tables it was counted from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.services.reports.definition import (
    SECTIONS,
    Section,
    key_text,
    mass_text,
)
from waybill.services.reports.periods import Period
from waybill.services.reports.stated import StatedFigure, StatedReport
from waybill.services.statistics.dimensions import Dimension
from waybill.services.statistics.tally import ACTS, Tally, tally_of
from waybill.storage.log import EventRow, LogEntryRow

BATCH: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDifference:
    """A figure that the log does not give; `None` where one of the two does not have it."""

    section: str
    keys: tuple[str | None, ...]
    stated: StatedFigure | None
    recomputed: StatedFigure | None


class _Sum(NamedTuple):
    many: int
    planned_kg: Decimal | None
    loaded_kg: Decimal | None


@dataclass(slots=True)
class _Sums:
    """What a section comes to so far."""

    section: Section
    sums: dict[tuple[str | None, ...], _Sum] = field(default_factory=dict)

    def add(self, tally: Tally) -> None:
        """Count a tally under each of its keys, once each."""
        act = self.section.where.act
        if act is not None and tally.act is not act:
            return
        for keys, planned_kg, loaded_kg in _lines(self.section, tally):
            before = self.sums.get(keys, _Sum(0, None, None))
            self.sums[keys] = _Sum(
                before.many + 1,
                _plus(before.planned_kg, planned_kg),
                _plus(before.loaded_kg, loaded_kg),
            )


def recompute_report(session: Session, report: StatedReport) -> list[FigureDifference]:
    """Count the events anew and return every figure that is not as stated; none is agreement.

    Raises:
        ValueError: the log of this installation is shorter than the report says.
    """
    sums = {section.name: _Sums(section) for section in SECTIONS}
    for tally in _tallies(session, report):
        for each in sums.values():
            each.add(tally)
    return [
        difference
        for name, wanted in sums.items()
        for difference in _compare(name, _stated(report, name), _figures(wanted))
    ]


def _tallies(session: Session, report: StatedReport) -> Iterator[Tally]:
    period = Period(from_on=report.period.from_on, until_on=report.period.until_on)
    size, after = report.log.size, -1
    if size and session.get(LogEntryRow, size - 1) is None:
        raise ValueError(f"the log here has no entry {size - 1}; the report speaks of it")
    wanted = (
        select(LogEntryRow.index.label("number"), EventRow.id, EventRow.kind, EventRow.body)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(
            LogEntryRow.index < size,
            EventRow.recorded_at >= period.from_at,
            EventRow.recorded_at < period.to_at,
            EventRow.kind.in_(ACTS),
        )
        .order_by(LogEntryRow.index)
        .limit(BATCH)
    )
    while rows := session.execute(wanted.where(LogEntryRow.index > after)).all():
        for row in rows:
            tally = tally_of(row.number, row.id, row.kind, row.body)
            if tally is not None and period.from_at <= tally.recorded_at < period.to_at:
                yield tally
        after = rows[-1].number


def _lines(
    section: Section, tally: Tally
) -> Iterator[tuple[tuple[str | None, ...], Decimal | None, Decimal | None]]:
    """Return the keys of a tally with the masses that belong to them."""
    if Dimension.RULE in section.by:
        for code, outcome in sorted({(rule.code, rule.outcome) for rule in tally.rules}):
            own = {Dimension.RULE: code, Dimension.RULE_OUTCOME: outcome}
            yield _keys(section, tally, own), None, None
    elif Dimension.HAZARD_CLASS in section.by:
        for hazard_class in sorted({line.hazard_class for line in tally.goods}):
            lines = [line for line in tally.goods if line.hazard_class == hazard_class]
            planned_kg, loaded_kg = None, None
            for line in lines:
                planned_kg = _plus(planned_kg, line.planned_kg)
                loaded_kg = _plus(loaded_kg, line.loaded_kg)
            keys = _keys(section, tally, {Dimension.HAZARD_CLASS: hazard_class})
            yield keys, planned_kg, loaded_kg
    else:
        yield _keys(section, tally, {}), tally.planned_kg, tally.loaded_kg


def _keys(section: Section, tally: Tally, own: Mapping[Dimension, str]) -> tuple[str | None, ...]:
    said: dict[Dimension, object] = {
        Dimension.ACT: tally.act,
        Dimension.OUTCOME: tally.outcome,
        Dimension.MONTH: f"{tally.day:%Y-%m}",
        Dimension.DISTRICT: tally.area_code,
        Dimension.CARRIER: tally.carrier_id,
        **own,
    }
    return tuple(key_text(said[dimension]) for dimension in section.by)


def _plus(total: Decimal | None, more: Decimal | None) -> Decimal | None:
    return more if total is None else total + (more or Decimal(0))


def _figures(sums: _Sums) -> dict[tuple[str | None, ...], StatedFigure]:
    return {
        keys: StatedFigure(
            keys, found.many, mass_text(found.planned_kg), mass_text(found.loaded_kg)
        )
        for keys, found in sums.sums.items()
    }


def _stated(report: StatedReport, name: str) -> dict[tuple[str | None, ...], StatedFigure]:
    return {
        figure.keys: figure
        for section in report.sections
        if section.name == name
        for figure in section.figures
    }


def _compare(
    name: str,
    stated: Mapping[tuple[str | None, ...], StatedFigure],
    recomputed: Mapping[tuple[str | None, ...], StatedFigure],
) -> Iterable[FigureDifference]:
    for keys in sorted(
        {*stated, *recomputed}, key=lambda each: [(k is None, k or "") for k in each]
    ):
        if stated.get(keys) != recomputed.get(keys):
            yield FigureDifference(
                section=name,
                keys=keys,
                stated=stated.get(keys),
                recomputed=recomputed.get(keys),
            )
