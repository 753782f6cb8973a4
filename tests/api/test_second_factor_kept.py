"""Keeping one's second factors, and losing them."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts
from tests.harness.second_factors import Enrolling, Phone
from waybill.clock import FixedClock
from waybill.storage.factors import TotpRow
from waybill.storage.log import EventRow

ME = "/api/v1/users/me"
FACTORS = "/api/v1/users/me/second-factor"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind).order_by(EventRow.id)))


class TestKeeping:
    def test_a_new_phone_takes_the_place_of_the_old_and_ends_other_sessions(
        self, enrolled: Enrolling, client: FlaskClient, clock: FixedClock, database: Session
    ) -> None:
        other = enrolled.code(enrolled.recovery_codes[0]).get_json()
        mine = enrolled.code(enrolled.recovery_codes[1]).get_json()
        old = enrolled.phone.secret
        begun = client.post(f"{FACTORS}/totp", headers=bearer(mine))
        enrolled.phone.secret = begun.get_json()["secret"]

        confirmed = client.post(
            f"{FACTORS}/totp/confirmation",
            json={"code": enrolled.phone.code()},
            headers=bearer(mine),
        )

        assert confirmed.get_json() == {"recovery_codes": []}
        assert client.get(ME, headers=bearer(mine)).status_code == 200
        assert client.post(f"{FACTORS}/totp", headers=bearer(other)).status_code == 401
        assert len(database.scalars(select(TotpRow)).all()) == 1
        clock.advance(timedelta(minutes=1))
        assert enrolled.code(enrolled.phone.code()).status_code == 200
        enrolled.phone.secret = old
        assert enrolled.code(enrolled.phone.code(steps=1)).status_code == 401

    def test_nothing_is_changed_in_a_session_that_was_found_open(
        self, enrolled: Enrolling, client: FlaskClient, clock: FixedClock
    ) -> None:
        tokens = enrolled.code(enrolled.recovery_codes[0]).get_json()
        clock.advance(timedelta(minutes=14, seconds=30))
        renewed = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": tokens["refresh_token"]}
        ).get_json()
        clock.advance(timedelta(seconds=31))

        asked = [
            ("POST", "totp", None),
            ("POST", "totp/confirmation", {"code": "123456"}),
            ("DELETE", "totp", None),
            ("POST", "key-options", None),
            ("POST", "keys", {"name": "x", "credential": "{}"}),
            ("POST", "recovery-codes", None),
        ]
        answered = {
            client.open(
                f"{FACTORS}/{path}", method=method, json=body, headers=bearer(renewed)
            ).get_json()["code"]
            for method, path, body in asked
        }

        assert answered == {"sign-in-again"}

    def test_the_last_factor_stays_where_the_role_must_have_one(
        self, enrolled: Enrolling, client: FlaskClient
    ) -> None:
        tokens = enrolled.code(enrolled.recovery_codes[0]).get_json()

        removed = client.delete(f"{FACTORS}/totp", headers=bearer(tokens))

        assert (removed.status_code, removed.get_json()["code"]) == (409, "wrong-state")

    def test_whoever_need_not_have_one_may_have_one_and_leave_it(
        self, auditor: Enrolling, client: FlaskClient, clock: FixedClock
    ) -> None:
        auditor.username = "carrier"
        headers = bearer(auditor.password().get_json())
        begun = client.post(f"{FACTORS}/totp", headers=headers)
        auditor.phone.secret = begun.get_json()["secret"]
        body = {"code": auditor.phone.code()}
        codes = client.post(f"{FACTORS}/totp/confirmation", json=body, headers=headers).get_json()
        clock.advance(timedelta(minutes=1))
        asked = auditor.password().status_code

        left = client.delete(f"{FACTORS}/totp", headers=headers).status_code

        assert (len(codes["recovery_codes"]), asked, left) == (10, 202, 204)
        assert client.get(FACTORS, headers=headers).get_json() == {
            "required": False,
            "totp_since": None,
            "keys": [],
            "recovery_codes_left": 0,
        }
        assert auditor.password().status_code == 200

    def test_new_recovery_codes_end_the_old(self, enrolled: Enrolling, client: FlaskClient) -> None:
        tokens = enrolled.code(enrolled.recovery_codes[0]).get_json()
        made = client.post(f"{FACTORS}/recovery-codes", headers=bearer(tokens)).get_json()

        old = enrolled.code(enrolled.recovery_codes[1]).status_code
        new = enrolled.code(made["recovery_codes"][0]).status_code

        assert (old, new) == (401, 200)

    def test_an_administrator_resets_anothers_and_nobody_their_own(
        self, enrolled: Enrolling, client: FlaskClient, accounts: Accounts, database: Session
    ) -> None:
        session = enrolled.code(enrolled.recovery_codes[0]).get_json()
        admin = Enrolling(client=client, phone=Phone(clock=enrolled.phone.clock), username="admin")
        headers = bearer(admin.enrol())
        users = {name: row.id for name, row in accounts.users.items()}
        path = "/api/v1/users/{}/second-factor/reset"
        why = {"reason": "手机丢失 lost phone"}

        own = client.post(path.format(users["admin"]), json=why, headers=headers).status_code
        done = client.post(path.format(users["auditor"]), json=why, headers=headers).status_code

        assert (own, done) == (403, 204)
        assert client.get(ME, headers=bearer(session)).status_code == 401
        assert enrolled.password().get_json()["methods"] == []
        row = database.scalars(select(EventRow).where(EventRow.kind == "second-factor-reset")).one()
        assert "手机丢失 lost phone".encode() in row.body

    def test_signing_out_everywhere_ends_every_session(
        self, auditor: Enrolling, client: FlaskClient
    ) -> None:
        auditor.username = "carrier"
        sessions = [auditor.password().get_json() for _ in range(2)]

        left = client.delete("/api/v1/tokens", headers=bearer(sessions[0])).status_code

        assert left == 204
        assert [client.get(ME, headers=bearer(each)).status_code for each in sessions] == [401] * 2
