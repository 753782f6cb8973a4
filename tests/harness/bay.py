"""The bay and the office over HTTP, for tests that tell a whole story."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.harness.accounts import SignIn
from tests.harness.line import CARDS, Line
from tests.harness.yard_rows import TRACTOR_PLATE, TRAILER_PLATE
from waybill.codec import JsonValue
from waybill.registry.access import Role
from waybill.services.waybills.draft import Draft

API: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bay:
    """A client that signs in as it needs; every step returns the answer."""

    client: FlaskClient
    sign_in: SignIn
    line: Line
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def headers(self, role: Role | str) -> dict[str, str]:
        """Return the headers of an account, signed in once."""
        if role not in self.tokens:
            self.tokens[role] = self.sign_in(role)
        return self.tokens[role]

    def get(self, path: str, role: Role | str = Role.LOADER) -> TestResponse:
        """Ask for something."""
        return self.client.get(f"{API}{path}", headers=self.headers(role))

    def post(
        self, path: str, body: object, role: Role | str = Role.LOADER, **headers: str
    ) -> TestResponse:
        """Send something."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"{API}{path}", json=body, headers={**self.headers(role), **sent})

    def drafted(self, draft: Draft | None = None) -> dict[str, Any]:
        """Write a draft, clean petrol where none is given, and return it."""
        body = as_written(draft or self.line.yard.draft())
        return answer(self.post("/waybills", body, Role.CARRIER), 201)

    def issued(self, draft: Draft | None = None) -> dict[str, Any]:
        """Write and sign a waybill, whatever findings stand, and return what issue answered."""
        waybill_id = self.drafted(draft)["summary"]["id"]
        path = f"/waybills/{waybill_id}/issue"
        return answer(self.post(path, {"accept_findings": True}, Role.CARRIER, If_Match='"1"'), 200)

    def opening(self, text: str, *, typed: bool = False) -> TestResponse:
        """Try to open a check."""
        body = {"bay_id": str(self.line.yard.bay_id), "text": text, "typed": typed}
        return self.post("/checks", body)

    def opened(self, text: str) -> str:
        """Open a check and return its id."""
        check_id: str = answer(self.opening(text), 201)["check"]["summary"]["id"]
        return check_id

    def scan(self, check_id: str, text: str, **more: object) -> dict[str, Any]:
        """Show a code."""
        return answer(self.post(f"/checks/{check_id}/scans", {"text": text, **more}), 201)

    def see_plate(self, check_id: str, unit: str, plate: str) -> dict[str, Any]:
        """Type the plate that is on a vehicle."""
        body = {"unit": unit, "plate": plate, "plate_colour": "yellow"}
        return answer(self.post(f"/checks/{check_id}/plates", body), 201)

    def find_present(
        self, check_id: str, role: str, *, by: Role = Role.LOADER, **more: object
    ) -> dict[str, Any]:
        """Say that somebody is here."""
        body = {"role": role, "present": True, **more}
        return answer(self.post(f"/checks/{check_id}/presences", body, by), 201)

    def show_everything(self, check_id: str) -> dict[str, Any]:
        """Show every card of a clean trip, see what is to be seen; return the last answer."""
        for kind, subject in CARDS:
            self.scan(check_id, self.line.card(kind, subject), expected=kind.value)
        self.see_plate(check_id, "tractor", TRACTOR_PLATE)
        self.see_plate(check_id, "trailer", TRAILER_PLATE)
        self.find_present(check_id, "escort")
        self.answer_everything(check_id)
        return self.find_present(check_id, "supervisor", by=Role.SUPERVISOR)

    def check(self, check_id: str) -> dict[str, Any]:
        """Read a check as it stands."""
        return answer(self.get(f"/checks/{check_id}"), 200)

    def say(
        self, check_id: str, question: str, given: str = "yes", by: Role = Role.LOADER
    ) -> dict[str, Any]:
        """Answer one question."""
        body = {"question": question, "answer": given}
        return answer(self.post(f"/checks/{check_id}/answers", body, by), 201)

    def answer_everything(self, check_id: str) -> None:
        """Say yes to everything that is asked at the check's stage."""
        for question in self.check(check_id)["questions"]:
            self.say(check_id, question["id"], by=Role.SUPERVISOR)

    def decide(self, check_id: str) -> dict[str, Any]:
        """Decide a check."""
        return answer(self.post(f"/checks/{check_id}/decision", None), 201)

    def cleared(self) -> tuple[dict[str, Any], str]:
        """Take a clean trip to its clearance; return the issue's answer and the check's id."""
        issued = self.issued()
        check_id = self.opened(issued["qr_text"])
        self.show_everything(check_id)
        decision = self.decide(check_id)
        if not decision["cleared"]:
            raise AssertionError(standing(decision["verdict"]))
        return issued, check_id

    def released(self) -> tuple[dict[str, Any], str]:
        """Take a clean trip to its release; return the issue's answer and the check's id."""
        issued, check_id = self.cleared()
        if not self.release(check_id)["released"]:
            raise AssertionError(check_id)
        return issued, check_id

    def loading(self, quantity_kg: str = "27900") -> dict[str, object]:
        """Return a loading record of one line."""
        return {
            "lines": [{"position": 1, "quantity_kg": quantity_kg}],
            "started_at": "2026-11-22T14:05:00+08:00",
            "finished_at": "2026-11-22T14:05:00+08:00",
            "gross_mass_kg": "47900",
            "seals": ["A0001", "A0002"],
        }

    def release(self, check_id: str, quantity_kg: str = "27900") -> dict[str, Any]:
        """Answer what is asked after loading, and enter the loading record."""
        if self.check(check_id)["summary"]["status"] == "cleared":
            self.answer_everything(check_id)
        path = f"/checks/{check_id}/release"
        return answer(self.post(path, self.loading(quantity_kg)), 201)


def as_written(draft: Draft) -> dict[str, JsonValue]:
    """Return a draft as its carrier sends it: the list says which goods a row is."""
    cargoes = [
        {name: value for name, value in msgspec.to_builtins(cargo).items() if name != "un_number"}
        for cargo in draft.last_cargoes
    ]
    return {**draft.to_json(), "last_cargoes": cargoes}


def answer(response: TestResponse, status: int) -> dict[str, Any]:
    """Return the JSON of an answer that must have a status.

    Raises:
        AssertionError: it has another; says what was answered.
    """
    if response.status_code != status:
        raise AssertionError((response.status_code, response.get_data(as_text=True)))
    found: dict[str, Any] = response.get_json()
    return found


def standing(verdict: dict[str, Any]) -> list[tuple[str, str]]:
    """Return code and reason of every finding that stands."""
    return [
        (finding["code"], finding["reason"])
        for finding in verdict["findings"]
        if finding["outcome"] in {"failed", "unknown"}
    ]


def problem(response: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Return status, code, and pointer and code of every field of a refusal."""
    body = response.get_json()
    return (
        response.status_code,
        body["code"],
        [(error["pointer"], error["code"]) for error in body["errors"]],
    )
