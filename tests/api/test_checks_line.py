"""The clean trip over HTTP, from the draft to the loading record."""

from tests.harness.bay import Bay, standing


def test_a_clean_trip_is_cleared_and_released(bay: Bay) -> None:
    issued = bay.issued()
    check_id = bay.opened(issued["qr_text"])

    last = bay.show_everything(check_id)
    decision = bay.decide(check_id)
    release = bay.release(check_id)

    assert last["would_clear"], standing(decision["verdict"])
    assert (decision["cleared"], standing(decision["verdict"])) == (True, [])
    assert (release["released"], standing(release["verdict"])) == (True, [])
    waybill = bay.get(f"/waybills/{issued['id']}", "carrier").get_json()
    assert waybill["summary"]["status"] == "released"
