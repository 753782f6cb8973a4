"""What of one event is counted, from its body alone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from waybill.codec import canonical_json
from waybill.rules.finding import Outcome, Severity
from waybill.services.statistics.tally import GoodsTally, RuleTally, Tally, tally_of
from waybill.storage.tally import TallyAct, TallyOutcome

EVENT = UUID("019ab000-0000-7000-8000-000000000001")
USER = UUID("019ab000-0000-7000-8000-000000000002")
WAYBILL = UUID("019ab000-0000-7000-8000-000000000003")
CARRIER = UUID("019ab000-0000-7000-8000-000000000004")
FACILITY = UUID("019ab000-0000-7000-8000-000000000005")
BAY = UUID("019ab000-0000-7000-8000-000000000006")
CHECK = UUID("019ab000-0000-7000-8000-000000000007")

TRIP: dict[str, Any] = {
    "carrier": str(CARRIER),
    "facility": str(FACILITY),
    "area": "320812",
    "vehicle": "苏H12345/yellow",
    "trailer": None,
    "tank": "GC-1",
    "driver": "d_8f3a9c27b1",
    "escort": "e_1b2c3d4e90",
    "issued_at": "2026-11-22T15:30:30.000+00:00",
    "goods": [[1, "1203", "3", "20000"], [2, "1202", "3", "8000.5"]],
}


def body(data: dict[str, Any], *, at: str = "2026-11-22T16:05:00.000+00:00") -> bytes:
    """Return an event body as the log holds it."""
    actor = {"user": str(USER), "organisation": str(CARRIER), "role": "loader"}
    return canonical_json({"v": 1, "kind": "k", "at": at, "actor": actor, "data": data})


def tally(kind: str, data: dict[str, Any]) -> Tally:
    """Return what is counted of an event that is counted."""
    found = tally_of(7, EVENT, kind, body(data))
    if found is None:
        raise AssertionError("not counted")
    return found


def test_a_release_says_all_that_is_counted_of_it() -> None:
    found = tally(
        "load-released",
        {
            "check": str(CHECK),
            "waybill": str(WAYBILL),
            "released": True,
            "findings": [["AFTER-01.quantity", "failed", "WARN"]],
            "bay": str(BAY),
            "opened_at": "2026-11-22T15:55:00.000+00:00",
            "trip": TRIP,
            "loading_started_at": "2026-11-22T15:29:59.000+00:00",
            "loaded": [[1, "19900"], [2, "8000"]],
        },
    )

    assert found == Tally(
        log_index=7,
        event_id=EVENT,
        recorded_at=datetime(2026, 11, 22, 16, 5, tzinfo=UTC),
        day=date(2026, 11, 23),
        hour=0,
        act=TallyAct.RELEASE,
        outcome=TallyOutcome.PASSED,
        kind="load-released",
        offline=False,
        user_id=USER,
        role="loader",
        waybill_id=WAYBILL,
        check_id=CHECK,
        carrier_id=CARRIER,
        facility_id=FACILITY,
        bay_id=BAY,
        area_code="320812",
        vehicle="苏H12345/yellow",
        trailer="",
        tank="GC-1",
        driver="d_8f3a9c27b1",
        escort="e_1b2c3d4e90",
        seconds_from_issue=2070,
        seconds_from_opening=600,
        issued_after_loading=True,
        planned_kg=Decimal("28000.5"),
        loaded_kg=Decimal(27900),
        rules=(
            RuleTally(code="AFTER-01.quantity", outcome=Outcome.FAILED, severity=Severity.WARN),
        ),
        goods=(
            GoodsTally(
                position=1,
                un_number="1203",
                hazard_class="3",
                planned_kg=Decimal(20000),
                loaded_kg=Decimal(19900),
            ),
            GoodsTally(
                position=2,
                un_number="1202",
                hazard_class="3",
                planned_kg=Decimal("8000.5"),
                loaded_kg=Decimal(8000),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("kind", "data", "act", "outcome"),
    [
        pytest.param("waybill-issued", {}, "issue", "passed", id="issued"),
        pytest.param("issue-blocked", {}, "issue", "refused", id="issue blocked"),
        pytest.param("check-opened", {}, "arrival", "passed", id="opened"),
        pytest.param("code-scanned", {"problem": "expired"}, "scan", "refused", id="bad code"),
        pytest.param(
            "code-scanned", {"items": [{"problem": "other"}]}, "scan", "refused", id="bad item"
        ),
        pytest.param("check-decided", {"cleared": True}, "check", "passed", id="cleared"),
        pytest.param("check-decided", {}, "check", "refused", id="an old body without findings"),
        pytest.param(
            "check-decided",
            {"findings": [["A", "unknown", "STOP"], ["B", "failed", "STOP"]]},
            "check",
            "refused",
            id="one stop failed",
        ),
        pytest.param(
            "check-decided",
            {"findings": [["A", "unknown", "STOP"], ["B", "failed", "WARN"]]},
            "check",
            "unproven",
            id="no stop failed",
        ),
        pytest.param("load-released", {}, "release", "passed", id="released"),
        pytest.param("release-refused", {}, "release", "refused", id="not released"),
        pytest.param("waybill-cancelled", {}, "cancel", "passed", id="cancelled"),
    ],
)
def test_act_and_outcome(kind: str, data: dict[str, Any], act: str, outcome: str) -> None:
    found = tally(kind, data)

    assert (found.act, found.outcome) == (TallyAct(act), TallyOutcome(outcome))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param("signed-in", {}, id="another kind"),
        pytest.param("code-scanned", {"items": [{"problem": ""}]}, id="a code that held"),
    ],
)
def test_what_is_not_counted(kind: str, data: dict[str, Any]) -> None:
    assert tally_of(7, EVENT, kind, body(data)) is None


@pytest.mark.parametrize(
    ("started_at", "late"),
    [
        pytest.param("2026-11-22T15:30:00.000+00:00", False, id="in the minute of the signature"),
        pytest.param("2026-11-22T15:29:59.000+00:00", True, id="in the minute before"),
        pytest.param(None, None, id="not said"),
    ],
)
def test_issued_after_loading_compares_minutes(started_at: str | None, late: bool | None) -> None:  # noqa: FBT001  parametrised
    found = tally("release-refused", {"trip": TRIP, "loading_started_at": started_at})

    assert found.issued_after_loading is late


def test_a_blocked_issue_is_its_carriers_and_has_no_time_since_issue() -> None:
    found = tally("issue-blocked", {"facility": str(FACILITY), "area": "320800"})

    assert (found.carrier_id, found.facility_id, found.area_code, found.seconds_from_issue) == (
        CARRIER,
        FACILITY,
        "320800",
        None,
    )


def test_a_check_without_network_is_told_apart() -> None:
    assert tally("check-decided", {"cleared": True, "offline": True}).offline


def test_a_body_that_was_never_written_stops_with_its_place() -> None:
    with pytest.raises(ValueError, match="entry 7 cannot be counted"):
        tally_of(7, EVENT, "check-decided", body({"waybill": "none"}))
