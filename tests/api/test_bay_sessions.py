"""Signing on at a tablet: badge and PIN, one account's rights at the bay, and what ends it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from tests.harness.line import Line
from tests.harness.tablet import Tablet, make_code
from waybill.clock import FixedClock
from waybill.registry.access import AT_A_BAY
from waybill.registry.devices import Badge
from waybill.services.devices import make_badge, new_pin, set_pin, withdraw_badge
from waybill.services.identity import UserChange, change_user
from waybill.storage.devices import BadgeRow, BaySessionRow
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.session import write_session

ME = "/api/v1/users/me"
PIN = "482915"
WRONG = "482916"


@pytest.fixture
def tablet(client: FlaskClient, clock: FixedClock, sign_in: SignIn, line: Line) -> Tablet:
    made = Tablet(client=client, clock=clock)
    made.enrol(make_code(client, sign_in("supervisor"), line.yard.facility_id))
    return made


@pytest.fixture
def badge(runtime: Runtime, accounts: Accounts) -> str:
    return str(made_badge(runtime, accounts).text)


def made_badge(runtime: Runtime, accounts: Accounts) -> Badge:
    """Make a badge for the loader, as the supervisor does."""
    loader = accounts.users["loader"].id
    with write_session(runtime.sessions) as session:
        supervisor = accounts.actor("supervisor")
        return make_badge(session, supervisor, loader, new_pin(PIN), clock=runtime.clock)


def problem(answer: Any) -> tuple[int, str]:  # noqa: ANN401  werkzeug's answer
    return answer.status_code, answer.get_json()["code"]


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


def signed_on(tablet: Tablet, badge: str) -> dict[str, Any]:
    answer = tablet.sign_on(badge, PIN)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.get_json()
    return made


def me(tablet: Tablet, session: dict[str, Any]) -> int:
    return tablet.client.get(ME, headers=bearer(session)).status_code


def renewal(tablet: Tablet, session: dict[str, Any]) -> Any:  # noqa: ANN401  werkzeug's answer
    return tablet.post("/bay-sessions/renewal", {"session_id": session["session_id"]})


class TestSignOn:
    def test_somebody_signs_on_with_badge_and_pin(
        self, tablet: Tablet, badge: str, accounts: Accounts
    ) -> None:
        made = signed_on(tablet, badge)

        loader = {"user_id": str(accounts.users["loader"].id), "label": "loader", "role": "loader"}
        assert (made["person"], made["expires_in"]) == (loader, 900)
        assert (made["unlock"]["iterations"], len(made["unlock"]["salt"])) == (600_000, 22)
        assert made["unlock"]["good_until"] == "2026-11-22T18:05:00.000Z"
        assert me(tablet, made) == 200

    def test_at_the_bay_an_account_may_do_the_bay_s_work_only(
        self, tablet: Tablet, runtime: Runtime, accounts: Accounts
    ) -> None:
        supervisor = accounts.actor("supervisor")
        with write_session(runtime.sessions) as session:
            made = make_badge(
                session, supervisor, supervisor.user_id, new_pin(PIN), clock=runtime.clock
            )
        headers = bearer(signed_on(tablet, str(made.text)))

        found = tablet.client.get(ME, headers=headers).get_json()["permissions"]
        key = tablet.client.post("/api/v1/api-keys", json={}, headers=headers)
        assert set(found) == {p.value for p in supervisor.permissions & AT_A_BAY}
        assert problem(key) == (403, "forbidden")

    def test_what_is_done_there_names_the_tablet(
        self, tablet: Tablet, badge: str, database: Session
    ) -> None:
        signed_on(tablet, badge)

        row = database.scalars(select(EventRow).where(EventRow.kind == "bay-signed-on")).one()
        about = select(EventSubjectRow.subject_key).where(
            EventSubjectRow.event_id == row.id, EventSubjectRow.subject_kind == "device"
        )
        assert json.loads(row.body)["device"] == tablet.device_id
        assert database.scalars(about).all() == [tablet.device_id]

    @pytest.mark.parametrize(("of_badge", "pin"), [("WBB1.AAAA", PIN), ("", PIN), (None, WRONG)])
    def test_a_wrong_badge_and_a_wrong_pin_are_answered_alike(
        self, tablet: Tablet, badge: str, of_badge: str | None, pin: str
    ) -> None:
        answer = tablet.sign_on(badge if of_badge is None else of_badge or "x", pin)

        assert problem(answer) == (401, "badge-or-pin-wrong")

    @pytest.mark.parametrize("text", ["\x00", "\uff19", "x" * 100])
    def test_odd_texts_are_refused_like_any_other(
        self, tablet: Tablet, badge: str, text: str
    ) -> None:
        answers = tablet.sign_on(text, PIN), tablet.sign_on(badge, text[:20])

        assert [answer.status_code for answer in answers] == [401, 401]

    def test_a_refusal_is_told_without_what_was_shown(
        self, tablet: Tablet, badge: str, database: Session
    ) -> None:
        tablet.sign_on(badge, WRONG)

        row = database.scalars(select(EventRow).where(EventRow.kind == "bay-sign-on-refused")).one()
        body = json.loads(row.body)
        assert body["data"] == {"device": tablet.device_id, "wrong": "pin"}
        assert (WRONG in row.body.decode(), badge in row.body.decode()) == (False, False)


class TestRest:
    def fail(self, tablet: Tablet, badge: str) -> None:
        for _ in range(5):
            assert problem(tablet.sign_on(badge, WRONG)) == (401, "badge-or-pin-wrong")

    def test_after_five_wrong_pins_a_badge_rests_with_a_clear_message(
        self, tablet: Tablet, badge: str
    ) -> None:
        self.fail(tablet, badge)

        answer = tablet.sign_on(badge, PIN)

        assert problem(answer) == (429, "badge-locked")
        assert (answer.headers["Retry-After"], "15" in answer.get_json()["detail_zh"]) == (
            "900",
            True,
        )

    def test_nobody_is_locked_out_for_ever(
        self, tablet: Tablet, badge: str, clock: FixedClock
    ) -> None:
        self.fail(tablet, badge)
        clock.advance(timedelta(minutes=15))

        assert tablet.sign_on(badge, PIN).status_code == 201

    def test_the_second_rest_is_twice_as_long_and_none_longer_than_a_day(
        self, tablet: Tablet, badge: str, clock: FixedClock, database: Session
    ) -> None:
        rests = []
        for _ in range(9):
            self.fail(tablet, badge)
            until = database.scalars(select(BadgeRow.locked_until)).one()
            assert until is not None
            rests.append(until - clock.now())
            database.rollback()
            clock.advance(rests[-1])

        assert [rest / timedelta(minutes=1) for rest in rests] == [
            *(15, 30, 60, 120, 240, 480, 960),
            *(1440, 1440),
        ]

    def test_a_new_pin_ends_the_rest(
        self, tablet: Tablet, badge: str, runtime: Runtime, accounts: Accounts
    ) -> None:
        self.fail(tablet, badge)
        with write_session(runtime.sessions) as session:
            loader = accounts.users["loader"].id
            supervisor = accounts.actor("supervisor")
            set_pin(session, supervisor, loader, new_pin("730258"), clock=runtime.clock)

        assert tablet.sign_on(badge, "730258").status_code == 201

    def test_a_right_pin_forgets_the_wrong_ones(self, tablet: Tablet, badge: str) -> None:
        for _ in range(3):
            for _ in range(4):
                tablet.sign_on(badge, WRONG)
            signed_on(tablet, badge)

    def test_a_tablet_that_shows_thirty_unknown_badges_waits(
        self, tablet: Tablet, badge: str
    ) -> None:
        wrong = {tablet.sign_on(f"WBB1.{number}", PIN).status_code for number in range(30)}

        assert (wrong, problem(tablet.sign_on(badge, PIN))) == ({401}, (429, "throttled"))


class TestStayingOn:
    def test_a_session_is_renewed_for_twelve_hours(
        self, tablet: Tablet, badge: str, clock: FixedClock
    ) -> None:
        session = signed_on(tablet, badge)
        clock.advance(timedelta(hours=11, minutes=59))

        renewed = renewal(tablet, session)

        assert (renewed.status_code, renewed.get_json()["expires_in"]) == (201, 60)
        assert me(tablet, renewed.get_json()) == 200
        clock.advance(timedelta(minutes=1))
        assert problem(renewal(tablet, session)) == (401, "bay-session-over")
        assert me(tablet, renewed.get_json()) == 401

    def test_only_the_tablet_at_which_it_began_renews_or_ends_it(
        self, tablet: Tablet, badge: str, sign_in: SignIn, line: Line
    ) -> None:
        session = signed_on(tablet, badge)
        other = Tablet(client=tablet.client, clock=tablet.clock)
        other.enrol(make_code(other.client, sign_in("supervisor"), line.yard.facility_id))

        ended = other.post(f"/bay-sessions/{session['session_id']}/end")
        assert problem(renewal(other, session)) == (401, "bay-session-over")
        assert (problem(ended), me(tablet, session)) == ((401, "bay-session-over"), 200)

    def test_a_badge_at_which_somebody_guesses_is_not_renewed(
        self, tablet: Tablet, badge: str
    ) -> None:
        session = signed_on(tablet, badge)
        for _ in range(5):
            tablet.sign_on(badge, WRONG)

        assert problem(renewal(tablet, session)) == (429, "badge-locked")


class TestEnding:
    def test_signing_off_ends_it_at_once_and_may_be_repeated(
        self, tablet: Tablet, badge: str, database: Session
    ) -> None:
        session = signed_on(tablet, badge)
        path = f"/bay-sessions/{session['session_id']}/end"

        assert [tablet.post(path).status_code for _ in range(2)] == [204, 204]
        assert me(tablet, session) == 401
        kinds = database.scalars(select(EventRow.kind)).all()
        assert kinds.count("bay-session-ended") == 1

    def over(self, tablet: Tablet, session: dict[str, Any]) -> tuple[int, tuple[int, str]]:
        return me(tablet, session), problem(renewal(tablet, session))

    def test_revoking_the_tablet_ends_reading_at_once(
        self, tablet: Tablet, badge: str, sign_in: SignIn
    ) -> None:
        session = signed_on(tablet, badge)
        assert me(tablet, session) == 200

        tablet.client.post(
            f"/api/v1/devices/{tablet.device_id}/revocation",
            json={"reason": "遗失"},
            headers=sign_in("supervisor"),
        )

        assert self.over(tablet, session) == (401, (401, "device-revoked"))
        assert problem(tablet.sign_on(badge, PIN)) == (401, "device-revoked")

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(UserChange(active=False), id="deactivated"),
            pytest.param(UserChange(password="another long enough"), id="new password"),
        ],
    )
    def test_a_changed_account_ends_it(
        self,
        tablet: Tablet,
        badge: str,
        runtime: Runtime,
        accounts: Accounts,
        change: UserChange,
    ) -> None:
        made = signed_on(tablet, badge)
        user_id = accounts.users["loader"].id
        with write_session(runtime.sessions) as session:
            admin = accounts.actor("admin")
            change_user(session, admin, user_id, change, expected_version=1, clock=runtime.clock)
            kept = session.get_one(BaySessionRow, UUID(made["session_id"]))

        assert self.over(tablet, made) == (401, (401, "bay-session-over"))
        # What the tablet tells later of its work without network is held against this.
        assert kept.ended_at == runtime.clock.now()

    @pytest.mark.parametrize("how", ["made anew", "another PIN", "withdrawn"])
    def test_a_changed_badge_ends_it(
        self, tablet: Tablet, badge: str, runtime: Runtime, accounts: Accounts, how: str
    ) -> None:
        made = signed_on(tablet, badge)
        loader, supervisor = accounts.users["loader"].id, accounts.actor("supervisor")
        with write_session(runtime.sessions) as session:
            if how == "withdrawn":
                withdraw_badge(session, supervisor, UUID(str(loader)), clock=runtime.clock)
            else:
                renew = make_badge if how == "made anew" else set_pin
                renew(session, supervisor, loader, new_pin("730258"), clock=runtime.clock)

        assert self.over(tablet, made) == (401, (401, "bay-session-over"))
        assert problem(tablet.sign_on(badge, PIN)) == (401, "badge-or-pin-wrong")
