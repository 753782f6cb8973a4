"""The second step of signing in, through the API, on both databases."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import Accounts
from tests.harness.second_factors import Enrolling, asking_for_factors
from waybill.clock import FixedClock
from waybill.registry.access import Permission
from waybill.services import identity
from waybill.services.identity import KEY_MARK, NewApiKey
from waybill.services.identity.throttle import MAX_SECOND_STEPS, WINDOW
from waybill.storage.factors import RecoveryCodeRow
from waybill.storage.log import EventRow, PersonalValueRow
from waybill.storage.session import write_session

ME = "/api/v1/users/me"
FACTORS = "/api/v1/users/me/second-factor"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind).order_by(EventRow.id)))


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


def test_a_role_that_there_is_not_stops_the_installation(runtime: Runtime) -> None:
    with (
        asking_for_factors(runtime, "auditors"),
        pytest.raises(ValueError, match="there is no role auditors"),
    ):
        identity.check_factor_roles(runtime.settings)
