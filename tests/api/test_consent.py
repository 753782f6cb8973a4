"""The supervisor's consent as a step: by an own account, given last, asked where the plant asks."""

import pytest
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer, problem
from tests.harness.trips import change_row
from waybill.registry.access import Role
from waybill.storage.registry import FacilityRow


@pytest.fixture
def asked(bay: Bay, database: Session) -> Bay:
    """A facility where the supervisor must agree."""
    change_row(database, FacilityRow, bay.line.yard.facility_id, supervisor_consents=True)
    database.commit()
    return bay


def ready(bay: Bay) -> str:
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.show_everything(check_id)
    return check_id


def consent(bay: Bay, check_id: str, *, given: bool = True) -> dict[str, object]:
    path = f"/checks/{check_id}/consent"
    return answer(bay.post(path, {"given": given}, Role.SUPERVISOR), 201)


def refusal(bay: Bay, check_id: str) -> str:
    refused = bay.post(f"/checks/{check_id}/decision", None)
    assert refused.status_code == 409
    state: str = refused.get_json()["state"]
    return state


def test_nothing_is_cleared_without_it(asked: Bay) -> None:
    assert refusal(asked, ready(asked)) == "consent-missing"


def test_with_it_the_load_is_cleared(asked: Bay) -> None:
    check_id = ready(asked)

    given = consent(asked, check_id)

    assert str(given["reference"]).startswith("s_")
    assert asked.decide(check_id)["cleared"]


def test_where_it_is_not_asked_for_nobody_waits_for_it(bay: Bay) -> None:
    assert bay.decide(ready(bay))["cleared"]


def test_what_is_added_afterwards_asks_for_it_again(asked: Bay) -> None:
    check_id = ready(asked)
    consent(asked, check_id)
    asked.find_present(check_id, "escort")

    assert refusal(asked, check_id) == "consent-outdated"
    consent(asked, check_id)
    assert asked.decide(check_id)["cleared"]


def test_a_refusal_asks_for_it_again(asked: Bay) -> None:
    check_id = ready(asked)
    asked.see_plate(check_id, "tractor", "苏H99999")
    consent(asked, check_id)
    refused = asked.decide(check_id)
    asked.see_plate(check_id, "tractor", "苏H12345")

    assert not refused["cleared"]
    assert refusal(asked, check_id) == "consent-outdated"


def test_a_refusal_is_recorded_without_it(asked: Bay) -> None:
    check_id = asked.opened(asked.issued()["qr_text"])

    assert not asked.decide(check_id)["cleared"]


@pytest.mark.parametrize("asks", [True, False], ids=["asked for", "not asked for"])
def test_a_supervisor_who_says_no_is_heeded_everywhere(
    bay: Bay, database: Session, *, asks: bool
) -> None:
    change_row(database, FacilityRow, bay.line.yard.facility_id, supervisor_consents=asks)
    database.commit()
    check_id = ready(bay)
    consent(bay, check_id, given=False)
    bay.find_present(check_id, "supervisor", by=Role.SUPERVISOR)

    assert refusal(bay, check_id) == "consent-refused"


def test_a_loader_does_not_give_it(asked: Bay) -> None:
    refused = asked.post(f"/checks/{ready(asked)}/consent", {"given": True})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")


def test_a_facility_asks_for_it_and_an_update_that_says_nothing_leaves_it(bay: Bay) -> None:
    path = f"/facilities/{bay.line.yard.facility_id}"
    before = bay.get(path, Role.SUPERVISOR)
    body = {name: before.get_json()[name] for name in ("name", "area_code", "address")}

    def put(etag: str, **more: object) -> tuple[str, bool]:
        response = bay.client.put(
            f"/api/v1{path}",
            json={**body, **more},
            headers={**bay.headers(Role.SUPERVISOR), "If-Match": etag},
        )
        return response.headers["ETag"], answer(response, 200)["supervisor_consents"]

    etag, on = put(before.headers["ETag"], supervisor_consents=True)
    _, still_on = put(etag)
    assert (before.get_json()["supervisor_consents"], on, still_on) == (False, True, True)
    assert problem(bay.post(f"/checks/{ready(bay)}/decision", None))[0] == 409
