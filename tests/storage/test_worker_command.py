"""`waybill worker` over a database: one round, waiting for the lock, and its end."""

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from api.cli import main
from api.cli.worker import work
from waybill.codec import b64url_encode
from waybill.settings import Settings
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
    }
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env(made)


@pytest.mark.usefixtures("settings")
def test_one_round_tells_what_was_done() -> None:
    result = CliRunner().invoke(main, ["worker", "--once"])

    assert (result.exit_code, result.output) == (0, "log: 1\npre-clearance: 0\n")


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

    def work_once(_: Worker) -> dict[str, int]:
        rounds.append(1)
        stop.set()
        return {}

    monkeypatch.setattr(Worker, "round", work_once)

    work(settings, stop, alone=lambda: False)

    assert rounds == [1]


def test_it_ends_when_it_is_left_alone(settings: Settings) -> None:
    stop = threading.Event()

    work(settings, stop, alone=lambda: True)

    assert not stop.is_set()
