"""Abort (中止) over HTTP: before and after the clearance, and what becomes of the waybill."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer, problem
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.storage.events import EventKind
from waybill.storage.log import EventRow
from waybill.storage.waybills import CheckAbortRow

REASON = "雷暴天气，停止作业"


def abort(bay: Bay, check_id: str, **more: object) -> dict[str, object]:
    return answer(bay.post(f"/checks/{check_id}/abort", {"reason": REASON, **more}), 201)


def status(bay: Bay, waybill_id: str) -> str:
    found: str = bay.get(f"/waybills/{waybill_id}", Role.CARRIER).get_json()["summary"]["status"]
    return found


class TestBefore:
    """Before the clearance nothing was used up."""

    @pytest.mark.parametrize("refused", [False, True], ids=["open", "refused"])
    def test_the_waybill_stays_issued_and_is_checked_anew(self, bay: Bay, *, refused: bool) -> None:
        issued = bay.issued()
        check_id = bay.opened(issued["qr_text"])
        if refused:
            bay.decide(check_id)

        aborted = abort(bay, check_id)

        again = bay.opened(issued["qr_text"])
        bay.show_everything(again)
        assert (aborted["waybill_status"], aborted["aboard"]) == ("issued", "nothing")
        assert bay.decide(again)["cleared"]

    @pytest.mark.parametrize("path", ["decision", "scans", "release", "consent"])
    def test_nothing_more_is_done_with_it(self, bay: Bay, path: str) -> None:
        check_id = bay.opened(bay.issued()["qr_text"])
        bay.show_everything(check_id)
        abort(bay, check_id)
        bodies: dict[str, object] = {
            "scans": {"text": "苏H12345"},
            "release": bay.loading(),
            "consent": {"given": True},
        }

        refused = bay.post(f"/checks/{check_id}/{path}", bodies.get(path), Role.SUPERVISOR)

        assert problem(refused)[:2] == (409, "wrong-state")
        assert bay.check(check_id)["summary"]["status"] == "aborted"


class TestAfter:
    """After the clearance the waybill is over; nothing leaves under it."""

    def test_the_waybill_is_cancelled_with_the_reason(self, bay: Bay) -> None:
        issued, check_id = bay.cleared()

        aborted = abort(bay, check_id, aboard="unloaded")

        waybill = bay.get(f"/waybills/{issued['id']}", Role.CARRIER).get_json()
        assert aborted["waybill_status"] == waybill["summary"]["status"] == "cancelled"
        assert waybill["cancel_reason"].endswith(REASON)

    def test_it_is_neither_released_nor_cleared_again(self, bay: Bay) -> None:
        issued, check_id = bay.cleared()
        abort(bay, check_id)

        release = bay.post(f"/checks/{check_id}/release", bay.loading())
        again = bay.opened(issued["qr_text"])
        bay.show_everything(again)

        assert problem(release)[:2] == (409, "wrong-state")
        assert not bay.decide(again)["cleared"]

    def test_what_is_aboard_is_unsaid_where_nobody_said_it(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        assert abort(bay, check_id)["aboard"] == "unsaid"

    def test_a_waybill_that_its_carrier_cancelled_stays_cancelled_for_that_reason(
        self, bay: Bay
    ) -> None:
        issued, check_id = bay.cleared()
        path = f"/waybills/{issued['id']}"
        version = bay.get(path, Role.CARRIER).headers["ETag"]
        answer(
            bay.post(f"{path}/cancel", {"reason": "车辆另有任务"}, Role.CARRIER, If_Match=version),
            200,
        )

        seen = bay.check(check_id)
        assert (seen["summary"]["status"], seen["waybill"]["status"]) == ("cleared", "cancelled")
        assert abort(bay, check_id)["waybill_status"] == "cancelled"
        assert bay.get(path, Role.CARRIER).get_json()["cancel_reason"] == "车辆另有任务"


def test_what_is_released_or_aborted_is_not_aborted(bay: Bay) -> None:
    issued, released = bay.released()
    aborted = bay.opened(bay.issued()["qr_text"])
    abort(bay, aborted)

    refused = [
        problem(bay.post(f"/checks/{each}/abort", {"reason": REASON}))[:2]
        for each in (released, aborted)
    ]

    assert refused == [(409, "wrong-state")] * 2
    assert status(bay, issued["id"]) == "released"


@pytest.mark.parametrize("reason", ["", "停", "x" * 271, "两行\n原因说明"])
def test_it_needs_a_reason(bay: Bay, reason: str) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])

    refused = bay.post(f"/checks/{check_id}/abort", {"reason": reason})

    assert (refused.status_code, problem(refused)[2][0][0]) == (422, "/reason")


def test_the_log_says_why_and_what_became_of_the_waybill(bay: Bay, database: Session) -> None:
    issued, check_id = bay.cleared()
    abort(bay, check_id, aboard="goods")

    row = database.scalars(
        select(EventRow).where(EventRow.kind == EventKind.CHECK_ABORTED.value)
    ).one()
    body = parse_json(row.body)
    assert isinstance(body, dict)
    data = body["data"]
    assert isinstance(data, dict)
    told = ("check", "waybill", "was", "aboard", "reason", "waybill_status")
    assert {name: data[name] for name in told} == {
        "check": check_id,
        "waybill": issued["id"],
        "was": "cleared",
        "aboard": "goods",
        "reason": REASON,
        "waybill_status": "cancelled",
    }
    kept = database.scalars(select(CheckAbortRow)).one()
    assert (str(kept.check_id), kept.event_id) == (check_id, row.id)


def test_another_loader_does_not_abort_it(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])

    refused = bay.post(f"/checks/{check_id}/abort", {"reason": REASON}, Role.CARRIER)

    assert refused.status_code == 403
