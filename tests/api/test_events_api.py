"""The log as the auditor searches it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from waybill.clock import FixedClock
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.session import write_session

EVENTS = "/api/v1/events"
WAYBILL = str(uuid4())


@pytest.fixture
def record(runtime: Runtime, accounts: Accounts, clock: FixedClock) -> list[UUID]:
    """Three events, a minute apart: two of one vehicle in two colours, one of a waybill."""
    told = [
        (EventKind.VEHICLE_REGISTERED, plate_subject("苏H12345", "yellow")),
        (EventKind.VEHICLE_REGISTERED, plate_subject("苏H12345", "blue")),
        (EventKind.WAYBILL_ISSUED, Subject(SubjectKey.WAYBILL, WAYBILL)),
    ]
    ids = []
    with write_session(runtime.sessions) as session:
        for kind, subject in told:
            event = Event(
                kind=kind,
                at=clock.now(),
                actor=accounts.actor("carrier"),
                data={"quantity_kg": "28500"},
                subjects=(subject,),
            )
            ids.append(record_event(session, event))
            clock.advance(timedelta(minutes=1))
    return ids


def found(client: FlaskClient, headers: dict[str, str], query: str) -> list[str]:
    answer = client.get(f"{EVENTS}?{query}", headers=headers)
    assert answer.status_code == 200, answer.get_json()
    return [item["id"] for item in answer.get_json()["items"] if item["kind"] != "events-searched"]


def texts(ids: list[UUID]) -> list[str]:
    return [str(event_id) for event_id in ids]


def test_an_event_is_shown_whole(
    client: FlaskClient, sign_in: SignIn, record: list[UUID], accounts: Accounts
) -> None:
    answer = client.get(f"{EVENTS}?waybill={WAYBILL}", headers=sign_in("auditor"))

    carrier = accounts.actor("carrier")
    assert answer.get_json() == {
        "items": [
            {
                "id": str(record[2]),
                "recorded_at": "2026-11-22T06:07:00.000Z",
                "kind": "waybill-issued",
                "body": {
                    "v": 1,
                    "kind": "waybill-issued",
                    "at": "2026-11-22T06:07:00.000+00:00",
                    "actor": {
                        "user": str(carrier.user_id),
                        "organisation": str(carrier.organisation_id),
                        "role": "carrier",
                    },
                    "data": {"quantity_kg": "28500"},
                },
                "subjects": [
                    {"kind": "user", "key": str(carrier.user_id)},
                    {"kind": "waybill", "key": WAYBILL},
                ],
            }
        ],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", [2, 1, 0], id="everything, newest first"),
        pytest.param("plate=苏H·12345", [1, 0], id="a plate in any colour, as people write it"),
        pytest.param("plate=苏H12345&plate_colour=yellow", [0], id="a plate in its colour"),
        pytest.param("kind=vehicle-registered", [1, 0], id="a kind"),
        pytest.param("from=2026-11-22T06:06:00Z", [2, 1], id="the first moment counts"),
        pytest.param("to=2026-11-22T06:07:00Z", [1, 0], id="the last moment does not"),
        pytest.param(f"waybill={WAYBILL}&kind=vehicle-registered", [], id="all must hold"),
        pytest.param(f"facility={WAYBILL}", [], id="another kind of subject"),
    ],
)
def test_a_search_finds_exactly_what_it_asks_for(
    client: FlaskClient, sign_in: SignIn, record: list[UUID], query: str, expected: list[int]
) -> None:
    assert found(client, sign_in("auditor"), query) == texts([record[i] for i in expected])


def test_pages_go_on_without_gap_or_repeat(
    client: FlaskClient, sign_in: SignIn, record: list[UUID]
) -> None:
    headers = sign_in("auditor")
    query, seen = "kind=vehicle-registered&limit=1", []
    for _ in record:
        page = client.get(f"{EVENTS}?{query}", headers=headers).get_json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query = f"kind=vehicle-registered&limit=1&cursor={page['next_cursor']}"

    assert seen == texts([record[1], record[0]])


def test_a_search_is_itself_recorded_once(
    client: FlaskClient, sign_in: SignIn, record: list[UUID]
) -> None:
    headers = sign_in("auditor")
    found(client, headers, f"waybill={WAYBILL}")

    searches = client.get(f"{EVENTS}?kind=events-searched", headers=headers).get_json()["items"]

    assert len(record) == 3
    assert [item["body"]["data"] for item in searches] == [
        {"filters": {"waybill_id": WAYBILL}, "shown": 1}
    ]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("plate=XX", "/plate"),
        ("plate_colour=yellow", "/plate_colour"),
        ("kind=everything", "/kind"),
        ("from=2026-11-22", "/from"),
        ("waybill=1", "/waybill"),
    ],
)
def test_a_search_that_cannot_be_meant_is_refused_and_not_recorded(
    client: FlaskClient, sign_in: SignIn, query: str, pointer: str
) -> None:
    answer = client.get(f"{EVENTS}?{query}", headers=sign_in("auditor"))

    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, pointer)
    assert found(client, sign_in("auditor"), "kind=events-searched") == []


@pytest.mark.parametrize("role", ["carrier", "loader", "admin", "inspector"])
def test_only_auditors_search(client: FlaskClient, sign_in: SignIn, role: str) -> None:
    assert client.get(EVENTS, headers=sign_in(role)).status_code == 403
