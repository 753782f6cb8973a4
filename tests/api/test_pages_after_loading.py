"""Pages after a decision: release code, slip, abort, consent."""

import pytest

from tests.harness.bay import Bay
from waybill.registry.access import Role


def page(bay: Bay, path: str, role: Role = Role.LOADER) -> str:
    response = bay.client.get(f"/bay/checks/{path}", headers=bay.headers(role))
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_the_verdict_of_a_release_leads_to_code_and_slip(bay: Bay) -> None:
    issued, check_id = bay.released()

    verdict = page(bay, f"{check_id}/verdict")
    code = page(bay, f"{check_id}/release-code")

    assert f"/bay/checks/{check_id}/release-code" in verdict
    assert f"/bay/checks/{check_id}/slip.pdf" in verdict
    assert issued["number"] in code
    assert "<svg" in code


def test_the_carrier_sees_the_code_of_its_own_release(bay: Bay) -> None:
    _, check_id = bay.released()

    assert "<svg" in page(bay, f"{check_id}/release-code", Role.CARRIER)


def test_the_carrier_finds_the_code_on_its_waybill_and_the_way_back(bay: Bay) -> None:
    issued, check_id = bay.cleared()
    waybill, code = f"/waybills/{issued['id']}", f"/bay/checks/{check_id}/release-code"
    carrier = bay.headers(Role.CARRIER)
    assert code not in bay.client.get(waybill, headers=carrier).get_data(as_text=True)

    bay.release(check_id)

    assert code in bay.client.get(waybill, headers=carrier).get_data(as_text=True)
    assert f'href="{waybill}"' in page(bay, f"{check_id}/release-code", Role.CARRIER)


def test_the_slip_is_a_pdf(bay: Bay) -> None:
    _, check_id = bay.cleared()

    response = bay.client.get(f"/bay/checks/{check_id}/slip.pdf", headers=bay.headers(Role.LOADER))

    assert (response.mimetype, response.get_data()[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("stage", ["open", "cleared"])
def test_a_check_that_goes_on_can_be_aborted(bay: Bay, stage: str) -> None:
    check_id = bay.cleared()[1] if stage == "cleared" else bay.opened(bay.issued()["qr_text"])

    assert f"/bay/checks/{check_id}/abort" in page(bay, check_id)
    assert 'name="aboard"' in page(bay, f"{check_id}/abort")


def test_an_aborted_check_says_so(bay: Bay) -> None:
    _, check_id = bay.cleared()
    bay.post(f"/checks/{check_id}/abort", {"reason": "雷暴天气，停止作业"})

    assert "已中止" in page(bay, check_id)


def test_the_supervisor_alone_is_asked_for_consent(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])

    assert f"/bay/checks/{check_id}/consent" in page(bay, check_id, Role.SUPERVISOR)
    assert f"/bay/checks/{check_id}/consent" not in page(bay, check_id)


def test_the_release_form_asks_why_less_went_in(bay: Bay) -> None:
    _, check_id = bay.cleared()

    assert 'name="lines-1-short_reason"' in page(bay, f"{check_id}/release")
