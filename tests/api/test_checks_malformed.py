"""What cannot be read is refused with a pointer, and nothing is changed."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.bay import API, Bay, as_written, problem
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.storage.tables import METADATA

UNTOUCHED = frozenset({"refresh_token", "idempotency_key"})
"""Tables that signing in writes."""


def counts(database: Session) -> dict[str, int]:
    """Return how many rows each table has."""
    database.rollback()
    return {
        name: database.scalar(select(func.count()).select_from(table)) or 0
        for name, table in METADATA.tables.items()
        if name not in UNTOUCHED
    }


@pytest.fixture
def unchanged(bay: Bay, database: Session) -> Iterator[Bay]:
    """A bay in whose database nothing may come or go."""
    for role in (Role.CARRIER, Role.LOADER):
        bay.headers(role)
    before = counts(database)
    yield bay
    assert counts(database) == before


def changed(bay: Bay, **changes: object) -> dict[str, object]:
    """Return the JSON of a clean draft with some fields changed."""
    body: dict[str, object] = json.loads(json.dumps(as_written(bay.line.yard.draft())))
    return body | changes


GOODS = {"entry_key": "1203", "quantity_kg": "28000", "mode": "tank"}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"weather": "rain"}, "/weather", "unknown-field"),
        ({"vehicle_id": 7}, "/vehicle_id", "uuid"),
        ({"vehicle_id": "{1}"}, "/vehicle_id", "uuid"),
        ({"planned_loading_at": "2026-11-22T15:00:00"}, "/planned_loading_at", "instant"),
        ({"planned_loading_at": "9999-12-31T23:59:59Z"}, "/planned_loading_at", "out-of-range"),
        ({"planned_loading_at": 1795330000}, "/planned_loading_at", "instant"),
        ({"city_delivery": "yes"}, "/city_delivery", "boolean"),
        ({"goods": {}}, "/goods", "not-a-list"),
        ({"goods": ["petrol"]}, "/goods/0", "not-an-object"),
        ({"goods": [GOODS] * 33}, "/goods", "list-length"),
        ({"goods": [GOODS | {"quantity_kg": 28000}]}, "/goods/0/quantity_kg", "decimal"),
        ({"goods": [GOODS | {"quantity_kg": "\uff12\uff18"}]}, "/goods/0/quantity_kg", "decimal"),
        ({"goods": [GOODS | {"quantity_kg": "1e3"}]}, "/goods/0/quantity_kg", "decimal"),
        ({"goods": [GOODS | {"quantity_kg": "-1"}]}, "/goods/0/quantity_kg", "decimal"),
        ({"goods": [GOODS | {"quantity_kg": "0"}]}, "/goods/0/quantity_kg", "positive"),
        ({"goods": [GOODS | {"quantity_kg": "0.0001"}]}, "/goods/0/quantity_kg", "decimal"),
        ({"goods": [GOODS | {"mode": "ship"}]}, "/goods/0/mode", "choice"),
        ({"goods": [GOODS | {"entry_key": "1203;--"}]}, "/goods/0/entry_key", "shape"),
        ({"goods": [GOODS | {"compartment": True}]}, "/goods/0/compartment", "integer"),
        ({"goods": [GOODS | {"packages": "5"}]}, "/goods/0/packages", "integer"),
        ({"remarks": "x" * 501}, "/remarks", "length"),
        ({"remarks": "a\x00b"}, "/remarks", "control-character"),
        (
            {"destination": {"area_code": "32080", "address": "x"}},
            "/destination/area_code",
            "shape",
        ),
        ({"destination": {"area_code": "320800"}}, "/destination/address", "required"),
    ],
)
def test_a_draft_with_a_field_that_cannot_be_read(
    unchanged: Bay, changes: dict[str, object], pointer: str, code: str
) -> None:
    refused = unchanged.post("/waybills", changed(unchanged, **changes), Role.CARRIER)

    status, _, errors = problem(refused)
    assert (status, errors) == (422, [(pointer, code)])
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "mimetype", "status", "code"),
    [
        pytest.param(b"{", "application/json", 400, "malformed-json", id="cut off"),
        pytest.param(b'{"a":1,"a":2}', "application/json", 400, "malformed-json", id="twice"),
        pytest.param(b"[" * 50 + b"]" * 50, "application/json", 400, "malformed-json", id="deep"),
        pytest.param(b"NaN", "application/json", 400, "malformed-json", id="no number"),
        pytest.param(b"\xff", "application/json", 400, "malformed-json", id="not UTF-8"),
        pytest.param(b"a=1", "application/x-www-form-urlencoded", 415, None, id="a form"),
        pytest.param(b" " * ((1 << 20) + 1), "application/json", 413, None, id="too long"),
    ],
)
@pytest.mark.parametrize("path", ["/waybills", "/checks", "/codes/read"])
def test_a_body_that_cannot_be_read(  # noqa: PLR0917  one argument per part of a request
    unchanged: Bay, path: str, body: bytes, mimetype: str, status: int, code: str | None
) -> None:
    role = Role.CARRIER if path == "/waybills" else Role.LOADER

    refused = unchanged.client.post(
        f"{API}{path}", data=body, content_type=mimetype, headers=unchanged.headers(role)
    )

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert code in (None, refused.get_json()["code"])


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("scans", {}, [("/text", "required")]),
        ("scans", {"text": ""}, [("/text", "length")]),
        ("scans", {"text": "x" * 8193}, [("/text", "length")]),
        ("scans", {"text": 5}, [("/text", "not-text")]),
        ("scans", {"text": "x", "expected": "horse"}, [("/expected", "choice")]),
        ("scans", {"text": "x", "typed": 1}, [("/typed", "boolean")]),
        (
            "plates",
            {"unit": "tractor", "plate": "苏I00000", "plate_colour": "yellow"},
            [("/plate", "plate-shape")],
        ),
        (
            "plates",
            {"unit": "ship", "plate": "苏H12345", "plate_colour": "pink"},
            [("/unit", "shape"), ("/plate_colour", "choice")],
        ),
        (
            "presences",
            {"role": "escort", "present": True, "reference": "d_8f3a9c27b1"},
            [("/reference", "other-role")],
        ),
        ("presences", {"role": "escort", "present": "yes"}, [("/present", "boolean")]),
        (
            "release",
            {"lines": [], "started_at": "x", "finished_at": None},
            [("/started_at", "instant"), ("/finished_at", "null")],
        ),
    ],
)
def test_evidence_that_cannot_be_read(
    unchanged: Bay, path: str, body: dict[str, object], errors: list[tuple[str, str]]
) -> None:
    refused = unchanged.post(f"/checks/{new_id()}/{path}", body)

    assert (problem(refused)[0], sorted(problem(refused)[2])) == (422, sorted(errors))


@pytest.mark.parametrize("path", ["scans", "plates", "presences", "decision", "release"])
def test_a_check_that_is_not_there(unchanged: Bay, path: str) -> None:
    bodies: dict[str, object] = {
        "scans": {"text": "苏H12345"},
        "plates": {"unit": "tractor", "plate": "苏H12345", "plate_colour": "yellow"},
        "presences": {"role": "escort", "present": True},
        "decision": None,
        "release": unchanged.loading(),
    }

    refused = unchanged.post(f"/checks/{new_id()}/{path}", bodies[path])

    assert problem(refused) == (404, "not-found", [])


@pytest.mark.parametrize("verb", ["issue", "cancel", "preview"])
def test_a_waybill_that_is_not_there(unchanged: Bay, verb: str) -> None:
    body = {"reason": "客户改期"} if verb == "cancel" else {}

    refused = unchanged.post(f"/waybills/{new_id()}/{verb}", body, Role.CARRIER, If_Match='"1"')

    assert problem(refused) == (404, "not-found", [])


@pytest.mark.parametrize("path", ["/waybills/1", "/checks/../x", "/waybills/%EF%BC%91"])
def test_an_address_that_names_no_record(unchanged: Bay, path: str) -> None:
    assert unchanged.get(path).status_code == 404
