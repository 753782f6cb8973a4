"""A story with real names; then everything that outlives it is searched for them."""

import logging

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, table, text
from sqlalchemy.orm import Session
from typing_extensions import override  # typing's own needs Python 3.12

from api.metrics import Metrics
from api.runtime import Runtime
from tests.harness.accounts import PASSWORD
from tests.harness.bay import Bay
from tests.harness.registrations import ID_NUMBER
from waybill.registry.access import Role

API = "/api/v1"
NAME = "欧阳张建国"
PHONE = "13905171234"
OTHER_PHONE = "13905179999"
LICENCE = "320812199003071234"
OWN_NAME = "上官管理员"
WITNESS = "证人诸葛某"
WITNESS_PHONE = "13905178888"
PERSONAL = (
    WITNESS,
    WITNESS_PHONE,
    NAME,
    PHONE,
    OTHER_PHONE,
    ID_NUMBER,
    LICENCE,
    OWN_NAME,
    PASSWORD,
    "a quite new one",
)


class Listening(Metrics):
    """Counters that also keep every address that was asked for, with its query."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @override
    def observe(self, *, method: str, endpoint: str, status: int, duration_s: float) -> None:
        self.addresses.append(request.full_path)


@pytest.fixture
def addresses(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that is asked for in the test."""
    listening = Listening()
    monkeypatch.setattr(runtime, "metrics", listening)
    return listening.addresses


def register(client: FlaskClient, headers: dict[str, str]) -> str:
    """Register, change, search and show a person and a paper; return the person's id."""
    person = {"name": NAME, "id_number": ID_NUMBER, "roles": ["driver"], "phone": PHONE}
    keyed = headers | {"Idempotency-Key": "a-person-once"}
    made = client.post(f"{API}/people", json=person, headers=keyed)
    repeated = client.post(f"{API}/people", json=person, headers=keyed)
    assert (made.status_code, repeated.get_data()) == (201, made.get_data())
    person_id: str = made.get_json()["id"]
    calls = [
        ("PATCH", f"people/{person_id}", {"phone": OTHER_PHONE}, {"If-Match": '"1"'}, 200),
        ("POST", "people/searches", {"id_number": ID_NUMBER}, {}, 200),
        ("POST", "people", person, {}, 409),
        (
            "POST",
            f"people/{person_id}/disclosures",
            {"field": "phone", "reason": "call"},
            {},
            201,
        ),
        (
            "POST",
            "certificates",
            {
                "subject_kind": "person",
                "subject_id": person_id,
                "kind": "driving_licence",
                "number": LICENCE,
                "issuer": "淮安市公安局",
                "valid_from": "2024-01-01",
                "valid_until": "2027-01-01",
            },
            {"Idempotency-Key": "a-paper-once"},
            201,
        ),
    ]
    for method, path, body, more, status in calls:
        answer = client.open(f"{API}/{path}", method=method, json=body, headers=headers | more)
        assert (path, answer.status_code, answer.get_data(as_text=True))[:2] == (path, status)
    return person_id


def live_through(bay: Bay) -> None:
    """Let everybody do what they do: accounts, registry, waybill, check, release, log."""
    client, sign_in = bay.client, bay.sign_in
    admin = sign_in(Role.ADMIN)
    account = {
        "username": "new-carrier",
        "password": PASSWORD,
        "role": "carrier",
        "organisation_id": str(bay.line.yard.accounts.organisations["carrier"]),
        "name": OWN_NAME,
    }
    keyed = admin | {"Idempotency-Key": "an-account-once"}
    assert client.post(f"{API}/users", json=account, headers=keyed).status_code == 201
    tokens = client.post(
        f"{API}/tokens", json={"username": "new-carrier", "password": PASSWORD}
    ).get_json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    client.post(f"{API}/tokens", json={"username": NAME, "password": PHONE})
    client.post(f"{API}/tokens", json={"username": ID_NUMBER, "password": PHONE})
    driver_id = register(client, headers)
    bay.client.get(f"{API}/people/{driver_id}", headers=headers)
    _, check_id = bay.cleared()
    bay.release(check_id)
    client.post(
        f"{API}/users/me/password",
        json={"old_password": PASSWORD, "new_password": "a quite new one"},
        headers=headers,
    )
    report(client, sign_in(Role.AUDITOR))
    client.get(f"{API}/events", headers=sign_in(Role.AUDITOR))


def report(client: FlaskClient, auditor: dict[str, str]) -> None:
    """Let the public report with names, and an auditor read, comment and ask for the contact."""
    seen = {
        "matter": "leak",
        "text": f"{WITNESS}看见滴漏",
        "place": f"{WITNESS}家门口",
        "seen_at": "2026-11-22T05:00:00Z",
        "contact": WITNESS_PHONE,
    }
    assert client.post(f"{API}/public-reports", json=seen).status_code == 201
    listed = client.get(f"{API}/cases", headers=auditor).get_json()["items"]
    address = f"{API}/cases/{listed[0]['id']}"
    comment = {"text": f"已电话联系{WITNESS}"}
    for path, body in (("comments", comment), ("disclosures", {"reason": "回访"})):
        answer = client.post(f"{address}/{path}", json=body, headers=auditor)
        assert answer.status_code == 201
    assert WITNESS in client.get(address, headers=auditor).get_data(as_text=True)


def cells(session: Session) -> list[tuple[str, str, bytes]]:
    """Return every value of every table, as bytes; text and JSON as UTF-8, unescaped."""
    found = []
    for name in inspect(session.get_bind()).get_table_names():
        for row in session.execute(select(text("*")).select_from(table(name))).mappings():
            for column, value in row.items():
                if isinstance(value, bytes | memoryview):
                    plain = bytes(value)
                else:
                    plain = str(value).encode()
                found.append((name, str(column), plain))
    return found


def holds(plain: bytes, value: str) -> bool:
    escaped = value.encode("unicode_escape")
    return value.encode() in plain or escaped in plain


def test_no_personal_value_is_left_in_clear_anywhere(
    bay: Bay, database: Session, addresses: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "waybill")

    live_through(bay)

    stored = cells(database)
    kinds = {plain for place, column, plain in stored if (place, column) == ("event", "kind")}
    told = [
        (place, column, value)
        for place, column, plain in stored
        for value in PERSONAL
        if holds(plain, value)
    ]
    assert {b"person-registered", b"personal-value-shown", b"load-released"} <= kinds
    assert {b"case-opened", b"case-commented", b"case-read"} <= kinds
    assert told == []
    assert [value for value in PERSONAL if value in caplog.text] == []
    assert len(addresses) > 20
    assert [(a, value) for a in addresses for value in PERSONAL if value in a] == []
