"""An authenticator in somebody's hand, and an installation that asks for a second factor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD
from waybill.clock import Clock

STEP_S = 30


@contextmanager
def asking_for_factors(runtime: Runtime, *roles: str) -> Iterator[None]:
    """Let an installation ask accounts of some roles for a second factor."""
    before = runtime.settings
    runtime.settings = replace(before, second_factor_roles=frozenset(roles))
    yield
    runtime.settings = before


@dataclass(slots=True, kw_only=True)
class Phone:
    """An authenticator's app by the test's clock."""

    clock: Clock
    secret: str = field(default="", repr=False)

    def code(self, *, steps: int = 0) -> str:
        """Return the code that it shows, or showed, or will show some steps from now."""
        step = int(self.clock.now().timestamp()) // STEP_S + steps
        return pyotp.TOTP(self.secret).generate_otp(step)


@dataclass(slots=True, kw_only=True)
class Enrolling:
    """Somebody who signs in through the API, with account, password and what comes then."""

    client: FlaskClient
    phone: Phone
    username: str
    recovery_codes: list[str] = field(default_factory=list)

    def password(self) -> TestResponse:
        """Give account and password."""
        body = {"username": self.username, "password": PASSWORD}
        return self.client.post("/api/v1/tokens", json=body)

    def half(self) -> str:
        """Give account and password, and return the half sign-in."""
        answer = self.password()
        assert answer.status_code == 202
        return str(answer.get_json()["half_token"])

    def step(self, path: str, half: str, **given: str) -> TestResponse:
        """Take a step with a half sign-in."""
        return self.client.post(f"/api/v1/tokens/{path}", json={"half_token": half, **given})

    def code(self, code: str, half: str | None = None) -> TestResponse:
        """Give a code as the second step."""
        return self.step("second-step/code", half or self.half(), code=code)

    def enrol(self) -> dict[str, Any]:
        """Sign in for the first time, set the phone up, and return the tokens."""
        half = self.half()
        self.phone.secret = self.step("first-factor/totp", half).get_json()["secret"]
        made = self.step("first-factor/totp/confirmation", half, code=self.phone.code())
        assert made.status_code == 200
        body: dict[str, Any] = made.get_json()
        self.recovery_codes = body["recovery_codes"]
        return body
