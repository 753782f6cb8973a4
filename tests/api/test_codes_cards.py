"""Cards over HTTP: signed for their owner, believed at the bay, refused once revoked."""

import pytest

from tests.harness.bay import API, Bay, answer, problem
from tests.harness.line import Line
from tests.harness.yard_rows import DRIVER, SUPERVISOR, TANK_NUMBER, TRACTOR_PLATE, TRAILER_PLATE
from waybill.registry.access import Role
from waybill.registry.kinds import CertificateKind


def card(bay: Bay, path: str, role: Role | str = Role.CARRIER) -> dict[str, object]:
    """Fetch a card."""
    return answer(bay.get(path, role), 200)


def paths(line: Line) -> dict[str, str]:
    """Return the address of each kind of card."""
    yard = line.yard
    return {
        "vehicle": f"/vehicles/{yard.vehicle_id}/card",
        "trailer": f"/vehicles/{yard.trailer_id}/card",
        "tank": f"/tanks/{yard.tank_id}/card",
        "driver": f"/people/{yard.driver_id}/card?role=driver",
    }


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("vehicle", TRACTOR_PLATE),
        ("trailer", TRAILER_PLATE),
        ("tank", TANK_NUMBER),
        ("driver", f"d_{DRIVER}"),
    ],
)
def test_a_card_names_its_subject_and_is_read_back(bay: Bay, kind: str, subject: str) -> None:
    made = card(bay, paths(bay.line)[kind])

    read = answer(bay.post("/codes/read", {"text": made["qr_text"]}), 200)

    assert (made["kind"], made["subject"], made["card_version"]) == (kind, subject, 1)
    assert (read["kind"], read["subject"], read["held"], read["problem"]) == (
        kind,
        subject,
        True,
        "",
    )


def test_a_supervisors_card_shows_the_supervisor_present(bay: Bay) -> None:
    path = f"/people/{bay.line.yard.supervisor_id}/card?role=supervisor"
    text = card(bay, path, Role.SUPERVISOR)["qr_text"]
    check_id = bay.opened(bay.issued()["qr_text"])

    added = bay.scan(check_id, str(text), expected="supervisor")

    assert (added["outcome"], added["item"]["subject"]) == ("passed", f"s_{SUPERVISOR}")
    states = {step["kind"]: step["state"] for step in added["steps"]}
    assert states["supervisor"] == "passed"


def test_a_revoked_card_is_superseded_at_the_bay(bay: Bay) -> None:
    old = str(card(bay, paths(bay.line)["vehicle"])["qr_text"])
    check_id = bay.opened(bay.issued()["qr_text"])
    path = f"/vehicles/{bay.line.yard.vehicle_id}/card/revoke"

    revoked = bay.post(path, {"reason": "卡片遗失"}, Role.CARRIER, If_Match='"1"')

    assert (revoked.status_code, revoked.headers["ETag"]) == (200, '"2"')
    refused = bay.scan(check_id, old)
    assert refused["outcome"] == "failed"
    reasons = {finding["code"]: finding["reason"] for finding in refused["findings"]}
    assert reasons["DOC-02.tractor"] == "card_superseded"
    new = card(bay, paths(bay.line)["vehicle"])
    assert new["card_version"] == 2
    assert bay.scan(check_id, str(new["qr_text"]))["outcome"] == "passed"


def test_a_superseded_supervisors_card_shows_nobody(bay: Bay) -> None:
    yard = bay.line.yard
    old = str(
        card(bay, f"/people/{yard.supervisor_id}/card?role=supervisor", "supervisor")["qr_text"]
    )
    path = f"/people/{yard.supervisor_id}/card/revoke"
    bay.post(path, {"reason": "卡片遗失"}, Role.SUPERVISOR, If_Match='"1"')
    check_id = bay.opened(bay.issued()["qr_text"])

    added = bay.scan(check_id, old)

    assert (added["outcome"], added["problem"]) == ("failed", "card-superseded")
    states = {step["kind"]: step["state"] for step in added["steps"]}
    assert states["supervisor"] == "missing"


def test_another_carriers_vehicle_has_no_card(bay: Bay) -> None:
    refused = bay.get(paths(bay.line)["vehicle"], "other-carrier")

    assert problem(refused) == (404, "not-found", [])


def test_a_loader_makes_no_cards(bay: Bay) -> None:
    assert bay.get(paths(bay.line)["vehicle"], Role.LOADER).status_code == 403


def test_a_suspended_vehicle_gets_no_card(bay: Bay) -> None:
    path = f"/vehicles/{bay.line.yard.vehicle_id}/status"
    body = {"status": "suspended", "reason": "年检未通过"}
    headers = {**bay.headers(Role.CARRIER), "If-Match": '"1"'}
    answer(bay.client.put(f"{API}{path}", json=body, headers=headers), 200)

    assert problem(bay.get(paths(bay.line)["vehicle"], Role.CARRIER)) == (409, "wrong-state", [])


def test_a_driver_has_no_escorts_card(bay: Bay) -> None:
    refused = bay.get(f"/people/{bay.line.yard.driver_id}/card?role=escort", Role.CARRIER)

    assert problem(refused) == (422, "invalid-field", [("/role", "other-work")])


def test_a_card_is_drawn(bay: Bay) -> None:
    svg = bay.get(f"/tanks/{bay.line.yard.tank_id}/card.svg?level=Q", Role.CARRIER)
    png = bay.get(f"/people/{bay.line.yard.driver_id}/card.png?role=driver&scale=5", Role.CARRIER)

    assert (svg.mimetype, svg.data[:4]) == ("image/svg+xml", b"<svg")
    assert (png.mimetype, png.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_every_card_is_an_entry_of_the_log(bay: Bay) -> None:
    card(bay, paths(bay.line)["vehicle"])

    events = answer(bay.get("/events?kind=card-issued", Role.AUDITOR), 200)["items"]

    assert [(e["body"]["data"]["kind"], e["body"]["data"]["subject"]) for e in events] == [
        ("vehicle", TRACTOR_PLATE)
    ]


def test_a_card_of_a_certificate_carries_its_version(bay: Bay) -> None:
    listed = answer(
        bay.get(f"/certificates?subject={bay.line.yard.vehicle_id}", Role.CARRIER), 200
    )["items"]
    licence = next(c for c in listed if c["kind"] == CertificateKind.VEHICLE_LICENCE.value)

    made = card(bay, f"/certificates/{licence['id']}/card")

    assert (made["kind"], made["subject"], made["card_version"]) == ("document", licence["id"], 1)
