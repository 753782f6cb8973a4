"""A tablet of the plant's bay without network: it signs what it kept, and sends it later."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from jwt import PyJWS
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from tests.harness.bay import API, Bay
from tests.harness.line import CARDS
from tests.harness.yard_rows import SUPERVISOR, TRACTOR_PLATE, TRAILER_PLATE
from waybill.clock import FixedClock
from waybill.codec import JsonValue, canonical_json, new_id
from waybill.registry.access import Role
from waybill.rules.finding import Phase
from waybill.rules.questions import all_questions
from waybill.services.offline.bundle_ids import bundle_id
from waybill.services.offline.format import RECORD_TYPE
from waybill.settings import Settings
from waybill.storage.devices import BaySessionRow, DeviceRow
from waybill.storage.session import write_session

ENROLLED_BEFORE: Final = timedelta(days=3)
SIGNED_ON_BEFORE: Final = timedelta(hours=5)
BUNDLE_BEFORE: Final = timedelta(hours=4)


def sign(payload: bytes, device_id: UUID, key: ec.EllipticCurvePrivateKey) -> str:
    """Sign a payload as a tablet does."""
    headers = {"typ": RECORD_TYPE, "kid": str(device_id)}
    return PyJWS().encode(payload, key, "ES256", headers, sort_headers=True)


@dataclass(kw_only=True)
class Tablet:
    """A tablet whose clock may be wrong: `wrong_by` is its time minus the true one."""

    bay: Bay
    sessions: sessionmaker[Session]
    settings: Settings
    prefix: str = "T7K2"
    wrong_by: timedelta = timedelta(0)
    offset_known: bool = True
    person: Role = Role.SUPERVISOR
    id: UUID = field(default_factory=new_id)
    session_id: UUID = field(default_factory=new_id)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    count: int = 0

    @property
    def now(self) -> datetime:
        """The true moment."""
        return self.bay.line.clock.now()

    def enrol(self) -> "Tablet":
        """Be enrolled at the plant, with somebody signed on."""
        yard, now = self.bay.line.yard, self.now
        supervisor = yard.actor("supervisor")
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        device = DeviceRow(
            id=self.id,
            organisation_id=supervisor.organisation_id,
            facility_id=yard.facility_id,
            label="1 号装货台",
            prefix=self.prefix,
            public_key=point,
            enrolled_at=now - ENROLLED_BEFORE,
            enrolled_by=supervisor.user_id,
        )
        signed_on = BaySessionRow(
            id=self.session_id,
            device_id=self.id,
            family=self.session_id,
            user_id=yard.actor(self.person.value).user_id,
            started_at=now - SIGNED_ON_BEFORE,
        )
        with write_session(self.sessions) as session:
            session.add(device)
            session.flush()
            session.add(signed_on)
        return self

    def bundle(self, *, before: timedelta = BUNDLE_BEFORE) -> str:
        """Return the id of a bundle that the server made some time ago."""
        return bundle_id(self.settings.secret_key, self.id, self.now - before)

    def told(self, ago: timedelta) -> str:
        """Return what this tablet's clock showed some time ago."""
        return (self.now - ago + self.wrong_by).isoformat()

    def record(self, qr_text: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
        """Return the record of a clean trip that was cleared an hour ago, changed."""
        self.count += 1
        offset = int(self.wrong_by.total_seconds() * 1000) if self.offset_known else None
        made = {
            "v": 1,
            "number": f"{self.prefix}-{self.count:06d}",
            "device": str(self.id),
            "person": str(self.bay.line.yard.actor(self.person.value).user_id),
            "session": str(self.session_id),
            "bay_id": str(self.bay.line.yard.bay_id),
            "made_at": self.told(timedelta(minutes=60)),
            "clock_offset_ms": offset,
            "bundle": self.bundle(),
            "check_id": None,
            "waybill": {"id": None, "revision": 1, "text": qr_text, "typed": False},
            "opened_at": self.told(timedelta(minutes=70)),
            "evidence": self.evidence(),
            "decision": "cleared",
            "decided_at": self.told(timedelta(minutes=60)),
            "reasons": [],
            "loading": None,
        }
        return made | changes

    def evidence(self) -> list[dict[str, Any]]:
        """Return all that is to be shown, seen and answered on a clean trip."""
        before = FixedClock(self.now - timedelta(hours=2))
        line = replace(self.bay.line, clock=before)
        scans: list[dict[str, Any]] = [
            {"type": "scan", "text": line.card(kind, subject), "expected": kind.value}
            for kind, subject in CARDS
        ]
        plates = [
            {"type": "plate", "unit": unit, "plate": plate, "plate_colour": "yellow"}
            for unit, plate in (("tractor", TRACTOR_PLATE), ("trailer", TRAILER_PLATE))
        ]
        here = [
            {"type": "presence", "role": role, "present": True} for role in ("driver", "escort")
        ]
        supervisor = {
            "type": "presence", "role": "supervisor", "reference": f"s_{SUPERVISOR}",
            "present": True,
        }  # fmt: skip
        answers = [
            {"type": "answer", "question": question, "answer": "yes"}
            for question in self.questions()
        ]
        at = self.told(timedelta(minutes=65))
        items = [*scans, *plates, *here, supervisor, *answers]
        return [{"id": str(new_id()), "at": at, **item} for item in items]

    def questions(self) -> tuple[str, ...]:
        """Return what is asked before loading on the clean trip."""
        return tuple(q.id for q in all_questions() if q.phase is Phase.BEFORE_LOADING)

    def send(self, record: dict[str, Any], *, client: FlaskClient | None = None) -> TestResponse:
        """Sign a record anew and send it."""
        text = sign(canonical_json(json.loads(json.dumps(record))), self.id, self.key)
        sender = client or self.bay.client
        return sender.post(f"{API}/tablet/records", json={"record": text})

    def assertion(self) -> dict[str, str]:
        """Return the header by which the tablet shows who it is."""
        issued_at = int(self.now.timestamp())
        claims: dict[str, JsonValue] = {
            "aud": "waybill-device",
            "sub": str(self.id),
            "iat": issued_at,
        }
        payload = canonical_json(claims | {"jti": str(new_id())})
        headers = {"typ": "wb-dev+jwt", "kid": str(self.id)}
        text = PyJWS().encode(payload, self.key, "ES256", headers, sort_headers=True)
        return {"Device-Assertion": text}

    def sent(self, record: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """Send a record and return the answer."""
        response = self.send(record)
        if response.status_code != status:
            raise AssertionError(response.get_data(as_text=True))
        body: dict[str, Any] = response.get_json()
        return body
