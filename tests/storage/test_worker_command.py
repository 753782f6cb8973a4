"""`waybill worker` over a database: one round, waiting for the lock, and its end."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert

from api.cli import main
from api.cli.worker import work
from waybill.codec import b64url_encode
from waybill.settings import Settings
from waybill.storage.log import LogCheckpointRow
from waybill.worker import Worker, leadership


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an installation, which the environment holds."""
    made = {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(bytes(range(32))),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(bytes(range(32, 64))),
        "WAYBILL_KEY_DIR": str(tmp_path / "keys"),
        "WAYBILL_EDITIONS_DIR": str(tmp_path / "editions"),
        "WAYBILL_EXPORTS_DIR": str(tmp_path / "exports"),
    }
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env(made)


@pytest.mark.usefixtures("settings")
def test_one_round_tells_what_was_done() -> None:
    result = CliRunner().invoke(main, ["worker", "--once"])

    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "log: 1",
            "pre-clearance: 0",
            "measures: 0",
            "statistics: 1",
            "patterns: 0",
            "retention: 0",
            "reports: 0",
            "daily-totals: 0",
            "exports: 0",
        ],
    )


@pytest.mark.usefixtures("settings")
def test_one_round_is_refused_while_another_leads(committing_engine: Engine) -> None:
    with leadership(committing_engine) as leads:
        result = CliRunner().invoke(main, ["worker", "--once"])

    assert (leads, result.exit_code) == (True, 1)
    assert "another worker of this installation is at work" in result.output


def test_it_works_until_it_is_told_to_stop(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, rounds = threading.Event(), []

    def work_once(_: Worker, *, wait: bool) -> dict[str, int]:
        assert not wait
        rounds.append(1)
        stop.set()
        return {}

    monkeypatch.setattr(Worker, "round", work_once)

    work(settings, stop, alone=lambda: False)

    assert rounds == [1]


@pytest.fixture
def forked(settings: Settings, committing_engine: Engine) -> Settings:
    """An installation whose log says something else than what was entered."""
    CliRunner().invoke(main, ["worker", "--once"])
    with committing_engine.begin() as connection:
        connection.execute(
            insert(LogCheckpointRow).values(
                epoch=0,
                size=2,
                recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
                root=bytes(32),
                note=b"no note",
            )
        )
    return settings


@pytest.mark.usefixtures("forked")
def test_a_log_that_does_not_hold_is_not_added_to_and_the_exit_says_so() -> None:
    result = CliRunner().invoke(main, ["worker", "--once"])

    assert (result.exit_code, "the checkpoint of size 2" in result.output) == (3, True)


def test_the_worker_ends_when_the_log_does_not_hold(
    forked: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    added = work(forked, threading.Event(), alone=lambda: False)

    critical = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert added is False
    assert ["THE LOG IS NOT ADDED TO" in line for line in critical] == [True]


def test_it_ends_when_it_is_left_alone(settings: Settings) -> None:
    stop = threading.Event()

    work(settings, stop, alone=lambda: True)

    assert not stop.is_set()
