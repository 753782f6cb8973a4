"""The registry's answers are what the API's description says of them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.harness.accounts import Accounts, SignIn
from tests.harness.registrations import FREE_USCC, ID_NUMBER, VIN
from waybill.registry.access import Role


class Described:
    """Calls the API and holds each answer against its description."""

    def __init__(self, client: FlaskClient, sign_in: SignIn, app: Flask) -> None:
        self.client, self.sign_in = client, sign_in
        self.document: dict[str, Any] = client.get("/api/openapi.json").get_json()
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:api", resource)
        self.rules = app.url_map.bind("localhost")

    def call(
        self, who: Role, method: str, path: str, body: object = None, version: int = 0
    ) -> dict[str, Any]:
        headers = self.sign_in(who) | ({"If-Match": f'"{version}"'} if version else {})
        options: dict[str, Any] = {} if body is None else {"json": body}
        address = f"/api/v1/{path}"
        answer = self.client.open(address, method=method, headers=headers, **options)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.get_json()
        self._check(method, address, answer.status_code, found)
        return found

    def _check(self, method: str, address: str, status: int, answer: dict[str, Any]) -> None:
        rule, _ = self.rules.match(address.partition("?")[0], method=method, return_rule=True)
        path = rule.rule.replace("<uuid:", "{").replace("<string:", "{").replace(">", "}")
        pointer = "/".join(
            part.replace("~", "~0").replace("/", "~1")
            for part in (
                "paths",
                path,
                method.lower(),
                "responses",
                str(status),
                "content",
                "application/json",
                "schema",
            )
        )
        validator = Draft202012Validator({"$ref": f"urn:api#/{pointer}"}, registry=self.registry)
        assert [error.message for error in validator.iter_errors(answer)] == [], address


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn, app: Flask) -> Described:
    return Described(client, sign_in, app)


TRAILER: dict[str, object] = {
    "plate": "苏H1234挂",
    "plate_colour": "yellow",
    "kind": "trailer",
    "approval": "FL",
    "vin": VIN,
    "first_registered_on": "2022-05-01",
    "rated_load_kg": "28500.125",
    "tare_kg": "11200",
}
TANK: dict[str, object] = {
    "number": "T-1",
    "kind": "atmospheric_tank",
    "capacity_l": "45000",
    "tank_code": "LGBF",
    "compartments": [{"number": 1, "capacity_l": "45000"}],
    "approved_substances": [{"un_number": "1203", "compartment": 1}],
}
PERSON: dict[str, object] = {"name": "张建国", "id_number": ID_NUMBER, "roles": ["driver"]}
SUSPEND = {"status": "suspended", "reason": "检修"}


@pytest.mark.parametrize(
    ("path", "body"), [("vehicles", TRAILER), ("tanks", TANK), ("people", PERSON)]
)
def test_a_carriers_records_are_as_described(
    api: Described, path: str, body: dict[str, object]
) -> None:
    made = api.call(Role.CARRIER, "POST", path, body)
    address = f"{path}/{made['id']}"

    read = api.call(Role.CARRIER, "GET", address)
    api.call(Role.CARRIER, "PUT", f"{address}/status", SUSPEND, version=1)
    api.call(Role.CARRIER, "GET", f"{address}/history?limit=1")
    api.call(Role.CARRIER, "GET", f"{path}?limit=1")

    assert read == made


def test_what_is_told_of_people_is_as_described(api: Described) -> None:
    person = api.call(Role.CARRIER, "POST", "people", PERSON)
    address = f"people/{person['id']}"

    changed = api.call(Role.CARRIER, "PATCH", address, {"name": "王五"}, version=1)
    found = api.call(Role.CARRIER, "POST", "people/searches", {"id_number": ID_NUMBER})
    wanted = {"field": "name", "reason": "核对"}
    api.call(Role.CARRIER, "POST", f"{address}/disclosures", wanted)

    assert found["items"] == [changed]


@pytest.mark.parametrize(
    ("path", "body", "paper"),
    [
        pytest.param(
            "vehicles",
            TRAILER,
            {
                "subject_kind": "vehicle",
                "kind": "road_transport_certificate",
                "number": "320800123456",
                "scope": "危险货物运输(3类)(剧毒化学品除外)，其他",
            },
            id="with a scope",
        ),
        pytest.param(
            "people",
            PERSON,
            {
                "subject_kind": "person",
                "kind": "driver_qualification",
                "number": ID_NUMBER,
                "categories": ["explosive"],
            },
            id="of a person",
        ),
    ],
)
def test_certificates_are_as_described(
    api: Described, path: str, body: dict[str, object], paper: dict[str, object]
) -> None:
    subject = api.call(Role.CARRIER, "POST", path, body)
    stated = paper | {"subject_id": subject["id"], "issuer": "淮安市交通运输局"}
    made = api.call(Role.CARRIER, "POST", "certificates", stated)
    address = f"certificates/{made['id']}"

    listed = api.call(Role.CARRIER, "GET", "certificates?limit=2")
    api.call(Role.CARRIER, "GET", address)
    api.call(Role.CARRIER, "GET", f"{address}/history")

    assert listed["items"] == [made]


def test_a_loaders_records_are_as_described(api: Described, accounts: Accounts) -> None:
    supervisor = Role.SUPERVISOR
    stated = {"name": "罐区一", "area_code": "320812", "address": "化工路 8 号"}
    facility = api.call(supervisor, "POST", "facilities", stated)
    address = f"facilities/{facility['id']}"
    bay = api.call(supervisor, "POST", f"{address}/bays", {"name": "1 号"})

    api.call(supervisor, "GET", address)
    api.call(supervisor, "GET", "facilities")
    api.call(supervisor, "PUT", address, stated | {"name": "罐区二"}, version=1)
    api.call(supervisor, "PUT", f"{address}/status", SUSPEND, version=2)
    api.call(supervisor, "GET", f"{address}/history")
    api.call(supervisor, "GET", f"bays/{bay['id']}")
    api.call(supervisor, "PUT", f"bays/{bay['id']}", {"name": "2 号"}, version=1)
    api.call(supervisor, "PUT", f"bays/{bay['id']}/status", SUSPEND, version=2)
    api.call(supervisor, "GET", f"bays/{bay['id']}/history")
    directory = api.call(Role.CONSIGNOR, "GET", "directory")

    assert str(accounts.organisations["plant"]) in {item["id"] for item in directory["items"]}


def test_the_authoritys_records_are_as_described(api: Described) -> None:
    stated = {"uscc": FREE_USCC, "name": "淮安新港化工有限公司", "roles": ["consignor"]}
    made = api.call(Role.ADMIN, "POST", "organisations", stated)
    address = f"organisations/{made['id']}"

    api.call(Role.AUDITOR, "GET", address)
    api.call(Role.ADMIN, "PUT", address, stated | {"phone": "4008001234"}, version=1)
    api.call(Role.ADMIN, "GET", f"{address}/history")
    listed = api.call(Role.AUDITOR, "GET", "organisations")

    assert made["id"] in {item["id"] for item in listed["items"]}


def test_goods_are_as_described(api: Described) -> None:
    page = api.call(Role.CARRIER, "GET", "dangerous-goods?limit=200")
    keys = [item["key"] for item in page["items"]]

    assert api.call(Role.CARRIER, "GET", f"dangerous-goods/{keys[0]}") == page["items"][0]
