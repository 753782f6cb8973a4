"""Issuing, showing and cancelling over HTTP."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_CARRIER
from tests.harness.bay import Bay, answer, problem, standing
from tests.harness.sealed_codes import signing_key
from tests.harness.trips import PLANNED, petrol
from waybill.clock import FixedClock, local_date
from waybill.codec import new_id
from waybill.document import parse_loading_record, parse_waybill
from waybill.goods.catalogue import catalogue
from waybill.qr_payload import verify_qr
from waybill.registry.access import Role
from waybill.rules.facts import CarriageMode
from waybill.sealing import KeyTable, verify_bytes
from waybill.services.keys import revoke_signing_key
from waybill.services.waybills.draft import DraftGoods


def test_an_issue_answers_number_digest_code_and_verdict(bay: Bay, clock: FixedClock) -> None:
    issued = bay.issued()

    assert (issued["revision"], issued["version"], standing(issued["verdict"])) == (1, 2, [])
    assert issued["number"][:18] == "320800123420261122"
    claims = verify_qr(issued["qr_text"], KeyTable([signing_key().verifying_key()]), clock.now())
    assert claims.to_claims()["veh"] == "苏H12345"


def test_the_document_is_byte_for_byte_what_was_signed(bay: Bay, clock: FixedClock) -> None:
    issued = bay.issued()

    got = bay.get(f"/waybills/{issued['id']}/document", Role.LOADER)

    assert got.mimetype == "application/json"
    assert hashlib.sha256(got.data).hexdigest() == issued["digest"]
    verify_bytes(
        got.headers["X-JWS-Signature"],
        got.data,
        KeyTable([signing_key().verifying_key()]),
        signed_at=clock.now(),
    )
    assert parse_waybill(got.data).number == issued["number"]


def test_findings_that_stand_are_shown_until_they_are_accepted(bay: Bay) -> None:
    draft = bay.line.yard.draft(goods=(petrol("28900"),))
    waybill_id = bay.drafted(draft)["summary"]["id"]
    path = f"/waybills/{waybill_id}/issue"

    refused = bay.post(path, {}, Role.CARRIER, If_Match='"1"')

    assert problem(refused)[:2] == (409, "findings-not-accepted")
    assert [f["code"] for f in refused.get_json()["findings"]] == ["TNK-03.mass"]
    accepted = answer(bay.post(path, {"accept_findings": True}, Role.CARRIER, If_Match='"1"'), 200)
    whole = answer(bay.get(f"/waybills/{waybill_id}", Role.CARRIER), 200)
    assert whole["content"]["accepted_findings"] == ["TNK-03.mass"]
    assert [v["digest"] for v in whole["verdicts"]] == [accepted["verdict"]["digest"]]


def test_a_second_issue_is_told_of_the_first(bay: Bay) -> None:
    issued = bay.issued()

    again = bay.post(f"/waybills/{issued['id']}/issue", {}, Role.CARRIER, If_Match='"2"')

    assert problem(again) == (409, "wrong-state", [])


@pytest.mark.parametrize(
    ("header", "status"),
    [
        pytest.param({}, 428, id="none"),
        pytest.param({"If_Match": '"7"'}, 412, id="another version"),
        pytest.param({"If_Match": "*"}, 412, id="any"),
        pytest.param({"If_Match": '"\uff11"'}, 412, id="full-width"),
    ],
)
def test_an_issue_needs_the_version_that_was_seen(
    bay: Bay, header: dict[str, str], status: int
) -> None:
    waybill_id = bay.drafted()["summary"]["id"]

    refused = bay.post(f"/waybills/{waybill_id}/issue", {}, Role.CARRIER, **header)

    assert refused.status_code == status


def test_a_loading_that_was_planned_for_yesterday_is_not_issued(bay: Bay) -> None:
    draft = bay.line.yard.draft(planned_loading_at=PLANNED - timedelta(days=1))
    waybill_id = bay.drafted(draft)["summary"]["id"]

    refused = bay.post(f"/waybills/{waybill_id}/issue", {}, Role.CARRIER, If_Match='"1"')

    assert problem(refused) == (422, "invalid-field", [("/planned_loading_at", "in-the-past")])


@pytest.mark.parametrize("role", [Role.LOADER, Role.CONSIGNOR, Role.AUDITOR, Role.INSPECTOR])
def test_an_issued_waybill_is_seen_by_whom_it_names_and_by_oversight(bay: Bay, role: Role) -> None:
    issued = bay.issued()

    seen = answer(bay.get(f"/waybills/{issued['id']}", role), 200)

    assert (seen["summary"]["number"], seen["draft"]) == (issued["number"], None)


def test_another_carrier_does_not_see_it(bay: Bay) -> None:
    issued = bay.issued()

    for path in ("", "/document", "/qr.svg", "/loading-record"):
        assert bay.get(f"/waybills/{issued['id']}{path}", OTHER_CARRIER).status_code == 404


def test_a_waybill_is_cancelled_with_a_reason(bay: Bay) -> None:
    issued = bay.issued()
    path = f"/waybills/{issued['id']}/cancel"

    cancelled = answer(bay.post(path, {"reason": "客户改期"}, Role.CARRIER, If_Match='"2"'), 200)

    assert (cancelled["summary"]["status"], cancelled["cancel_reason"]) == ("cancelled", "客户改期")
    assert cancelled["revisions"][0]["digest"] == issued["digest"]
    again = bay.post(path, {"reason": "客户改期"}, Role.CARRIER, If_Match='"3"')
    assert problem(again) == (409, "wrong-state", [])


def test_a_cancelled_waybill_is_refused_at_the_bay(bay: Bay) -> None:
    issued = bay.issued()
    path = f"/waybills/{issued['id']}/cancel"
    answer(bay.post(path, {"reason": "客户改期"}, Role.CARRIER, If_Match='"2"'), 200)

    check_id = bay.opened(issued["qr_text"])
    bay.show_everything(check_id)
    decision = bay.decide(check_id)

    assert (decision["cleared"], standing(decision["verdict"])) == (
        False,
        [("DOC-01.state", "not_issued")],
    )


def test_the_code_is_drawn(bay: Bay) -> None:
    issued = bay.issued()

    svg = bay.get(f"/waybills/{issued['id']}/qr.svg?level=Q", Role.CARRIER)
    png = bay.get(f"/waybills/{issued['id']}/qr.png?scale=4", Role.CARRIER)

    assert (svg.mimetype, png.mimetype) == ("image/svg+xml", "image/png")


@pytest.mark.parametrize("what", ["document", "qr.svg", "qr.png", "loading-record"])
def test_a_draft_has_nothing_signed(bay: Bay, what: str) -> None:
    waybill_id = bay.drafted()["summary"]["id"]

    assert bay.get(f"/waybills/{waybill_id}/{what}", Role.CARRIER).status_code == 404


def test_the_loading_record_is_what_was_signed_at_release(bay: Bay) -> None:
    issued, check_id = bay.cleared()
    released = bay.release(check_id)

    got = bay.get(f"/waybills/{issued['id']}/loading-record", Role.CARRIER)

    record = parse_loading_record(got.data)
    assert hashlib.sha256(got.data).hexdigest() == released["record_digest"]
    assert (record.waybill_digest, str(record.loaded[0].quantity_kg)) == (issued["digest"], "27900")


class TestLists:
    """A list is narrowed, and goes on from a key."""

    def test_a_loader_finds_the_arrivals_of_a_day(self, bay: Bay) -> None:
        issued = bay.issued()
        bay.issued(bay.line.yard.draft(planned_loading_at=PLANNED + timedelta(days=1)))
        query = f"status=issued&facility={bay.line.yard.facility_id}&planned=2026-11-22"

        found = answer(bay.get(f"/waybills?{query}"), 200)["items"]

        assert [item["id"] for item in found] == [issued["id"]]

    @pytest.mark.parametrize("plate", ["苏H12345", "苏h·12345", "苏H1234挂"])
    def test_a_plate_is_found_as_people_write_it(self, bay: Bay, plate: str) -> None:
        issued = bay.issued()

        found = answer(bay.get(f"/waybills?plate={plate}"), 200)["items"]

        assert [item["id"] for item in found] == [issued["id"]]

    def test_a_number_is_found(self, bay: Bay) -> None:
        bay.issued()
        wanted = bay.issued()

        found = answer(bay.get(f"/waybills?number={wanted['number']}"), 200)["items"]

        assert [item["number"] for item in found] == [wanted["number"]]

    def test_pages_go_on_from_a_key(self, bay: Bay) -> None:
        made = [bay.drafted()["summary"]["id"] for _ in range(3)]

        first = answer(bay.get("/waybills?limit=2", Role.CARRIER), 200)
        cursor = first["next_cursor"]
        second = answer(bay.get(f"/waybills?limit=2&cursor={cursor}", Role.CARRIER), 200)

        seen = [item["id"] for page in (first, second) for item in page["items"]]
        assert (seen, second["next_cursor"]) == (made[::-1], None)

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("status=lost", "/status"),
            ("plate=12345", "/plate"),
            ("facility=1", "/facility"),
            ("planned=2026-11-31", "/planned"),
            ("planned=9999-12-31", "/planned"),
            ("limit=0", "/limit"),
            ("cursor=x", "/cursor"),
            ("color=red", "/color"),
        ],
    )
    def test_a_query_that_cannot_be_read_is_refused(
        self, bay: Bay, query: str, pointer: str
    ) -> None:
        status, _, errors = problem(bay.get(f"/waybills?{query}"))

        assert (status, [where for where, _ in errors]) == (422, [pointer])


def test_a_waybill_that_is_not_there_is_not_found(bay: Bay) -> None:
    assert problem(bay.get(f"/waybills/{new_id()}", Role.CARRIER)) == (404, "not-found", [])


def test_an_installation_without_a_key_signs_nothing(
    bay: Bay, database: Session, clock: FixedClock
) -> None:
    waybill_id = bay.drafted()["summary"]["id"]
    revoke_signing_key(database, None, signing_key().kid, reason="泄露", clock=clock)
    database.commit()

    refused = bay.post(f"/waybills/{waybill_id}/issue", {}, Role.CARRIER, If_Match='"1"')

    assert problem(refused) == (409, "wrong-state", [])


def test_the_longest_waybill_still_fits_into_its_code(bay: Bay) -> None:
    keys = [entry.key for entry in catalogue(local_date(PLANNED)).entries if len(entry.key) > 4]
    goods = tuple(
        DraftGoods(
            entry_key=key, quantity_kg=Decimal("28499.999"), mode=CarriageMode.PACKAGES, packages=7
        )
        for key in keys[:32]
    )

    issued = bay.issued(bay.line.yard.draft(goods=goods))

    assert bay.get(f"/waybills/{issued['id']}/qr.svg", Role.CARRIER).status_code == 200
    assert bay.opened(issued["qr_text"])
