"""Figures and patterns by the API, each with the size of the log that it speaks of."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.runtime import Runtime
from tests.harness.accounts import SignIn
from tests.harness.line import Line
from tests.harness.sequenced import counted_up
from tests.harness.tallied import Tallies
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.services.patterns.finding import look_for_patterns
from waybill.storage.session import write_session

COUNTS = "/api/v1/statistics/counts"
DAY = "from=2026-11-22T00:00:00%2B08:00&to=2026-11-23T00:00:00%2B08:00"


@pytest.fixture
def size(runtime: Runtime, line: Line) -> int:
    """A released trip, carried over; the size of the log."""
    with write_session(runtime.sessions) as session:
        _, check_id = line.cleared(session)
        line.release(session, check_id)
        return counted_up(session)


def asked(client: FlaskClient, sign_in: SignIn, address: str) -> dict[str, Any]:
    """Return what an auditor is answered."""
    answer = client.get(address, headers=sign_in("auditor"))
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def test_figures_come_with_their_keys_and_the_size_they_speak_of(
    client: FlaskClient, sign_in: SignIn, size: int
) -> None:
    found = asked(client, sign_in, f"{COUNTS}?{DAY}&by=day&by=un_number&act=release")

    assert found == {
        "from": "2026-11-21T16:00:00.000Z",
        "to": "2026-11-22T16:00:00.000Z",
        "size": size,
        "rows": [
            {
                "keys": [
                    {"dimension": "day", "value": "2026-11-22"},
                    {"dimension": "un_number", "value": "1203"},
                ],
                "count": 1,
                "planned_kg": "28000",
                "loaded_kg": "27900",
            }
        ],
    }


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        pytest.param("act=check&outcome=passed&outcome=refused", [1], id="several outcomes"),
        pytest.param("by=offline", [4], id="a truth value as a key"),
        pytest.param("district=3208&hour=14", [4], id="district and hour"),
        pytest.param("un=1203&class=3", [4], id="goods"),
        pytest.param("rule=VEH-06.positioning", [], id="a rule that stood nowhere"),
        pytest.param("size=0", [], id="of an empty tree"),
        pytest.param("issued_after_loading=true", [], id="none late"),
    ],
)
@pytest.mark.usefixtures("size")
def test_conditions(client: FlaskClient, sign_in: SignIn, query: str, counts: list[int]) -> None:
    found = asked(client, sign_in, f"{COUNTS}?{DAY}&{query}")

    assert [row["count"] for row in found["rows"]] == counts


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        pytest.param(f"{DAY}&by=rule&by=un_number", "/by", id="goods with rules"),
        pytest.param(f"{DAY}&size=99999", "/size", id="more than was counted"),
        pytest.param("to=2026-11-23T00:00:00Z", "/from", id="no beginning"),
        pytest.param(f"{DAY}&by=person", "/by/0", id="no such dimension"),
    ],
)
def test_what_cannot_be_counted_says_what_to_change(
    client: FlaskClient, sign_in: SignIn, query: str, pointer: str
) -> None:
    answer = client.get(f"{COUNTS}?{query}", headers=sign_in("auditor"))

    errors = answer.get_json()["errors"]
    assert answer.status_code == 422
    assert [error.get("pointer") or f"/{error.get('parameter')}" for error in errors] == [pointer]


@pytest.mark.usefixtures("size")
def test_times_are_spread(client: FlaskClient, sign_in: SignIn) -> None:
    address = f"/api/v1/statistics/spreads?{DAY}&duration=seconds_from_issue&act=release"

    found = asked(client, sign_in, f"{address}&bounds=3600&bounds=60")

    assert (found["bounds"], found["counts"]) == ([60, 3600], [1, 0, 0])


@pytest.mark.usefixtures("size")
def test_papers_that_end_soon_are_counted(client: FlaskClient, sign_in: SignIn) -> None:
    found = asked(client, sign_in, "/api/v1/statistics/expiring-certificates")

    assert found["on"] == "2026-11-22"
    assert all(len(item["bands"]) == 4 for item in found["items"])


def test_a_finding_is_listed_and_shown_with_its_events(
    client: FlaskClient, sign_in: SignIn, runtime: Runtime, clock: FixedClock
) -> None:
    waybill_id = new_id()
    with write_session(runtime.sessions) as session:
        tallies = Tallies(session)
        tallies.add("release", issued_after_loading=True, waybill_id=waybill_id)
        look_for_patterns(session, clock=clock)

    listed = asked(client, sign_in, "/api/v1/patterns/findings?code=PAT-06.late_issue")
    (finding,) = listed["items"]
    shown = asked(client, sign_in, f"/api/v1/patterns/findings/{finding['id']}")
    patterns = asked(client, sign_in, "/api/v1/patterns")["items"]

    assert shown == finding
    assert (finding["subject_kind"], finding["subject_key"]) == ("waybill", str(waybill_id))
    assert (len(finding["events"]), finding["log_size"]) == (1, 1)
    assert {p["code"]: p["found"] for p in patterns}["PAT-06.late_issue"] == 1
    assert patterns[0]["thresholds"][0]["provenance"] == "ours"


def test_a_facility_says_where_it_lies(client: FlaskClient, sign_in: SignIn) -> None:
    stated = {
        "name": "二号装车台",
        "area_code": "320800",
        "address": "淮安市盐化工园区 2 号",
        "latitude": "33.605",
        "longitude": "119.14",
    }
    headers = sign_in("supervisor")

    made = client.post("/api/v1/facilities", json=stated, headers=headers)
    half = client.post("/api/v1/facilities", json={**stated, "longitude": None}, headers=headers)
    beyond = client.post("/api/v1/facilities", json={**stated, "latitude": "91"}, headers=headers)

    shown = made.get_json()
    assert {name: shown[name] for name in stated} == stated
    assert [answer.get_json()["errors"][0]["code"] for answer in (half, beyond)] == [
        "coordinate-incomplete",
        "coordinate-out-of-range",
    ]
