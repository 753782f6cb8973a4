"""Two at the same moment, each a request of its own with real commits: one each, one 409 each."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import Accounts, access_token, seed_accounts
from tests.harness.bay import API, Bay, answer, as_written
from tests.harness.bay_answers import item, picture
from tests.harness.line import seed_line
from tests.harness.races import race
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.storage.base import Base
from waybill.storage.log import EventRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.session import write_session
from waybill.storage.waybills import (
    ClearanceRow,
    LoadingCheckRow,
    NumberSequenceRow,
    ReleaseRow,
    VerdictRow,
    WaybillRevisionRow,
    WaybillRow,
)


@pytest.fixture
def served(served_app: Flask) -> Bay:
    """A bay over an application that really commits."""
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, runtime.clock.now())
    line = seed_line(runtime, accounts)
    return Bay(client=served_app.test_client(), sign_in=signing_in(runtime, accounts), line=line)


def signing_in(runtime: Runtime, accounts: Accounts) -> Callable[[Role | str], dict[str, str]]:
    """Return what gives the headers of an account."""

    def headers(name: Role | str) -> dict[str, str]:
        with write_session(runtime.sessions) as session:
            token = access_token(
                session,
                accounts.users[str(name)],
                settings=runtime.settings,
                now=runtime.clock.now(),
            )
        return {"Authorization": f"Bearer {token}"}

    return headers


def send_twice(
    app: Flask, path: str, body: object, headers: dict[str, str]
) -> list[tuple[int, dict[str, Any]]]:
    """Send one request from two clients at the same moment."""

    def send() -> tuple[int, dict[str, Any]]:
        response = app.test_client().post(f"{API}{path}", json=body, headers=headers)
        return response.status_code, response.get_json()

    return sorted(race([send, send]), key=lambda answered: answered[0])


def count(app: Flask, row: type[Base], **columns: object) -> int:
    """Return how many rows a table has."""
    runtime: Runtime = app.extensions[EXTENSION]
    with runtime.sessions() as session:
        statement = select(func.count()).select_from(row).filter_by(**columns)
        return session.scalar(statement) or 0


def test_of_two_who_issue_a_waybill_one_is_told_that_it_was_issued(
    served_app: Flask, served: Bay
) -> None:
    waybill_id = served.drafted()["summary"]["id"]
    headers = {**served.headers(Role.CARRIER), "If-Match": '"1"'}

    first, second = send_twice(
        served_app, f"/waybills/{waybill_id}/issue", {"accept_findings": True}, headers
    )

    assert (first[0], second[0], second[1]["code"]) == (200, 409, "wrong-state")
    assert (count(served_app, WaybillRevisionRow), count(served_app, VerdictRow)) == (1, 1)


def test_of_two_tablets_that_clear_a_waybill_one_is_told_that_it_was_cleared(
    served_app: Flask, served: Bay
) -> None:
    issued = served.issued()
    checks = [served.opened(issued["qr_text"]) for _ in range(2)]
    for check_id in checks:
        served.show_everything(check_id)
    headers = served.headers(Role.LOADER)

    def decide(check_id: str) -> Callable[[], tuple[int, Any]]:
        def send() -> tuple[int, Any]:
            path = f"{API}/checks/{check_id}/decision"
            response = served_app.test_client().post(path, headers=headers)
            return response.status_code, response.get_json()

        return send

    first, second = sorted(race([decide(c) for c in checks]), key=lambda answered: answered[0])

    assert (first[0], first[1]["cleared"]) == (201, True)
    assert (second[0], second[1]["code"], second[1]["state"]) == (409, "wrong-state", "cleared")
    assert count(served_app, ClearanceRow) == 1
    assert count(served_app, EventRow, kind="check-decided") == 1
    assert count(served_app, LoadingCheckRow, status="open") == 1


@pytest.mark.parametrize("before", [False, True], ids=["opened for the first time", "opened anew"])
def test_a_check_opened_while_an_item_is_retired_asks_what_its_event_says(
    served_app: Flask, served: Bay, *, before: bool
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        named = item(served, session)
    text = served.issued()["qr_text"]
    if before:
        served.opened(text)
    path = f"{API}/facilities/{served.line.yard.facility_id}/plant-items/{named}"
    retiring = {**served.headers(Role.SUPERVISOR), "If-Match": '"1"'}
    opening = served.headers(Role.LOADER)
    body = {"bay_id": str(served.line.yard.bay_id), "text": text, "typed": False}

    retired, opened = race(
        [
            lambda: served_app.test_client().delete(path, headers=retiring),
            lambda: served_app.test_client().post(f"{API}/checks", json=body, headers=opening),
        ]
    )

    check = answer(opened, 201)["check"]
    asked = [{"id": e["id"], "version": 1} for e in check["questions"] if not e["rule"]]
    with runtime.sessions() as session:
        rows = session.scalars(select(EventRow).where(EventRow.kind == "check-opened"))
        told: list[Any] = [parse_json(row.body) for row in rows.all()]
    assert answer(retired, 200)["status"] == "retired"
    assert told[-1]["data"]["plant_items"] == asked
    assert asked or not before


def test_of_two_checks_that_are_sent_one_photo_the_second_is_refused(
    served_app: Flask, served: Bay
) -> None:
    checks = [served.opened(served.issued()["qr_text"]) for _ in range(2)]
    headers = served.headers(Role.LOADER)

    def send(check_id: str) -> Callable[[], int]:
        def photograph() -> int:
            path = f"{API}/checks/{check_id}/photos?shows=orange_plates"
            data = {"picture": (BytesIO(picture()), "photo.png")}
            return served_app.test_client().post(path, data=data, headers=headers).status_code

        return photograph

    assert sorted(race([send(check_id) for check_id in checks])) == [201, 422]
    assert count(served_app, CheckPhotoRow) == 1


def test_of_two_decisions_of_one_check_one_is_told_that_it_is_over(
    served_app: Flask, served: Bay
) -> None:
    check_id = served.opened(served.issued()["qr_text"])
    served.show_everything(check_id)
    headers = served.headers(Role.LOADER)

    first, second = send_twice(served_app, f"/checks/{check_id}/decision", None, headers)

    assert (first[0], second[0], second[1]["code"]) == (201, 409, "wrong-state")
    assert count(served_app, ClearanceRow) == 1


def test_of_two_who_release_a_load_one_is_told_that_it_was_released(
    served_app: Flask, served: Bay
) -> None:
    _, check_id = served.cleared()
    served.answer_everything(check_id)
    headers = served.headers(Role.LOADER)

    first, second = send_twice(served_app, f"/checks/{check_id}/release", served.loading(), headers)

    assert (first[0], first[1]["released"]) == (201, True)
    assert (second[0], second[1]["code"], second[1]["state"]) == (409, "wrong-state", "released")
    assert count(served_app, ReleaseRow) == 1
    assert count(served_app, EventRow, kind="load-released") == 1


def test_of_two_with_one_idempotency_key_the_second_gets_the_first_answer(
    served_app: Flask, served: Bay
) -> None:
    waybill_id = served.drafted()["summary"]["id"]
    headers = {
        **served.headers(Role.CARRIER),
        "If-Match": '"1"',
        "Idempotency-Key": "issue-0000001",
    }

    first, second = send_twice(
        served_app, f"/waybills/{waybill_id}/issue", {"accept_findings": True}, headers
    )

    assert first == second
    assert first[0] == 200
    assert count(served_app, WaybillRevisionRow) == 1
    assert count(served_app, EventRow, kind="waybill-issued") == 1


def test_of_two_who_draft_with_one_idempotency_key_one_draft_comes(
    served_app: Flask, served: Bay
) -> None:
    headers = {**served.headers(Role.CARRIER), "Idempotency-Key": "draft-0000001"}
    body = as_written(served.line.yard.draft())

    first, second = send_twice(served_app, "/waybills", body, headers)

    assert first == second
    assert count(served_app, WaybillRow) == 1


def test_waybills_issued_at_once_have_distinct_numbers(served_app: Flask, served: Bay) -> None:
    threads, each = 8, 10
    drafts = [served.drafted()["summary"]["id"] for _ in range(threads * each)]
    headers = {**served.headers(Role.CARRIER), "If-Match": '"1"'}

    def issue(mine: list[str]) -> Callable[[], list[str]]:
        def send() -> list[str]:
            client = served_app.test_client()
            return [
                answer(
                    client.post(f"{API}/waybills/{waybill_id}/issue", json={}, headers=headers),
                    200,
                )["number"]
                for waybill_id in mine
            ]

        return send

    issued = race([issue(drafts[start::threads]) for start in range(threads)])

    numbers = [number for mine in issued for number in mine]
    assert len(set(numbers)) == threads * each
    assert sorted(number[18:22] for number in numbers) == [
        base_36(value) for value in range(1, threads * each + 1)
    ]
    assert count(served_app, NumberSequenceRow) == 1


def base_36(value: int) -> str:
    """Return the four characters of a day's sequence."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(digits[value // 36**place % 36] for place in (3, 2, 1, 0))
