"""A photograph's page: restricted within the legal year, shown for a legal purpose, then gone."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, SignIn
from tests.harness.line import Line
from tests.harness.page_user import PageUser
from waybill.clock import FixedClock
from waybill.rules.evidence import Photo
from waybill.storage.log import LogEntryRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.session import write_session

SHA = "0" * 64


@pytest.fixture
def check_id(runtime: Runtime, line: Line) -> UUID:
    """A check with a photograph that the log has."""
    with write_session(runtime.sessions) as session:
        _, made = line.cleared(session)
        photo = Photo(content=b"JPEG", media_type="image/jpeg", sha256=SHA)
        line.photograph(session, made, "seals", photo)
        event_id = session.scalars(select(CheckPhotoRow.event_id)).one()
        session.add(LogEntryRow(index=0, event_id=event_id))
    return made


@pytest.fixture
def senior(app: Flask, check_id: UUID) -> PageUser:
    """A senior auditor before the photograph's page."""
    user = PageUser(client=app.test_client()).sign_in("senior-auditor", PASSWORD)
    return user.open(f"/personal/photos/{check_id}/{SHA}")


def test_the_page_restricts_shows_for_a_purpose_and_then_erases(
    senior: PageUser, check_id: UUID, client: FlaskClient, sign_in: SignIn, clock: FixedClock
) -> None:
    page, picture = senior.address, f"/api/v1/checks/{check_id}/photos/{SHA}"
    before = client.get(picture, headers=sign_in("loader")).status_code

    senior.send(f"{page}/erasure", {"reason": "照片中有路人"})
    restricted = (senior.address, "2027-11-22" in senior.text, "限制处理至" in senior.text)
    hidden = client.get(picture, headers=sign_in("loader"))
    senior.send(f"{page}/disclosure", {"reason": "调取", "purpose": ""})
    asked = senior.status
    senior.send(f"{page}/disclosure", {"reason": "法院调取", "purpose": "court"})
    shown = senior.html
    clock.advance(timedelta(days=366))
    senior.sign_in("senior-auditor", PASSWORD).open(page).send(
        f"{page}/erasure", {"reason": "期满"}
    )

    assert before == 200
    assert restricted == (page, True, True)
    assert (hidden.status_code, hidden.get_json()["code"]) == (409, "wrong-state")
    assert (asked, shown) == (422, "JPEG")
    assert "照片已删除，只留下摘要" in senior.text
    assert client.get(picture, headers=sign_in("loader")).status_code == 409


def test_who_does_not_decide_about_erasure_is_kept_out(app: Flask, check_id: UUID) -> None:
    auditor = PageUser(client=app.test_client()).sign_in("auditor", PASSWORD)

    assert auditor.open(f"/personal/photos/{check_id}/{SHA}").status == 403


def test_the_api_answers_what_became_of_it(
    client: FlaskClient, sign_in: SignIn, check_id: UUID
) -> None:
    path = f"/api/v1/checks/{check_id}/photos/{SHA}"

    made = client.post(
        f"{path}/erasure", json={"reason": "照片中有路人"}, headers=sign_in("senior-auditor")
    )
    seen = client.post(
        f"{path}/disclosures",
        json={"reason": "法院调取", "purpose": "court"},
        headers=sign_in("senior-auditor"),
    )

    assert (made.status_code, made.get_json()) == (
        201,
        {"state": "restricted", "until": "2027-11-22"},
    )
    assert (seen.status_code, seen.mimetype, seen.data) == (200, "image/jpeg", b"JPEG")
