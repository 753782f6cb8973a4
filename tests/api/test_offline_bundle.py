"""What a tablet keeps for work without network, and that it may decide by it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.runtime import Runtime
from scanners.kept import Arrival, Bundle
from tests.harness.bay import API, Bay
from tests.harness.offline_tablet import Tablet
from tests.harness.trips import change_row
from waybill.clock import FixedClock
from waybill.registry.kinds import RecordStatus
from waybill.services.offline.bundle_ids import bundle_made_at
from waybill.storage.registry import VehicleRow


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


def fetch(tablet: Tablet, **headers: str) -> TestResponse:
    """Fetch the bundle."""
    sent = {**tablet.assertion(), **{name.replace("_", "-"): v for name, v in headers.items()}}
    return tablet.bay.client.get(f"{API}/tablet/bundle", headers=sent)


def fetched(tablet: Tablet) -> dict[str, Any]:
    """Return the bundle."""
    response = fetch(tablet)
    if response.status_code != 200:
        raise AssertionError(response.get_data(as_text=True))
    body: dict[str, Any] = response.get_json()
    return body


def test_an_arrival_is_pre_cleared_but_for_what_the_bay_shows(bay: Bay, tablet: Tablet) -> None:
    waybill = bay.issued()

    (arrival,) = fetched(tablet)["arrivals"]

    found = arrival["preclearance"]
    assert (arrival["waybill_id"], arrival["text"]) == (waybill["id"], waybill["qr_text"])
    assert (found["would_clear"], arrival["readiness"]) == (True, "passed")
    assert {"DOC-02.tractor", "VEH-05.tractor", "HAND-01.orange_plates"} <= set(found["open_codes"])


def test_a_suspended_vehicle_is_not_pre_cleared(
    bay: Bay, tablet: Tablet, database: Session
) -> None:
    bay.issued()
    change_row(database, VehicleRow, bay.line.yard.vehicle_id, status=RecordStatus.SUSPENDED)
    database.commit()

    (arrival,) = fetched(tablet)["arrivals"]

    assert (arrival["preclearance"]["would_clear"], arrival["readiness"]) == (False, "failed")
    assert "VEH-01.tractor" in {each["code"] for each in arrival["preclearance"]["findings"]}


def test_it_is_good_for_the_day_of_loading_at_most(bay: Bay, tablet: Tablet) -> None:
    bay.issued()

    made = fetched(tablet)

    (arrival,) = made["arrivals"]
    assert (made["made_at"], made["good_until"], made["trust"]["good_until"]) == (
        "2026-11-22T06:05:00.000Z",
        "2026-11-22T18:05:00.000Z",
        "2026-11-23T06:05:00.000Z",
    )
    assert arrival["preclearance"]["good_until"] == "2026-11-22T15:59:59.999Z"


def test_it_is_what_the_offline_decision_reads(bay: Bay, tablet: Tablet) -> None:
    bay.issued()

    made = fetched(tablet)

    kept = msgspec.convert(made, Bundle)
    (arrival,) = msgspec.convert(made["arrivals"], list[Arrival])
    assert arrival.expected.tank is not None
    assert [each.subject[:2] for each in kept.supervisors] == ["s_"]


def test_it_names_nobody(bay: Bay, tablet: Tablet) -> None:
    bay.issued()

    text = fetch(tablet).get_data(as_text=True)

    assert "张" not in text
    assert "138" + "0000" not in text


def test_its_id_says_when_it_was_made_and_for_whom(bay: Bay, tablet: Tablet) -> None:
    made = fetched(tablet)

    secret = tablet.settings.secret_key
    assert bundle_made_at(secret, tablet.id, made["id"]) == tablet.now
    assert bundle_made_at(secret, bay.line.yard.facility_id, made["id"]) is None
    assert bundle_made_at("x" * 40, tablet.id, made["id"]) is None
    assert bundle_made_at(secret, tablet.id, "no-id") is None


def test_it_is_not_sent_again_within_ten_minutes_while_it_says_the_same(
    tablet: Tablet, clock: FixedClock
) -> None:
    tag = fetch(tablet).headers["ETag"]
    clock.advance(timedelta(minutes=1))
    soon = fetch(tablet, If_None_Match=tag)
    clock.advance(timedelta(minutes=20))
    later = fetch(tablet, If_None_Match=tag)

    assert (soon.status_code, later.status_code) == (304, 200)


def test_who_shows_no_tablet_gets_nothing(bay: Bay) -> None:
    assert bay.client.get(f"{API}/tablet/bundle").status_code == 401
