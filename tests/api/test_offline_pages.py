"""A record without network on the pages: both sides, for those who must see them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD
from tests.harness.bay import Bay
from tests.harness.offline_tablet import Tablet
from tests.harness.trips import change_row
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.registry.kinds import RecordStatus
from waybill.storage.registry import VehicleRow

HTML = {"Accept": "text/html", "Accept-Language": "zh"}


@pytest.fixture
def contradicted(
    bay: Bay, runtime: Runtime, clock: FixedClock, database: Session
) -> dict[str, str]:
    """A record that the server does not confirm, because the vehicle was suspended."""
    clock.advance(-timedelta(hours=2))
    waybill = bay.issued()
    clock.advance(timedelta(hours=2))
    tablet = Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()
    change_row(database, VehicleRow, bay.line.yard.vehicle_id, status=RecordStatus.SUSPENDED)
    database.commit()
    told = tablet.sent(tablet.record(waybill["qr_text"]))
    return {**told, "waybill_id": waybill["id"]}


def page(client: FlaskClient, bay: Bay, path: str, role: Role) -> str:
    """Return a page as an account sees it."""
    response = client.get(path, headers={**bay.headers(role), **HTML})
    if response.status_code != 200:
        raise AssertionError(response.get_data(as_text=True))
    return response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        pytest.param("/cases/{case_id}", Role.AUDITOR, id="the case"),
        pytest.param("/waybills/{waybill_id}/story", Role.AUDITOR, id="the story"),
        pytest.param("/waybills/{waybill_id}", Role.LOADER, id="the waybill"),
        pytest.param("/bay/checks/{check_id}", Role.LOADER, id="the check"),
    ],
)
def test_both_sides_stand_beside_each_other(
    client: FlaskClient, bay: Bay, contradicted: dict[str, str], path: str, role: Role
) -> None:
    shown = page(client, bay, path.format(**contradicted), role)

    assert contradicted["number"] in shown
    assert "平板（离线）" in shown
    assert "服务器的判定与平板不同。" in shown
    assert "<code>VEH-01.tractor</code>" in shown
    assert PASSWORD not in shown
