"""A tablet is enrolled by a code that is good once, and known by its key from then on."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, SignIn
from tests.harness.line import Line
from tests.harness.tablet import Tablet, make_code
from waybill.clock import FixedClock
from waybill.storage.devices import DeviceEnrolmentRow, DeviceRow
from waybill.storage.log import EventRow, EventSubjectRow

DEVICES = "/api/v1/devices"
LABEL = "3 号位"
QUARTER = timedelta(minutes=15)


@pytest.fixture
def tablet(client: FlaskClient, clock: FixedClock) -> Tablet:
    return Tablet(client=client, clock=clock)


@pytest.fixture
def supervisor(sign_in: SignIn) -> dict[str, str]:
    return sign_in("supervisor")


@pytest.fixture
def code(client: FlaskClient, supervisor: dict[str, str], line: Line) -> str:
    return make_code(client, supervisor, line.yard.facility_id, LABEL)


def told(database: Session, kind: str) -> list[dict[str, Any]]:
    """Return what the log says of a kind."""
    rows = database.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
    return [json.loads(row.body) for row in rows]


def problem(answer: Any) -> tuple[int, str]:  # noqa: ANN401  werkzeug's answer
    return answer.status_code, answer.get_json()["code"]


class TestCode:
    def test_it_has_no_letters_that_look_alike_and_is_kept_as_a_hash(
        self, code: str, database: Session, clock: FixedClock
    ) -> None:
        row = database.scalars(select(DeviceEnrolmentRow)).one()

        assert re.fullmatch("[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code)
        assert (row.expires_at, row.used_at) == (clock.now() + QUARTER, None)
        assert code.replace("-", "").encode() not in row.code_hash

    def test_that_it_was_made_is_told_without_it(self, code: str, database: Session) -> None:
        (event,) = told(database, "device-code-made")

        assert set(event["data"]) == {"enrolment", "facility", "label"}
        assert code not in str(event)

    def test_another_plant_s_facility_is_not_found(
        self, client: FlaskClient, supervisor: dict[str, str]
    ) -> None:
        body = {"facility_id": str(uuid4()), "label": LABEL}

        answer = client.post(f"{DEVICES}/enrolments", json=body, headers=supervisor)

        assert problem(answer) == (404, "not-found")


class TestEnrolment:
    def test_a_tablet_learns_what_it_is(
        self, tablet: Tablet, code: str, line: Line, database: Session, clock: FixedClock
    ) -> None:
        made = tablet.enrol(code)

        prefix, device_id = made.pop("prefix"), made.pop("device_id")
        name = made["facility"]["name_zh"]
        assert re.fullmatch("T[2-9A-HJKMNP-Z]{3}", prefix)
        assert made == {
            "label": LABEL,
            "facility": {"id": str(line.yard.facility_id), "name_zh": name, "name_en": name},
            "bays": [{"id": str(line.yard.bay_id), "name": made["bays"][0]["name"]}],
            "server_time": "2026-11-22T06:05:00.000Z",
        }
        row = database.get_one(DeviceRow, UUID(device_id))
        assert (row.prefix, row.last_seen_at, len(row.public_key)) == (prefix, clock.now(), 65)

    def test_it_is_told_whose_code_it_was(
        self, tablet: Tablet, code: str, accounts: Accounts, database: Session
    ) -> None:
        made = tablet.enrol(code)

        (event,) = told(database, "device-enrolled")
        supervisor = str(accounts.users["supervisor"].id)
        assert (event["actor"], event["data"]["enrolled_by"]) == (None, supervisor)
        found = database.scalars(
            select(EventSubjectRow.subject_key).where(EventSubjectRow.subject_kind == "device")
        ).all()
        assert found == [made["device_id"]]

    def test_a_code_may_be_typed_as_people_type(self, tablet: Tablet, code: str) -> None:
        typed = f" {code.replace('-', ' ').lower()} "

        assert tablet.try_code(typed).status_code == 201

    def test_a_code_is_good_once(self, tablet: Tablet, code: str, database: Session) -> None:
        tablet.enrol(code)
        second = Tablet(client=tablet.client, clock=tablet.clock)

        assert problem(second.try_code(code)) == (422, "invalid-field")
        assert len(told(database, "device-enrolment-refused")) == 1

    def test_a_code_ends_after_a_quarter_of_an_hour(
        self, tablet: Tablet, code: str, clock: FixedClock
    ) -> None:
        clock.advance(QUARTER)

        assert problem(tablet.try_code(code)) == (422, "invalid-field")

    def test_after_ten_wrong_codes_an_address_waits(self, tablet: Tablet, code: str) -> None:
        wrong = {tablet.try_code("2222-2222").status_code for _ in range(10)}

        answer = tablet.try_code(code)

        assert wrong == {422}
        assert problem(answer) == (429, "throttled")
        assert answer.headers["Retry-After"] == "900"

    def test_a_right_code_is_not_counted(
        self, tablet: Tablet, supervisor: dict[str, str], line: Line
    ) -> None:
        client, place = tablet.client, line.yard.facility_id
        for _ in range(11):
            made = Tablet(client=client, clock=tablet.clock)
            made.enrol(make_code(client, supervisor, place))

        assert tablet.try_code("2222-2222").status_code == 422

    def test_a_key_is_enrolled_once(
        self, tablet: Tablet, code: str, supervisor: dict[str, str], line: Line
    ) -> None:
        tablet.enrol(code)
        again = make_code(tablet.client, supervisor, line.yard.facility_id)

        assert problem(tablet.try_code(again)) == (409, "duplicate")

    def test_a_point_off_the_curve_is_refused(self, tablet: Tablet, code: str) -> None:
        key = tablet.public_key | {"x": "A" * 43}
        body = {"code": code, "public_key": key, "app_version": "0.1.0"}

        answer = tablet.client.post(DEVICES, json=body)

        assert problem(answer) == (422, "invalid-field")
        assert tablet.try_code(code).status_code == 201


class TestAgain:
    """A tablet that a restored backup has forgotten, enrolled again with its key."""

    FORMER = {"device_id": "01a21c01-452f-72d3-a20d-471d96de8ac8", "prefix": "T7K2"}  # noqa: RUF012

    def test_it_is_the_same_tablet_and_its_numbers_go_on(
        self, tablet: Tablet, code: str, database: Session
    ) -> None:
        tablet.device_id = self.FORMER["device_id"]
        heartbeat = f"{DEVICES.removesuffix('/devices')}/tablet/under-way"
        before = tablet.client.get(heartbeat, headers=tablet.headers())

        made = tablet.try_code(code, former=self.FORMER).get_json()

        assert problem(before) == (401, "device-unknown")
        assert (made["device_id"], made["prefix"]) == tuple(self.FORMER.values())
        assert tablet.client.get(heartbeat, headers=tablet.headers()).status_code == 200
        (event,) = told(database, "device-enrolled")
        assert (event["data"]["again"], event["data"]["prefix"]) == (True, "T7K2")

    @pytest.mark.parametrize("taken", ["device_id", "prefix"])
    def test_nobody_becomes_a_tablet_that_is_enrolled(
        self, tablet: Tablet, code: str, supervisor: dict[str, str], line: Line, taken: str
    ) -> None:
        made = tablet.enrol(code)
        other = Tablet(client=tablet.client, clock=tablet.clock)
        another = make_code(tablet.client, supervisor, line.yard.facility_id, LABEL)

        answer = other.try_code(another, former=self.FORMER | {taken: made[taken]})

        assert problem(answer) == (409, "duplicate")
        assert other.try_code(another).status_code == 201

    @pytest.mark.parametrize("prefix", ["X7K2", "T7K", "T7O2", "T7K2345678", "t7k2"])
    def test_a_prefix_is_one_that_this_installation_could_have_given(
        self, tablet: Tablet, code: str, prefix: str
    ) -> None:
        answer = tablet.try_code(code, former=self.FORMER | {"prefix": prefix})

        assert problem(answer) == (422, "invalid-field")
