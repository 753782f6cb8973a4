"""The second step of signing in, through the API, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import Accounts
from tests.harness.second_factors import Enrolling, Phone, asking_for_factors
from waybill.clock import FixedClock
from waybill.registry.access import Permission
from waybill.services import identity
from waybill.services.identity import KEY_MARK, NewApiKey
from waybill.services.identity.throttle import MAX_SECOND_STEPS, WINDOW
from waybill.storage.factors import RecoveryCodeRow, TotpRow
from waybill.storage.log import EventRow, PersonalValueRow
from waybill.storage.session import write_session

ME = "/api/v1/users/me"
FACTORS = "/api/v1/users/me/second-factor"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind).order_by(EventRow.id)))


@pytest.fixture
def auditor(
    runtime: Runtime, client: FlaskClient, accounts: Accounts, clock: FixedClock
) -> Iterator[Enrolling]:
    """An auditor whose role must have a second factor and who has none yet."""
    assert accounts.users
    with asking_for_factors(runtime, "auditor", "admin"):
        yield Enrolling(client=client, phone=Phone(clock=clock), username="auditor")


@pytest.fixture
def enrolled(auditor: Enrolling) -> Enrolling:
    """The auditor with an authenticator."""
    auditor.enrol()
    return auditor


class TestMustHaveOne:
    def test_a_role_that_must_have_a_factor_is_led_to_make_one(
        self, auditor: Enrolling, database: Session
    ) -> None:
        answer = auditor.password()

        assert answer.status_code == 202
        assert answer.get_json()["methods"] == []
        assert kinds(database) == ["second-step-asked"]

    def test_half_a_sign_in_opens_nothing(self, auditor: Enrolling, client: FlaskClient) -> None:
        half = auditor.half()

        client.set_cookie("waybill_session", half)
        by_cookie = client.get(ME).status_code
        by_header = client.get(ME, headers={"Authorization": f"Bearer {half}"}).status_code
        renewed = client.post("/api/v1/tokens/refresh", json={"refresh_token": half}).status_code

        assert (by_cookie, by_header, renewed) == (401, 401, 401)

    def test_the_first_code_lets_in_and_brings_ten_recovery_codes(
        self, auditor: Enrolling, client: FlaskClient, database: Session
    ) -> None:
        tokens = auditor.enrol()

        assert client.get(ME, headers=bearer(tokens)).get_json()["role"] == "auditor"
        assert len(set(auditor.recovery_codes)) == 10
        assert kinds(database) == ["second-step-asked", "second-factor-added", "signed-in"]

    def test_a_wrong_first_code_is_said_at_its_field(self, auditor: Enrolling) -> None:
        half = auditor.half()
        auditor.step("first-factor/totp", half)

        wrong = auditor.step("first-factor/totp/confirmation", half, code="000000")

        assert wrong.status_code == 422
        assert wrong.get_json()["errors"][0]["pointer"] == "/code"

    def test_nobody_confirms_what_was_not_begun(self, auditor: Enrolling) -> None:
        early = auditor.step("first-factor/totp/confirmation", auditor.half(), code="123456")

        assert early.status_code == 409

    def test_whoever_knows_the_password_adds_no_factor_of_their_own(
        self, enrolled: Enrolling
    ) -> None:
        half = enrolled.half()

        paths = ("first-factor/totp", "first-factor/key-options")
        answered = [enrolled.step(path, half).status_code for path in paths]

        assert answered == [403, 403]

    def test_other_roles_come_in_as_before(self, auditor: Enrolling) -> None:
        auditor.username = "carrier"

        assert auditor.password().status_code == 200

    def test_a_key_of_a_machine_is_not_asked(
        self, auditor: Enrolling, runtime: Runtime, accounts: Accounts, client: FlaskClient
    ) -> None:
        wanted = NewApiKey(
            label="machine",
            scopes=(identity_scope(accounts),),
            expires_at=runtime.clock.now() + timedelta(days=1),
        )
        with write_session(runtime.sessions) as session:
            key = identity.create_api_key(
                session, accounts.actor(auditor.username), wanted, clock=runtime.clock
            )

        assert str(key.secret).startswith(KEY_MARK)
        assert client.get(ME, headers={"X-Api-Key": str(key.secret)}).status_code == 200

    def test_secret_and_codes_do_not_lie_open_in_the_database(
        self, enrolled: Enrolling, database: Session
    ) -> None:
        secret = enrolled.phone.secret.encode()
        sealed = database.scalars(select(PersonalValueRow.sealed)).all()
        codes = database.scalars(select(RecoveryCodeRow.code_hash)).all()
        events = b"".join(database.scalars(select(EventRow.body)))

        assert sealed
        assert not any(secret in (value or b"") for value in sealed)
        plain = [code.replace("-", "").encode() for code in enrolled.recovery_codes]
        assert not any(code in kept for code in plain for kept in codes)
        assert not any(code in events for code in [secret, *plain])


def identity_scope(accounts: Accounts) -> Permission:
    return next(p for p in accounts.actor("auditor").permissions if p.value == "account:read")


class TestCodes:
    def test_the_code_of_now_lets_in(self, enrolled: Enrolling, clock: FixedClock) -> None:
        clock.advance(timedelta(minutes=1))

        assert enrolled.password().get_json()["methods"] == ["totp", "recovery-code"]
        assert enrolled.code(enrolled.phone.code()).status_code == 200

    @pytest.mark.parametrize(
        ("steps", "status"),
        [
            pytest.param(-2, 401, id="two steps old"),
            pytest.param(-1, 200, id="one step old"),
            pytest.param(1, 200, id="one step ahead"),
            pytest.param(2, 401, id="two steps ahead"),
        ],
    )
    def test_a_clock_may_differ_by_one_step(
        self, enrolled: Enrolling, clock: FixedClock, steps: int, status: int
    ) -> None:
        clock.advance(timedelta(minutes=5))

        assert enrolled.code(enrolled.phone.code(steps=steps)).status_code == status

    def test_a_code_is_good_once_and_so_are_those_before_it(
        self, enrolled: Enrolling, clock: FixedClock, database: Session
    ) -> None:
        clock.advance(timedelta(minutes=5))
        before, code = enrolled.phone.code(steps=-1), enrolled.phone.code()
        first = enrolled.code(code).status_code

        again = enrolled.code(code).status_code
        older = enrolled.code(before).status_code

        assert (first, again, older) == (200, 401, 401)
        assert kinds(database)[-1] == "second-step-failed"

    def test_the_code_that_confirmed_the_phone_does_not_let_in_again(
        self, enrolled: Enrolling
    ) -> None:
        assert enrolled.code(enrolled.phone.code()).status_code == 401

    def test_a_recovery_code_is_good_once(self, enrolled: Enrolling) -> None:
        code = enrolled.recovery_codes[0].lower().replace("-", " ")

        answered = [enrolled.code(code).status_code for _ in range(2)]

        assert answered == [200, 401]

    def test_a_half_sign_in_is_good_once(self, enrolled: Enrolling) -> None:
        half = enrolled.half()
        enrolled.code(enrolled.recovery_codes[0], half)

        assert enrolled.code(enrolled.recovery_codes[1], half).status_code == 401

    def test_a_half_sign_in_runs_out(self, enrolled: Enrolling, clock: FixedClock) -> None:
        half = enrolled.half()
        clock.advance(identity.HALF_LIFETIME)

        assert enrolled.code(enrolled.phone.code(), half).status_code == 401

    def test_wrong_codes_are_throttled_and_then_it_goes_on(
        self, enrolled: Enrolling, clock: FixedClock
    ) -> None:
        wrong = [enrolled.code("000000").status_code for _ in range(MAX_SECOND_STEPS)]
        refused = enrolled.code(enrolled.recovery_codes[0])
        clock.advance(WINDOW)
        later = enrolled.code(enrolled.recovery_codes[0])

        assert wrong == [401] * MAX_SECOND_STEPS
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert later.status_code == 200

    @pytest.mark.parametrize("change", ["password", "deactivation", "reset"])
    def test_what_happens_to_the_account_meanwhile_ends_a_half_sign_in(
        self,
        enrolled: Enrolling,
        runtime: Runtime,
        accounts: Accounts,
        clock: FixedClock,
        change: str,
    ) -> None:
        half = enrolled.half()
        clock.advance(timedelta(seconds=31))
        user = accounts.users["auditor"]
        with write_session(runtime.sessions) as session:
            if change == "reset":
                identity.reset_second_factor(session, None, user.id, "lost", clock=clock)
            else:
                changed = (
                    identity.UserChange(password="an entirely new one")
                    if change == "password"
                    else identity.UserChange(active=False)
                )
                identity.change_user(
                    session, None, user.id, changed, expected_version=1, clock=clock
                )

        assert enrolled.code(enrolled.phone.code(), half).status_code == 401


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


def test_a_role_that_there_is_not_stops_the_installation(runtime: Runtime) -> None:
    with (
        asking_for_factors(runtime, "auditors"),
        pytest.raises(ValueError, match="there is no role auditors"),
    ):
        identity.check_factor_roles(runtime.settings)
