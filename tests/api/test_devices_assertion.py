"""A tablet proves with each request which one it is; a revoked one can do nothing."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from tests.harness.accounts import SignIn
from tests.harness.line import Line
from tests.harness.tablet import Tablet, make_code
from waybill.clock import FixedClock

BEAT = "/api/v1/tablet/heartbeat"
DEVICES = "/api/v1/devices"


@pytest.fixture
def tablet(client: FlaskClient, clock: FixedClock, sign_in: SignIn, line: Line) -> Tablet:
    made = Tablet(client=client, clock=clock)
    made.enrol(make_code(client, sign_in("supervisor"), line.yard.facility_id))
    return made


def problem(answer: Any) -> tuple[int, str]:  # noqa: ANN401  werkzeug's answer
    return answer.status_code, answer.get_json()["code"]


def shown(tablet: Tablet, assertion: str) -> tuple[int, str]:
    return problem(tablet.client.post(BEAT, json={}, headers={"Device-Assertion": assertion}))


class TestAssertion:
    def test_the_tablet_that_was_enrolled_is_known(self, tablet: Tablet) -> None:
        answer = tablet.heartbeat(battery=80)

        assert (answer.status_code, answer.get_json()) == (
            200,
            {
                "server_time": "2026-11-22T06:05:00.000Z",
                "latest_version": answer.get_json()["latest_version"],
                "revoked": False,
            },
        )

    @pytest.mark.parametrize("late_s", [-120, 0, 120])
    def test_two_minutes_to_either_side_are_allowed(self, tablet: Tablet, late_s: int) -> None:
        headers = tablet.headers(late=timedelta(seconds=late_s))

        assert tablet.client.post(BEAT, json={}, headers=headers).status_code == 422

    @pytest.mark.parametrize("late_s", [-121, 121, 86_400])
    def test_more_is_refused_with_what_to_do(self, tablet: Tablet, late_s: int) -> None:
        headers = tablet.headers(late=timedelta(seconds=late_s))

        answer = tablet.client.post(BEAT, json={}, headers=headers)

        assert problem(answer) == (401, "device-assertion-refused")
        assert "/api/v1/tablet/time" in answer.get_json()["next_step_en"]

    def test_the_time_is_told_to_anybody(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/tablet/time")

        assert answer.get_json() == {"server_time": "2026-11-22T06:05:00.000Z"}

    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"aud": "waybill-api"}, id="for somebody else"),
            pytest.param({"sub": "01938a7c-0000-7000-8000-00000000000a"}, id="of another"),
            pytest.param({"iat": "1"}, id="text for a time"),
            pytest.param({"iat": True}, id="a truth for a time"),
            pytest.param({"iat": None}, id="no time"),
        ],
    )
    def test_other_claims_are_refused(self, tablet: Tablet, changed: dict[str, object]) -> None:
        assertion = tablet.sign(tablet.claims() | changed)

        assert shown(tablet, assertion) == (401, "device-assertion-refused")

    @pytest.mark.parametrize("payload", [b"[]", b"{", b'{"a":1,"a":1}'])
    def test_what_is_no_object_is_refused(self, tablet: Tablet, payload: bytes) -> None:
        assert shown(tablet, tablet.sign(payload)) == (401, "device-assertion-refused")

    def test_a_record_is_no_assertion(self, tablet: Tablet) -> None:
        assertion = tablet.sign(tablet.claims(), typ="wb-off+jws")

        assert shown(tablet, assertion) == (401, "device-assertion-refused")

    def test_another_key_is_refused(self, tablet: Tablet) -> None:
        tablet.private_key = ec.generate_private_key(ec.SECP256R1())

        assert problem(tablet.heartbeat()) == (401, "device-assertion-refused")

    def test_nothing_is_refused(self, client: FlaskClient) -> None:
        assert problem(client.post(BEAT, json={})) == (401, "device-assertion-refused")

    def test_a_tablet_that_was_never_enrolled_is_unknown(self, tablet: Tablet) -> None:
        tablet.device_id = "01938a7c-0000-7000-8000-00000000000a"

        assert problem(tablet.heartbeat()) == (401, "device-unknown")


class TestKeeping:
    def test_what_a_tablet_says_is_seen(
        self, tablet: Tablet, sign_in: SignIn, clock: FixedClock
    ) -> None:
        clock.advance(timedelta(minutes=5))
        tablet.heartbeat(unsent=3, battery=41)

        found = tablet.client.get(
            f"{DEVICES}/{tablet.device_id}", headers=sign_in("auditor")
        ).get_json()

        said = {name: found[name] for name in ("last_seen_at", "unsent", "battery", "app_version")}
        assert said == {
            "last_seen_at": "2026-11-22T06:10:00.000Z",
            "unsent": 3,
            "battery": 41,
            "app_version": "0.1.0",
        }

    @pytest.mark.parametrize("role", ["supervisor", "admin", "inspector"])
    def test_those_who_may_see_it_list_it(self, tablet: Tablet, sign_in: SignIn, role: str) -> None:
        listed = tablet.client.get(DEVICES, headers=sign_in(role)).get_json()

        assert [item["id"] for item in listed["items"]] == [tablet.device_id]

    def test_a_list_is_narrowed(self, tablet: Tablet, sign_in: SignIn, line: Line) -> None:
        headers, client = sign_in("supervisor"), tablet.client
        place = f"facility={line.yard.facility_id}"

        counts = [
            len(client.get(f"{DEVICES}?{query}", headers=headers).get_json()["items"])
            for query in (place, f"{place}&status=active", "status=revoked")
        ]

        assert counts == [1, 1, 0]


class TestRevocation:
    def revoke(self, tablet: Tablet, headers: dict[str, str]) -> Any:  # noqa: ANN401  werkzeug's answer
        return tablet.client.post(
            f"{DEVICES}/{tablet.device_id}/revocation", json={"reason": "遗失"}, headers=headers
        )

    def test_a_revoked_tablet_can_do_nothing(self, tablet: Tablet, sign_in: SignIn) -> None:
        answer = self.revoke(tablet, sign_in("supervisor"))

        assert (answer.status_code, answer.get_json()["status"]) == (200, "revoked")
        assert answer.get_json()["revoked_reason"] == "遗失"
        assert problem(tablet.heartbeat()) == (401, "device-revoked")

    def test_only_the_tablet_itself_is_told_that_it_was_revoked(
        self, tablet: Tablet, sign_in: SignIn
    ) -> None:
        self.revoke(tablet, sign_in("supervisor"))
        tablet.private_key = ec.generate_private_key(ec.SECP256R1())

        assert problem(tablet.heartbeat()) == (401, "device-assertion-refused")

    def test_it_is_revoked_once(self, tablet: Tablet, sign_in: SignIn) -> None:
        headers = sign_in("supervisor")
        self.revoke(tablet, headers)

        assert problem(self.revoke(tablet, headers)) == (409, "wrong-state")
