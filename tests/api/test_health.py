"""Health, metrics, and what the factory of the application sets up."""

from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from api import create_app
from api.auth import accepts_uploads, public
from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import Accounts
from tests.harness.sequenced_log import sequencer
from waybill.clock import FixedClock
from waybill.services.log.health import LOOK_AGAIN_AFTER
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import LogCheckpointRow


def test_a_migrated_database_without_backlog_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "status": "ready",
            "database": True,
            "migrated": True,
            "log_holds": True,
            "log_size": 0,
            "log_pending": 0,
            "log_lag_s": 0,
        },
    )


def test_the_lag_of_the_log_is_told(
    client: FlaskClient, database: Session, clock: FixedClock, accounts: Accounts
) -> None:
    kind, actor = EventKind.USER_CHANGED, accounts.actor("admin")
    record_event(database, Event(kind=kind, at=clock.now(), actor=actor))
    database.commit()
    clock.advance(clock.now() - clock.now().replace(minute=0))

    told = client.get("/readyz").get_json()

    assert (told["log_pending"], told["log_lag_s"]) == (1, 300)
    assert "waybill_log_pending_events 1.0" in client.get("/metrics").get_data(as_text=True)


def test_a_log_that_does_not_hold_is_told_and_the_server_is_not_ready(
    client: FlaskClient, runtime: Runtime, database: Session, clock: FixedClock
) -> None:
    log = sequencer(runtime.sessions, runtime.settings.key_dir, clock)
    log.all()
    before = client.get("/readyz")
    other = LogCheckpointRow(
        epoch=0, size=2, recorded_at=clock.now(), root=bytes(32), note=b"not a note"
    )
    database.add(other)
    database.commit()
    clock.advance(LOOK_AGAIN_AFTER)

    after = client.get("/readyz")

    assert (before.status_code, before.get_json()["log_size"]) == (200, 1)
    assert (after.status_code, after.get_json()["log_holds"]) == (503, False)
    told = client.get("/metrics").get_data(as_text=True)
    assert "waybill_log_mismatch 1.0" in told
    assert "waybill_log_size 2.0" in told
    assert "waybill_log_checkpoint_age_seconds 5.0" in told
    assert "waybill_log_stray_events 0.0" in told


def test_a_database_that_confirms_no_commit_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.health.confirms_commits", lambda _: False)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["writable"]) == (503, False)


def test_a_database_without_tables_is_not_ready(
    empty_database_url: str, settings: Settings, clock: FixedClock
) -> None:
    made = create_app(replace(settings, database_url=empty_database_url), clock=clock)

    answer = made.test_client().get("/readyz")

    runtime: Runtime = made.extensions[EXTENSION]
    runtime.engine.dispose()
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unavailable")
    assert made.test_client().get("/healthz").get_json() == {"status": "alive"}


def test_metrics_count_requests_by_route_and_not_by_address(client: FlaskClient) -> None:
    client.get("/api/v1/users/019ac0de-0000-7000-8000-000000000001")

    text = client.get("/metrics").get_data(as_text=True)

    assert 'endpoint="users.get_user",method="GET",status="401"' in text
    assert "019ac0de" not in text


def with_route(settings: Settings) -> Flask:
    """Return an application with two routes that tell what they got."""
    made = create_app(settings)

    @public("a test's")
    def told() -> dict[str, object]:
        return {"address": request.remote_addr, "bytes": len(request.get_data())}

    made.add_url_rule("/api/told", view_func=told, methods=["GET", "POST"])
    made.add_url_rule("/api/uploaded", endpoint="uploaded", view_func=uploaded, methods=["POST"])
    return made


@public("a test's")
@accepts_uploads
def uploaded() -> dict[str, object]:
    return {"bytes": len(request.get_data())}


@pytest.mark.parametrize(
    ("proxies", "address"),
    [
        pytest.param(0, "127.0.0.1", id="nobody is believed"),
        pytest.param(1, "10.0.0.2", id="the nearest proxy is believed"),
        pytest.param(2, "10.0.0.1", id="two proxies are believed"),
    ],
)
def test_a_proxy_is_believed_only_as_far_as_it_is_trusted(
    settings: Settings, proxies: int, address: str
) -> None:
    client = with_route(replace(settings, trusted_proxies=proxies)).test_client()

    answer = client.get("/api/told", headers={"X-Forwarded-For": "10.0.0.1, 10.0.0.2"})

    assert answer.get_json()["address"] == address


def test_only_a_route_for_uploads_takes_a_long_body(settings: Settings) -> None:
    client = with_route(settings).test_client()
    body = b"x" * (settings.max_body_bytes + 1)

    ordinary = client.post("/api/told", data=body)
    upload = client.post("/api/uploaded", data=body)
    beyond = client.post("/api/uploaded", data=b"x" * (settings.max_upload_bytes + 1))

    assert (ordinary.status_code, upload.status_code, beyond.status_code) == (413, 200, 413)


def test_over_tls_the_browser_is_told_to_stay_there(settings: Settings) -> None:
    made = create_app(replace(settings, public_url="https://waybill.example"))

    headers = made.test_client().get("/healthz").headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000"
