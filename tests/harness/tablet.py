"""A tablet as the server meets it: a key of its own, a code, and a statement with each request."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from jwt import PyJWS
from werkzeug.test import TestResponse

from waybill.clock import Clock
from waybill.codec import b64url_encode

API: Final = "/api/v1"
APP_VERSION: Final = "0.1.0"


@dataclass(slots=True, kw_only=True)
class Tablet:
    """A tablet with its key; `device_id` is there once it is enrolled."""

    client: FlaskClient
    clock: Clock
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    device_id: str = ""

    @property
    def public_key(self) -> dict[str, str]:
        """The public half as the tablet sends it."""
        numbers = self.private_key.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": b64url_encode(numbers.x.to_bytes(32, "big")),
            "y": b64url_encode(numbers.y.to_bytes(32, "big")),
        }

    def enrol(self, code: str) -> dict[str, Any]:
        """Be enrolled with a code.

        Raises:
            AssertionError: the code was refused.
        """
        answer = self.try_code(code)
        if answer.status_code != 201:
            raise AssertionError(answer.get_data(as_text=True))
        made: dict[str, Any] = answer.get_json()
        self.device_id = made["device_id"]
        return made

    def try_code(self, code: str, **more: object) -> TestResponse:
        """Send a code and the public key."""
        body = {"code": code, "public_key": self.public_key, "app_version": APP_VERSION, **more}
        return self.client.post(f"{API}/devices", json=body)

    def sign(self, claims: object, *, typ: str = "wb-dev+jwt", **header: object) -> str:
        """Return a compact JWS over claims, with a header that a test may change."""
        stated = {"alg": "ES256", "kid": self.device_id, "typ": typ} | header
        protected = b64url_encode(json.dumps(stated).encode())
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        signed = PyJWS().encode(payload, self.private_key, "ES256", {"typ": typ})
        algorithm = PyJWS().get_algorithm_by_name("ES256")
        body = f"{protected}.{signed.split('.')[1]}"
        return f"{body}.{b64url_encode(algorithm.sign(body.encode(), self.private_key))}"

    def claims(self, *, late: timedelta = timedelta(0)) -> dict[str, object]:
        """Return what the tablet says of itself, `late` after now."""
        return {
            "aud": "waybill-device",
            "sub": self.device_id,
            "iat": int((self.clock.now() + late).timestamp()),
            "jti": str(uuid4()),
        }

    def headers(self, *, late: timedelta = timedelta(0)) -> dict[str, str]:
        """Return the header with which the tablet asks."""
        return {"Device-Assertion": self.sign(self.claims(late=late))}

    def post(self, path: str, body: object = None) -> TestResponse:
        """Ask in the tablet's own name."""
        return self.client.post(f"{API}{path}", json=body, headers=self.headers())

    def heartbeat(self, **said: object) -> TestResponse:
        """Say how it is."""
        usual = {
            "app_version": APP_VERSION,
            "storage_used_bytes": 1_000_000,
            "storage_quota_bytes": 500_000_000,
            "unsent": 0,
        }
        return self.post("/tablet/heartbeat", usual | said)

    def sign_on(self, badge: str, pin: str) -> TestResponse:
        """Let somebody sign on."""
        return self.post("/bay-sessions", {"badge": badge, "pin": pin})


def make_code(
    client: FlaskClient, headers: dict[str, str], facility_id: UUID, label: str = "3 号位"
) -> str:
    """Return a one-time code that a supervisor has made."""
    answer = client.post(
        f"{API}/devices/enrolments",
        json={"facility_id": str(facility_id), "label": label},
        headers=headers,
    )
    if answer.status_code != 201:
        raise AssertionError(answer.get_data(as_text=True))
    code: str = answer.get_json()["code"]
    return code
