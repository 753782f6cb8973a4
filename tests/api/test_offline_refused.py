"""Records of tablets and people who may not act, and photos that come later."""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay
from tests.harness.offline_tablet import Tablet
from waybill.clock import FixedClock
from waybill.codec import b64url_decode, new_id, parse_json
from waybill.registry.devices import DeviceStatus
from waybill.storage.base import Base
from waybill.storage.devices import BaySessionRow, DeviceRow
from waybill.storage.offline import OfflinePhotoRow, OfflineRecordRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.session import write_session
from waybill.storage.waybills import LoadingCheckRow, WaybillRow

HOUR = timedelta(hours=1)


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant with a supervisor signed on."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


@pytest.fixture
def waybill(bay: Bay, clock: FixedClock) -> dict[str, Any]:
    """A waybill that was signed two hours before now."""
    clock.advance(-2 * HOUR)
    made = bay.issued()
    clock.advance(2 * HOUR)
    return made


def status(database: Session, waybill: dict[str, Any]) -> str:
    """Return where a waybill is in its life."""
    found = database.scalars(
        select(WaybillRow.status).where(WaybillRow.number == waybill["number"])
    )
    return found.one().value


def count(database: Session, row: type[Base]) -> int:
    """Return how many rows a table has."""
    return database.scalar(select(func.count()).select_from(row)) or 0


class TestRefused:
    """Device or person may not act: kept as evidence alone."""

    def test_a_revoked_tablet(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        with write_session(tablet.sessions) as session:
            session.execute(
                update(DeviceRow)
                .where(DeviceRow.id == tablet.id)
                .values(status=DeviceStatus.REVOKED, revoked_at=tablet.now)
            )

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert (told["state"], told["check_id"]) == ("refused", None)
        assert "device-revoked" in told["problems"]
        assert (count(database, OfflineRecordRow), count(database, LoadingCheckRow)) == (1, 0)
        assert told["case_id"] is not None

    def test_the_last_record_of_a_revoked_tablet_keeps_what_became_of_the_load(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        with write_session(tablet.sessions) as session:
            session.execute(
                update(DeviceRow)
                .where(DeviceRow.id == tablet.id)
                .values(status=DeviceStatus.REVOKED, revoked_at=tablet.now)
            )
        record = tablet.record(waybill["qr_text"], decision=None, decided_at=None)
        abort = {"type": "abort", "id": str(new_id()), "at": record["made_at"], "reason": "泵故障"}
        record |= {"evidence": [*record["evidence"], abort], "loading": bay.loading()}

        told = tablet.sent(record)

        assert (told["state"], told["case_id"]) == ("refused", None)
        row = database.scalars(select(OfflineRecordRow)).one()
        kept = parse_json(b64url_decode(row.sent.split(".")[1]))
        assert isinstance(kept, dict)
        assert (kept["evidence"][-1], kept["loading"]) == (abort, bay.loading())

    def test_what_is_older_than_its_enrolment_is_cleared_by_no_tablet(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        with write_session(tablet.sessions) as session:
            session.execute(
                update(DeviceRow).where(DeviceRow.id == tablet.id).values(enrolled_at=tablet.now)
            )

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert (told["state"], told["problems"][:1]) == ("contradicted", ["clock-contradicted"])
        assert told["case_id"] is not None
        assert status(database, waybill) == "issued"

    def test_a_sign_on_that_was_over_after_its_twelve_hours(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        signed_on = database.get_one(BaySessionRow, tablet.session_id)
        signed_on.started_at = tablet.now - 14 * HOUR
        database.commit()

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert (told["state"], told["problems"]) == ("contradicted", ["session-unknown"])
        assert told["case_id"] is not None
        assert status(database, waybill) == "issued"

    def test_a_person_whom_nobody_knows(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        told = tablet.sent(tablet.record(waybill["qr_text"], person=str(new_id())))

        assert (told["state"], "person-unknown" in told["problems"]) == ("refused", True)
        assert status(database, waybill) == "issued"

    def test_a_signature_of_another_key(self, tablet: Tablet, waybill: dict[str, Any]) -> None:
        other = Tablet(bay=tablet.bay, sessions=tablet.sessions, settings=tablet.settings)
        other.id = tablet.id

        told = other.sent(other.record(waybill["qr_text"]), 422)

        assert [each["code"] for each in told["errors"]] == ["bad-signature"]

    def test_a_tablet_that_was_never_enrolled(
        self, bay: Bay, runtime: Runtime, waybill: dict[str, Any]
    ) -> None:
        stranger = Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings)

        told = stranger.sent(stranger.record(waybill["qr_text"]), 401)

        assert told["code"] == "device-unknown"


class TestPhotos:
    """A photo that a record names comes later, and once."""

    def test_it_is_kept_for_the_check(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        written = BytesIO()
        Image.new("RGB", (64, 48), "orange").save(written, "JPEG")
        content = written.getvalue()
        sha256 = hashlib.sha256(content).hexdigest()
        record = tablet.record(waybill["qr_text"])
        photo = {"type": "photo", "shows": "front_plate", "sha256": sha256}
        record["evidence"].append({"id": str(new_id()), "at": record["opened_at"], **photo})
        tablet.sent(record)

        answers = [
            tablet.bay.client.put(
                f"{API}/tablet/photos/{sha256}", data=content, headers=tablet.assertion()
            )
            for _ in range(2)
        ]

        assert [each.status_code for each in answers] == [200, 200]
        assert count(database, OfflinePhotoRow) == 1
        assert count(database, CheckPhotoRow) == 1
