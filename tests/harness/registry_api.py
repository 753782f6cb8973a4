"""Calls of the registry's API for its tests, and bodies that are right."""

from typing import Any, Final

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.accounts import SignIn
from tests.harness.registrations import FREE_USCC, ID_NUMBER, VIN
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.storage.log import EventRow

TRACTOR: Final = {
    "plate": "苏H·12345",
    "plate_colour": "yellow",
    "kind": "tractor",
    "approval": "FL",
    "vin": VIN,
    "first_registered_on": "2022-05-01",
    "tare_kg": "8800",
    "max_trailer_mass_kg": "40000",
}
TRAILER: Final = TRACTOR | {
    "plate": "苏H1234挂",
    "kind": "trailer",
    "rated_load_kg": "28500.5",
    "max_trailer_mass_kg": None,
}
TANK: Final = {
    "number": "t-2022-0001",
    "kind": "atmospheric_tank",
    "capacity_l": "45000",
    "tank_code": "LGBF",
    "compartments": [
        {"number": 1, "capacity_l": "20000", "largest_section_l": "7500"},
        {"number": 2, "capacity_l": "25000"},
    ],
    "approved_substances": [
        {"un_number": "1203", "packing_groups": ["II"]},
        {"un_number": "1202", "compartment": 2},
    ],
}
PERSON: Final = {
    "name": "张建国",
    "id_number": ID_NUMBER,
    "roles": ["driver", "escort"],
    "phone": "13905171234",
}
SUPERVISOR: Final = PERSON | {"roles": ["loading_supervisor"]}
FACILITY: Final = {"name": "罐区一", "area_code": "320812", "address": "化工路 8 号"}
ORGANISATION: Final = {
    "uscc": FREE_USCC,
    "name": "淮安新港化工有限公司",
    "roles": ["consignor"],
}
RESOURCES: Final[dict[str, tuple[Role, dict[str, Any]]]] = {
    "vehicles": (Role.CARRIER, TRAILER),
    "tanks": (Role.CARRIER, TANK),
    "people": (Role.CARRIER, PERSON),
    "facilities": (Role.SUPERVISOR, FACILITY),
    "organisations": (Role.ADMIN, ORGANISATION),
}


MEASURE: Final = {
    "kind": "suspension",
    "decision_number": "淮交罚 2026-8 号",
    "reason": "伪造运单",
    "legal_basis": "《道路危险货物运输管理规定》",
    "valid_from": "2026-11-22",
}


class Api:
    """Calls the API in an account's name; `made` asserts that something was made."""

    def __init__(self, client: FlaskClient, sign_in: SignIn) -> None:
        self.client, self.sign_in = client, sign_in

    def call(
        self, who: Role | str, method: str, path: str, body: object = None, **headers: str
    ) -> TestResponse:
        sent = self.sign_in(who) | {name.replace("_", "-"): text for name, text in headers.items()}
        options: dict[str, Any] = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1/{path}", method=method, headers=sent, **options)

    def made(self, who: Role | str, path: str, body: object) -> dict[str, Any]:
        answer = self.call(who, "POST", path, body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


def decide(api: Api, body: object) -> dict[str, Any]:
    """Propose a measure as an auditor, approve it as a senior one, and return it as it stands."""
    made = api.made(Role.AUDITOR, "measures", body)["measure"]
    return approve(api, made)


def approve(api: Api, measure: dict[str, Any]) -> dict[str, Any]:
    """Approve what an auditor proposed, and return it as it stands."""
    version = f'"{measure["version"]}"'
    address = f"measures/{measure['id']}/approval"
    body = {"reason": "属实"}
    answer = api.call(Role.SENIOR_AUDITOR, "POST", address, body, If_Match=version)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()["measure"]
    return found


def events(database: Session) -> list[dict[str, Any]]:
    bodies = database.scalars(select(EventRow.body).order_by(EventRow.id))
    found: list[Any] = [parse_json(body) for body in bodies]
    return [body for body in found if body["kind"] != "signed-in"]


def pointers(answer: TestResponse) -> list[str]:
    return [error["pointer"] for error in answer.get_json()["errors"]]
