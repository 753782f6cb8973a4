"""Retention: the worker erases once a day what no period holds, and says what it did and why."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from api.cli import main
from tests.harness import registrations as build
from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.personal import name_driver, retire_driver
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, change_row, seed_yard
from waybill.clock import FixedClock
from waybill.errors import ForbiddenError
from waybill.registry.kinds import SubjectKind
from waybill.registry.personal import Holder, RetentionReport, ValueState
from waybill.registry.records import PersonChanges
from waybill.services.personal.holdings import values_of_person
from waybill.services.personal.requests import decide_erasure, request_erasure
from waybill.services.personal.retention import (
    list_retention_runs,
    look_at_values,
    preview_retention,
    run_retention,
)
from waybill.services.registry import people
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow
from waybill.storage.session import session_factory
from waybill.storage.waybills import WaybillRow
from waybill.worker import Workplace, retain_daily

YEAR = timedelta(days=366)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def accounts(session: Session, clock: FixedClock) -> Accounts:
    """An account of every role."""
    return seed_accounts(session, clock.now())


@pytest.fixture
def yard(session: Session, accounts: Accounts, clock: FixedClock) -> Yard:
    """A petrol trip's register, whose driver has values in the vault."""
    seed_signing_key(session, clock)
    made = seed_yard(session, accounts, clock.now())
    name_driver(session, made, VAULT, clock)
    return made


def states(session: Session, yard: Yard) -> set[ValueState]:
    """Return how the driver's values stand."""
    session.expire_all()
    return {value.state for value in values_of_person(session, yard.driver_id)}


def report(
    erased: dict[str, int] | None = None,
    kept: dict[str, int] | None = None,
    *,
    in_use: int = 0,
    restricted: int = 0,
    unattached: int = 0,
) -> RetentionReport:
    """Return a report that counts nothing but what is said."""
    return RetentionReport(
        erased=erased or {},
        kept=kept or {},
        in_use=in_use,
        restricted=restricted,
        unattached=unattached,
    )


class TestWhatIsErased:
    """Values go when nothing holds them any longer, and not a day before."""

    def test_who_is_registered_stays_however_long(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        clock.advance(20 * YEAR)

        run = run_retention(session, now=clock.now())

        assert (run.report, states(session, yard)) == (report(in_use=3), {ValueState.STORED})

    def test_who_never_drove_goes_a_year_after_retirement(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        retire_driver(session, yard, VAULT, clock)
        clock.advance(timedelta(days=365))
        still = look_at_values(session, now=clock.now())
        clock.advance(timedelta(days=1))

        run = run_retention(session, now=clock.now())

        assert still == report(kept={"register": 3})
        assert run.report == report(erased={"id_number": 1, "name": 1, "phone": 1})
        assert states(session, yard) == {ValueState.ERASED}

    def test_who_drove_goes_three_years_after_the_last_trip(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        Line(yard=yard, clock=clock).issued(session)
        retire_driver(session, yard, VAULT, clock)
        clock.advance(3 * timedelta(days=365))
        still = look_at_values(session, now=clock.now())
        clock.advance(timedelta(days=5))

        run = run_retention(session, now=clock.now())

        assert still == report(kept={"waybill": 3})
        assert run.report.erased_total == 3

    def test_hazardous_waste_is_kept_ten_years(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        issued = Line(yard=yard, clock=clock).issued(session)
        row = session.get_one(WaybillRow, issued.id)
        goods = [line | {"waste": True} for line in row.draft["goods"]]  # type: ignore[union-attr,operator]
        change_row(session, WaybillRow, issued.id, draft=dict(row.draft) | {"goods": goods})
        retire_driver(session, yard, VAULT, clock)
        clock.advance(9 * YEAR)

        found = look_at_values(session, now=clock.now())

        assert found == report(kept={"hazardous-waste": 3})

    def test_a_replaced_value_goes_while_its_person_drives_on(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        carrier = yard.actor("carrier")
        made = people.create_person(
            session,
            carrier,
            build.person(id_number=build.OTHER_ID_NUMBER),
            vault=VAULT,
            clock=clock,
        )
        change = PersonChanges(phone="13905179999")
        people.update_person(
            session, carrier, made.id, change, expected_version=1, vault=VAULT, clock=clock
        )
        clock.advance(YEAR)

        run = run_retention(session, now=clock.now())

        assert run.report == report(erased={"phone": 1}, in_use=6)

    def test_the_name_of_a_closed_account_is_kept_as_a_dispatcher_is(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        user = yard.accounts.users["carrier"]
        holder_ref = VAULT.protect(session, "user-name", "王芳", clock.now(), holder=_account(yard))
        change_row(
            session,
            UserRow,
            user.id,
            name_ref=holder_ref,
            active=False,
            credentials_changed_at=clock.now(),
        )

        found = look_at_values(session, now=clock.now())

        assert found == report(kept={"waybill": 1}, in_use=3)

    def test_a_value_without_a_holder_is_counted_and_left_alone(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        VAULT.protect(session, "name", "李四", clock.now())
        clock.advance(20 * YEAR)

        run = run_retention(session, now=clock.now())

        assert (run.report, states(session, yard)) == (
            report(in_use=3, unattached=1),
            {ValueState.STORED},
        )


def _account(yard: Yard) -> Holder:
    return Holder(
        kind=SubjectKind.USER,
        id=yard.accounts.users["carrier"].id,
        organisation_id=yard.accounts.organisations["carrier"],
    )


def test_a_restricted_value_is_erased_when_the_law_asks_no_longer(
    session: Session, yard: Yard, clock: FixedClock
) -> None:
    Line(yard=yard, clock=clock).issued(session)
    retire_driver(session, yard, VAULT, clock)
    request = request_erasure(
        session, yard.actor("carrier"), yard.driver_id, "本人申请", clock=clock
    )
    senior = yard.accounts.actor("senior-auditor")
    decide_erasure(session, senior, request.id, approved=True, reason="同意", clock=clock)
    clock.advance(timedelta(days=365))
    waiting = look_at_values(session, now=clock.now())
    clock.advance(timedelta(days=4))

    run = run_retention(session, now=clock.now())

    assert waiting == report(restricted=3)
    assert run.report == report(erased={"id_number": 1, "name": 1, "phone": 1})
    assert states(session, yard) == {ValueState.ERASED}


def test_a_run_is_told_with_what_it_erased(session: Session, yard: Yard, clock: FixedClock) -> None:
    retire_driver(session, yard, VAULT, clock)
    clock.advance(YEAR)

    run = run_retention(session, now=clock.now())

    said = msgspec.json.decode(session.get_one(EventRow, run.event_id).body)
    erased = session.scalars(
        select(EventRow.body).where(EventRow.kind == "personal-values-erased")
    ).all()
    assert said["actor"] is None
    assert said["data"] == {
        "erased": {"id_number": 1, "name": 1, "phone": 1},
        "kept": {},
        "in_use": 0,
        "restricted": 0,
        "unattached": 0,
    }
    assert [msgspec.json.decode(body)["data"]["cause"] for body in erased] == ["retention"]
    auditor = yard.accounts.actor("auditor")
    assert list_retention_runs(session, auditor).items == (run,)


def test_a_preview_changes_nothing_and_is_for_overseers(
    session: Session, yard: Yard, clock: FixedClock
) -> None:
    retire_driver(session, yard, VAULT, clock)
    clock.advance(YEAR)

    found = preview_retention(session, yard.accounts.actor("admin"), clock=clock)

    assert found.erased_total == 3
    assert states(session, yard) == {ValueState.STORED}
    with pytest.raises(ForbiddenError):
        preview_retention(session, yard.actor("carrier"), clock=clock)


def test_the_worker_retains_once_a_day(committing_engine: Engine, clock: FixedClock) -> None:
    place = Workplace(
        engine=committing_engine, sessions=session_factory(committing_engine), clock=clock
    )
    with place.sessions() as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        seed_signing_key(session, clock)
        name_driver(session, yard, VAULT, clock)
        retire_driver(session, yard, VAULT, clock)
    clock.advance(YEAR)

    done = [retain_daily(place), retain_daily(place)]
    clock.advance(timedelta(days=1))
    done.append(retain_daily(place))

    with place.sessions() as session:
        runs = list_retention_runs(session, yard.accounts.actor("auditor")).items
    assert (done, [run.report.erased_total for run in runs]) == ([3, 0, 0], [0, 3])


class TestCommand:
    """`waybill retention`, as an operator uses it."""

    @pytest.fixture
    def environment(self, fresh_database_url: str, committing_engine: Engine) -> dict[str, str]:
        """An installation with one retired driver who never drove."""
        clock = FixedClock(LONG_AGO)
        with Session(committing_engine) as session, session.begin():
            yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
            name_driver(session, yard, VAULT, clock)
            retire_driver(session, yard, VAULT, clock)
        return {
            "WAYBILL_DATABASE_URL": fresh_database_url,
            "WAYBILL_SECRET_KEY": "s" * 32,
            "WAYBILL_PII_KEY": "A" * 43,
            "WAYBILL_PII_INDEX_KEY": "A" * 43,
        }

    def test_a_dry_run_says_what_would_go_and_a_run_does_it(
        self, environment: dict[str, str]
    ) -> None:
        outputs = [
            CliRunner().invoke(main, ["retention", *more], env=environment).output
            for more in (["--dry-run"], [], ["--dry-run", "--json"])
        ]

        assert outputs[0].splitlines()[:2] == ["would be erased: 3", "    id_number: 1"]
        assert outputs[1].splitlines()[0] == "erased: 3"
        assert outputs[2] == (
            '{"erased": {}, "in_use": 0, "kept": {}, "restricted": 0, "unattached": 0}\n'
        )
