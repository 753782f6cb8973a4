"""Searches by everything there is, and searches that are kept and passed on."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import SignIn
from tests.harness.bay import Bay
from tests.harness.registrations import ID_NUMBER
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.storage.desk import SavedSearchRow
from waybill.storage.log import EventRow

API = "/api/v1"
SENIOR = Role.SENIOR_AUDITOR


@pytest.fixture
def person(client: FlaskClient, sign_in: SignIn) -> str:
    """A driver with an identity number; the id of the record."""
    body = {"name": "欧阳张建国", "id_number": ID_NUMBER, "roles": ["driver"]}
    made = client.post(f"{API}/people", json=body, headers=sign_in(Role.CARRIER))
    person_id: str = made.get_json()["id"]
    return person_id


def kinds(answer: object) -> list[str]:
    """Return the kinds of what was found but for the searches themselves, newest first."""
    found = answer.get_json()  # type: ignore[attr-defined]  # a test response
    assert "items" in found, found
    return [e["kind"] for e in found["items"] if e["kind"] != "events-searched"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"un": "1203"}, ["load-released", "check-decided", "waybill-issued"]),
        ({"un": "1203", "outcome": "cleared"}, ["check-decided"]),
        ({"outcome": "released"}, ["load-released"]),
        ({"outcome": "refused"}, []),
        ({"un": "9999"}, []),
    ],
)
def test_a_trip_is_found_by_its_goods_and_by_how_it_went(
    bay: Bay, filters: dict[str, str], expected: list[str]
) -> None:
    bay.released()

    found = bay.post("/events/searches", filters, Role.AUDITOR)

    assert kinds(found) == expected


def test_a_trip_is_found_by_its_bay(bay: Bay) -> None:
    bay.released()
    place = {"bay": str(bay.line.yard.bay_id)}

    found = kinds(bay.post("/events/searches", place | {"limit": 200}, Role.AUDITOR))

    assert (found[0], found[-1]) == ("load-released", "check-opened")
    assert {"check-decided", "code-scanned", "evidence-added"} <= set(found)


def test_a_refusal_is_found_by_the_rule_that_stood(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    verdict = bay.decide(check_id)["verdict"]
    rule = next(f["code"] for f in verdict["findings"] if f["outcome"] == "unknown")

    found = bay.post("/events/searches", {"rule": rule, "outcome": "refused"}, Role.AUDITOR)

    assert kinds(found) == ["check-decided"]
    assert kinds(bay.get(f"/events?rule={rule}", Role.AUDITOR)) == ["check-decided"]


def test_a_scan_that_opens_nothing_is_found_as_refused(bay: Bay) -> None:
    bay.opening("HELLO")

    assert kinds(bay.get("/events?outcome=scan-refused", Role.AUDITOR)) == ["code-scanned"]


def test_a_person_is_found_by_number_and_the_number_is_told_nowhere(
    client: FlaskClient, sign_in: SignIn, person: str, database: Session
) -> None:
    headers = sign_in(SENIOR)

    found = client.post(f"{API}/events/searches", json={"id_number": ID_NUMBER}, headers=headers)

    assert kinds(found) == ["person-registered"]
    row = database.scalars(select(EventRow).order_by(EventRow.id.desc()).limit(1)).one()
    body = parse_json(row.body)
    assert isinstance(body, dict)
    assert body["data"] == {"filters": {"person": [person]}, "shown": 1}
    bodies = b"".join(database.scalars(select(EventRow.body)))
    assert ID_NUMBER.encode() not in bodies


def test_whoever_was_looked_for_is_told_by_the_log(
    client: FlaskClient, sign_in: SignIn, person: str
) -> None:
    headers = sign_in(SENIOR)
    wanted = {"id_number": ID_NUMBER, "kind": "events-searched"}
    client.post(f"{API}/events/searches", json=wanted, headers=headers)

    again = client.post(f"{API}/events/searches", json=wanted, headers=headers).get_json()

    subjects = again["items"][0]["subjects"]
    assert {"kind": "person", "key": person} in subjects


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/events/searches", {"id_number": ID_NUMBER}),
        ("POST", "/searches", {"id_number": ID_NUMBER, "name": "司机"}),
        ("POST", "/exports", {"id_number": ID_NUMBER, "formats": ["csv"]}),
    ],
)
def test_an_auditor_without_the_right_looks_for_nobody(
    client: FlaskClient, sign_in: SignIn, method: str, path: str, body: dict[str, str]
) -> None:
    answer = client.open(API + path, method=method, json=body, headers=sign_in(Role.AUDITOR))

    assert answer.status_code == 403


def test_a_person_is_never_asked_for_in_an_address(client: FlaskClient, sign_in: SignIn) -> None:
    answer = client.get(f"{API}/events?id_number={ID_NUMBER}", headers=sign_in(SENIOR))

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"un": "UN1203"}, "/un"),
        ({"rule": "drop table"}, "/rule"),
        ({"outcome": "perhaps"}, "/outcome"),
        ({"bay": "1"}, "/bay"),
        ({"id_number": "1"}, "/id_number"),
        ({"limit": 0}, "/limit"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    client: FlaskClient, sign_in: SignIn, body: dict[str, object], pointer: str
) -> None:
    answer = client.post(f"{API}/events/searches", json=body, headers=sign_in(SENIOR))

    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.usefixtures("person")
def test_a_kept_search_is_opened_by_whoever_reads_the_log(
    client: FlaskClient, sign_in: SignIn
) -> None:
    wanted = {"name": "登记", "kind": "person-registered", "from": "2026-11-22T00:00:00Z"}
    saved = client.post(f"{API}/searches", json=wanted, headers=sign_in(SENIOR)).get_json()

    path = f"{API}/searches/{saved['id']}"
    shown = client.get(path, headers=sign_in(Role.AUDITOR)).get_json()
    found = client.get(f"{path}/events", headers=sign_in(Role.AUDITOR))

    assert shown == saved
    assert (saved["name"], saved["for_person"]) == ("登记", False)
    assert saved["search"]["kind"] == "person-registered"
    assert kinds(found) == ["person-registered"]


@pytest.mark.usefixtures("person")
def test_a_kept_search_for_a_person_holds_no_number_and_asks_for_the_right(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    wanted = {"name": "一名驾驶人", "id_number": ID_NUMBER}
    answer = client.post(f"{API}/searches", json=wanted, headers=sign_in(SENIOR))
    path = f"{API}/searches/{answer.get_json()['id']}"

    row = database.scalars(select(SavedSearchRow)).one()
    assert ID_NUMBER not in json.dumps(row.query)
    assert set(row.query) == {"person_index"}
    assert ID_NUMBER not in answer.get_data(as_text=True)
    assert str(row.query["person_index"]) not in answer.get_data(as_text=True)
    assert client.get(path, headers=sign_in(Role.AUDITOR)).status_code == 403
    assert client.get(f"{path}/events", headers=sign_in(Role.AUDITOR)).status_code == 403
    found = client.get(f"{path}/events", headers=sign_in(SENIOR))
    assert kinds(found) == ["search-saved", "person-registered"]


def test_a_search_is_removed_by_its_owner_alone(client: FlaskClient, sign_in: SignIn) -> None:
    owner, other = sign_in(Role.AUDITOR), sign_in(SENIOR)
    saved = client.post(f"{API}/searches", json={"name": "全部"}, headers=owner).get_json()
    path = f"{API}/searches/{saved['id']}"

    refused = client.delete(path, headers=other)
    removed = client.delete(path, headers=owner)

    assert (refused.status_code, removed.status_code) == (404, 204)
    assert client.get(path, headers=owner).status_code == 404
    assert client.get(f"{API}/searches", headers=owner).get_json()["items"] == []
    events = client.get(f"{API}/events?limit=5", headers=owner)
    assert kinds(events)[:2] == ["search-removed", "search-saved"]


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_search_is_kept_under_a_readable_name(
    client: FlaskClient, sign_in: SignIn, name: str
) -> None:
    answer = client.post(f"{API}/searches", json={"name": name}, headers=sign_in(SENIOR))

    assert answer.status_code == 422
