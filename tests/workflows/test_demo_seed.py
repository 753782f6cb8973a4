"""The demonstration's data: written once, and its trips once for each day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from api.demo.cases import CASES
from api.demo.seed import seed
from tests.harness.demo_site import PASSWORD, DemoSite, demo_settings
from waybill.clock import Clock, FixedClock
from waybill.rules.lifecycle import WaybillStatus
from waybill.storage.base import Base
from waybill.storage.personal import PersonalVault
from waybill.storage.session import session_factory
from waybill.storage.waybills import WaybillRow

ALL_CASES = {case.key for case in CASES}
REGISTER = (
    "organisation",
    "bay",
    "vehicle",
    "tank",
    "person",
    "certificate",
    "user_account",
    "pii",
)
STATUS_OF_CASE = dict.fromkeys(ALL_CASES, WaybillStatus.ISSUED) | {
    "prohibited": WaybillStatus.DRAFT,
    "used-twice": WaybillStatus.RELEASED,
    "cancelled": WaybillStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """An installation that the demonstration fills, at whatever time the clock shows."""

    engine: Engine
    key_dir: Path

    def run(self, clock: Clock) -> Mapping[str, UUID]:
        """Fill it and return the trips that were written, by case."""
        settings = demo_settings(str(self.engine.url), self.key_dir)
        vault = PersonalVault(settings.pii_key, settings.pii_index_key)
        return seed(session_factory(self.engine), settings, vault, clock=clock, password=PASSWORD)

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        with Session(self.engine) as session:
            return {
                table.name: session.scalars(select(func.count()).select_from(table)).one()
                for table in Base.metadata.sorted_tables
            }

    def statuses(self, trips: Mapping[str, UUID]) -> dict[str, WaybillStatus]:
        """Return where each case's waybill is in its life."""
        with Session(self.engine) as session:
            return {
                case: session.get_one(WaybillRow, waybill_id).status
                for case, waybill_id in trips.items()
            }


@pytest.fixture
def empty(committing_engine: Engine, tmp_path: Path) -> Seeding:
    """An installation with nothing in it."""
    return Seeding(engine=committing_engine, key_dir=tmp_path / "keys")


@pytest.fixture
def registered(site_engine: Engine, site: DemoSite) -> Seeding:
    """An installation whose register is filled."""
    return Seeding(engine=site_engine, key_dir=site.key_dir)


def test_a_second_run_on_the_same_day_writes_nothing(empty: Seeding, clock: FixedClock) -> None:
    first = empty.run(clock)
    after_first = empty.rows()
    clock.advance(timedelta(hours=2))

    again = empty.run(clock)

    assert (set(first), dict(again)) == (ALL_CASES, {})
    assert empty.rows() == after_first


def test_every_case_stands_where_its_title_says(registered: Seeding, clock: FixedClock) -> None:
    assert registered.statuses(registered.run(clock)) == STATUS_OF_CASE


def test_the_next_day_gets_trips_of_its_own_and_no_second_register(
    registered: Seeding, clock: FixedClock
) -> None:
    first, before = registered.run(clock), registered.rows()
    clock.advance(timedelta(days=1))

    second = registered.run(clock)

    after = registered.rows()
    assert (set(second), registered.statuses(second)) == (ALL_CASES, STATUS_OF_CASE)
    assert not set(first.values()) & set(second.values())
    assert after["waybill"] == 2 * before["waybill"]
    assert {name: after[name] for name in REGISTER} == {name: before[name] for name in REGISTER}


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2026, 11, 22, 15, 59, 50, tzinfo=UTC), id="just before midnight"),
        pytest.param(datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), id="at midnight"),
    ],
)
def test_trips_are_written_around_midnight_in_shanghai_too(
    registered: Seeding, at: datetime
) -> None:
    assert registered.statuses(registered.run(FixedClock(at))) == STATUS_OF_CASE
