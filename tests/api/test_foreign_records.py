"""What somebody may not see, they cannot tell from what does not exist."""

import re
from typing import Final
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.api.test_permissions_matrix import protected
from tests.harness.accounts import OTHER_CARRIER, SignIn
from tests.harness.bay import Bay
from tests.harness.line import Line
from tests.harness.trips import certificate_id
from waybill.registry.kinds import CertificateKind
from waybill.storage.log import EventRow

NOBODYS: Final = UUID(int=7)
BODIES: Final[tuple[dict[str, str] | None, ...]] = (
    None,
    {},
    {"reason": "检修"},
    {"status": "suspended", "reason": "检修"},
    {"field": "phone", "reason": "核对"},
    {"text": "wbk"},
    {"unit": "tractor", "plate": "苏H12345", "plate_colour": "yellow"},
)
"""What routes that write may want, so that they get as far as looking for the record."""
REQUEST_ID: Final = re.compile("[0-9a-f]{32}")


@pytest.fixture
def records(bay: Bay, line: Line, database: Session) -> dict[str, str]:
    """A record of the carrier for each name of a part of an address."""
    issued, check_id = bay.cleared()
    assert issued
    waybill_id = bay.get(f"/checks/{check_id}").get_json()["summary"]["waybill_id"]
    yard = line.yard
    paper = certificate_id(database, yard.vehicle_id, CertificateKind.ROAD_TRANSPORT_CERTIFICATE)
    return {
        "waybill_id": waybill_id,
        "check_id": check_id,
        "vehicle_id": str(yard.vehicle_id),
        "tank_id": str(yard.tank_id),
        "person_id": str(yard.driver_id),
        "certificate_id": str(paper),
    }


def answers(client: FlaskClient, method: str, path: str, headers: dict[str, str]) -> list[str]:
    """Return status and body for each of `BODIES`, without the id of the request."""
    told = []
    for body in BODIES if method in {"POST", "PUT", "PATCH"} else (None,):
        sent = headers | {"If-Match": '"1"'}
        answer = client.open(path, method=method, headers=sent, json=body)
        known = REQUEST_ID.sub("", answer.get_data(as_text=True))
        told.append(f"{answer.status_code} {known}".replace(path.split("/")[4], ""))
    return told


def of_a_record(app: Flask, records: dict[str, str]) -> list[tuple[str, Rule, str]]:
    """Return the routes of the API whose address names a record that was made."""
    found = []
    for method, rule, _ in protected(app):
        names = sorted(rule.arguments)
        if rule.rule.startswith("/api/") and len(names) == 1 and names[0] in records:
            found.append((method, rule, names[0]))
    return found


def test_another_carrier_learns_nothing_from_any_route(
    app: Flask,
    client: FlaskClient,
    sign_in: SignIn,
    records: dict[str, str],
    database: Session,
) -> None:
    headers = sign_in(OTHER_CARRIER)
    before = database.scalar(select(func.count()).select_from(EventRow))
    told = []
    routes = of_a_record(app, records)
    for method, rule, name in routes:
        address = re.sub("<[^>]+>", "{}", rule.rule)
        real = answers(client, method, address.format(records[name]), headers)
        made_up = answers(client, method, address.format(NOBODYS), headers)
        if real != made_up:
            told.append((method, rule.rule, real, made_up))

    assert len(routes) > 30
    assert told == []
    assert database.scalar(select(func.count()).select_from(EventRow)) == before


@pytest.mark.parametrize(
    "path", ["waybills", "vehicles", "tanks", "people", "certificates", "checks"]
)
@pytest.mark.usefixtures("records")
def test_no_list_shows_another_carriers_records(
    client: FlaskClient, sign_in: SignIn, path: str
) -> None:
    answer = client.get(f"/api/v1/{path}", headers=sign_in(OTHER_CARRIER))

    assert (answer.status_code, answer.get_json().get("items")) == (200, [])
