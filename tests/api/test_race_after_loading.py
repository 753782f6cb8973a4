"""Two at the same moment after the clearance, with real commits: no release beside an abort."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Final
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import access_token, seed_accounts
from tests.harness.bay import API, Bay
from tests.harness.line import seed_line
from tests.harness.races import race
from waybill.qr_payload import QrKind
from waybill.registry.access import Role
from waybill.storage.session import write_session
from waybill.storage.waybills import (
    CheckAbortRow,
    ClearanceRow,
    LoadingCheckRow,
    ReleaseRow,
    WaybillRow,
)

ABORT = {"reason": "雷暴天气，停止作业"}
BEING_DECIDED_S: Final = 0.5
Answered = tuple[int, dict[str, Any]]


@pytest.fixture
def served(served_app: Flask) -> Bay:
    """A bay over an application that really commits."""
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, runtime.clock.now())

    def headers(name: Role | str) -> dict[str, str]:
        with write_session(runtime.sessions) as session:
            token = access_token(
                session,
                accounts.users[str(name)],
                settings=runtime.settings,
                now=runtime.clock.now(),
            )
        return {"Authorization": f"Bearer {token}"}

    line = seed_line(runtime, accounts)
    return Bay(client=served_app.test_client(), sign_in=headers, line=line)


def sending(app: Flask, served: Bay, path: str, body: object) -> Callable[[], Answered]:
    """Return what sends a request from a client of its own."""
    headers = served.headers(Role.LOADER)

    def send() -> Answered:
        response = app.test_client().post(f"{API}{path}", json=body, headers=headers)
        return response.status_code, response.get_json()

    return send


def stored(app: Flask) -> tuple[str, str, int, int, int]:
    """Return the states of waybill and check, and how many clearances, aborts and releases."""
    runtime: Runtime = app.extensions[EXTENSION]
    with runtime.sessions() as session:
        rows = (ClearanceRow, CheckAbortRow, ReleaseRow)
        counts = [len(session.scalars(select(row)).all()) for row in rows]
        waybill = session.scalars(select(WaybillRow)).one()
        check = session.scalars(select(LoadingCheckRow)).one()
        return waybill.status.value, check.status.value, counts[0], counts[1], counts[2]


@pytest.mark.parametrize("attempt", range(3))
def test_of_an_abort_and_a_release_one_happens(
    served_app: Flask, served: Bay, attempt: int
) -> None:
    _, check_id = served.cleared()
    served.answer_everything(check_id)

    answers = race(
        [
            sending(served_app, served, f"/checks/{check_id}/abort", ABORT),
            sending(served_app, served, f"/checks/{check_id}/release", served.loading()),
        ]
    )

    assert sorted(status for status, _ in answers) == [201, 409], attempt
    assert stored(served_app) in {
        ("cancelled", "aborted", 1, 1, 0),
        ("released", "released", 1, 0, 1),
    }


@pytest.mark.parametrize("attempt", range(3))
def test_of_an_abort_and_a_decision_none_leaves_a_clearance_under_an_aborted_check(
    served_app: Flask, served: Bay, attempt: int
) -> None:
    check_id = served.opened(served.issued()["qr_text"])
    served.show_everything(check_id)

    answers = race(
        [
            sending(served_app, served, f"/checks/{check_id}/abort", ABORT),
            sending(served_app, served, f"/checks/{check_id}/decision", None),
        ]
    )

    # The decision may come first; then the abort takes back what it cleared.
    assert 201 in {status for status, _ in answers}, attempt
    assert stored(served_app) in {
        ("issued", "aborted", 0, 1, 0),
        ("cancelled", "aborted", 1, 1, 0),
    }


def test_of_two_aborts_one_happens(served_app: Flask, served: Bay) -> None:
    _, check_id = served.cleared()

    answers = race([sending(served_app, served, f"/checks/{check_id}/abort", ABORT)] * 2)

    assert sorted(status for status, _ in answers) == [201, 409]
    assert stored(served_app) == ("cancelled", "aborted", 1, 1, 0)


def test_a_code_that_contradicts_a_waybill_being_cleared_comes_before_or_too_late(
    served_app: Flask, served: Bay
) -> None:
    check_id = served.opened(served.issued()["qr_text"])
    served.show_everything(check_id)
    other = {"text": served.line.card(QrKind.VEHICLE, "苏H99999")}
    scan = sending(served_app, served, f"/checks/{check_id}/scans", other)
    runtime: Runtime = served_app.extensions[EXTENSION]

    with ThreadPoolExecutor(1) as pool:
        with write_session(runtime.sessions) as session:
            assert served.line.decide(session, UUID(check_id)).cleared
            scanned = pool.submit(scan)
            wait([scanned], BEING_DECIDED_S)
        status, told = scanned.result()

    assert (status, told["state"]) == (409, "cleared")
