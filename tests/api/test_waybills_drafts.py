"""Drafts over HTTP: written, read, changed and thrown away by their carrier alone."""

import json
from typing import Any

import pytest

from tests.harness.accounts import OTHER_CARRIER
from tests.harness.bay import API, Bay, answer, as_written, problem, standing
from tests.harness.trips import petrol
from waybill.codec import new_id
from waybill.registry.access import Role


def put(bay: Bay, waybill_id: str, body: object, version: int) -> tuple[int, dict[str, Any], str]:
    """Replace a draft and return status, body and version."""
    headers = {**bay.headers(Role.CARRIER), "If-Match": f'"{version}"'}
    response = bay.client.put(f"{API}/waybills/{waybill_id}", json=body, headers=headers)
    return response.status_code, response.get_json(), response.headers.get("ETag", "")


def test_a_draft_is_read_back_as_it_was_written(bay: Bay) -> None:
    written = bay.line.yard.draft()

    made = bay.drafted(written)

    read = answer(bay.get(f"/waybills/{made['summary']['id']}", Role.CARRIER), 200)
    assert read == made
    stored = json.loads(json.dumps(as_written(written)))
    stored["planned_loading_at"] = "2026-11-22T07:00:00.000Z"
    assert read["draft"] == stored
    assert (read["summary"]["status"], read["summary"]["number"]) == ("draft", None)
    assert (read["content"], read["revisions"], read["verdicts"]) == (None, [], [])


def test_an_empty_draft_is_written(bay: Bay) -> None:
    made = answer(bay.post("/waybills", {}, Role.CARRIER), 201)

    assert (made["summary"]["status"], made["summary"]["version"]) == ("draft", 1)


def test_a_draft_is_replaced_in_the_version_that_was_seen(bay: Bay) -> None:
    waybill_id = bay.drafted()["summary"]["id"]
    body = as_written(bay.line.yard.draft(remarks="夜间装车"))

    status, changed, etag = put(bay, waybill_id, body, 1)

    assert (status, changed["draft"]["remarks"], etag) == (200, "夜间装车", '"2"')
    status, refused, _ = put(bay, waybill_id, body, 1)
    assert (status, refused["code"], refused["current_version"]) == (412, "precondition-failed", 2)


def test_a_draft_is_thrown_away(bay: Bay) -> None:
    waybill_id = bay.drafted()["summary"]["id"]
    headers = {**bay.headers(Role.CARRIER), "If-Match": '"1"'}

    gone = bay.client.delete(f"{API}/waybills/{waybill_id}", headers=headers)

    assert (gone.status_code, gone.data) == (204, b"")
    assert bay.get(f"/waybills/{waybill_id}", Role.CARRIER).status_code == 404
    kinds = [
        event["kind"]
        for event in answer(bay.get(f"/events?waybill={waybill_id}", Role.AUDITOR), 200)["items"]
    ]
    assert kinds == ["waybill-draft-discarded", "waybill-drafted"]


@pytest.mark.parametrize("role", [OTHER_CARRIER, Role.LOADER, Role.CONSIGNOR, Role.AUDITOR])
def test_a_draft_is_its_owners_alone(bay: Bay, role: str) -> None:
    waybill_id = bay.drafted()["summary"]["id"]

    assert problem(bay.get(f"/waybills/{waybill_id}", role)) == (404, "not-found", [])
    assert answer(bay.get("/waybills", role), 200)["items"] == []


def test_another_carrier_neither_changes_nor_issues_a_draft(bay: Bay) -> None:
    waybill_id = bay.drafted()["summary"]["id"]
    path = f"/waybills/{waybill_id}/issue"

    refused = bay.post(path, {"accept_findings": True}, OTHER_CARRIER, If_Match='"1"')

    assert problem(refused) == (404, "not-found", [])


@pytest.mark.parametrize(
    "field",
    [
        "vehicle_id",
        "trailer_id",
        "tank_id",
        "driver_id",
        "escort_id",
        "consignor_id",
        "consignee_id",
        "facility_id",
    ],
)
def test_a_record_that_is_not_there_is_named(bay: Bay, field: str) -> None:
    body = as_written(bay.line.yard.draft(**{field: new_id()}))

    refused = bay.post("/waybills", body, Role.CARRIER)

    assert problem(refused) == (422, "invalid-field", [(f"/{field}", "unknown-reference")])


def test_another_carriers_vehicle_is_not_there(bay: Bay) -> None:
    body = as_written(
        bay.line.yard.draft(consignor_id=None, consignee_id=None, facility_id=None, goods=())
    )

    refused = bay.post("/waybills", body, OTHER_CARRIER)

    assert problem(refused) == (
        422,
        "invalid-field",
        [
            (f"/{field}", "unknown-reference")
            for field in ("vehicle_id", "trailer_id", "tank_id", "driver_id", "escort_id")
        ],
    )


def test_a_goods_row_that_the_list_lacks_is_named(bay: Bay) -> None:
    line = as_written(bay.line.yard.draft())
    line["goods"] = [{"entry_key": "9999", "quantity_kg": "1", "mode": "packages"}]

    refused = bay.post("/waybills", line, Role.CARRIER)

    assert problem(refused) == (
        422,
        "invalid-field",
        [("/goods/0/entry_key", "unknown-reference")],
    )


def test_a_preview_says_what_stands(bay: Bay) -> None:
    draft = bay.line.yard.draft(goods=(petrol("28900"),))
    waybill_id = bay.drafted(draft)["summary"]["id"]

    verdict = answer(bay.post(f"/waybills/{waybill_id}/preview", None, Role.CARRIER), 200)

    assert (verdict["clears"], standing(verdict)) == (
        False,
        [("TNK-03.mass", "over_rated_load")],
    )
    assert answer(bay.get(f"/waybills/{waybill_id}", Role.CARRIER), 200)["verdicts"] == []


def test_a_preview_names_what_is_missing(bay: Bay) -> None:
    waybill_id = answer(bay.post("/waybills", {}, Role.CARRIER), 201)["summary"]["id"]

    refused = bay.post(f"/waybills/{waybill_id}/preview", None, Role.CARRIER)

    status, code, errors = problem(refused)
    assert (status, code) == (422, "invalid-field")
    assert ("/goods", "required") in errors
    assert ("/vehicle_id", "required") in errors
    assert ("/trailer_id", "required") not in errors
