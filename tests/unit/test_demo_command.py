"""The demonstration's folder: its secrets are made once, and an old one is put aside."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.cli.demo import LIFETIME, SECRETS, demo_environment, set_aside_when_old

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)


def _filled(folder: Path, at: datetime) -> None:
    demo_environment(folder, "8000", {})
    os.utime(folder / SECRETS, (at.timestamp(), at.timestamp()))


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "demo"

    first = demo_environment(folder, "8000", {})

    assert demo_environment(folder, "8000", {}) == first
    assert (folder / SECRETS).stat().st_mode & 0o777 == 0o600


def test_what_the_caller_gives_is_left_as_it_is(tmp_path: Path) -> None:
    given = {"WAYBILL_DATABASE_URL": "postgresql://elsewhere/waybill"}

    assert "WAYBILL_DATABASE_URL" not in demo_environment(tmp_path / "demo", "8000", given)


@pytest.mark.parametrize(
    ("age", "aside"),
    [
        pytest.param(LIFETIME, False, id="at its age limit"),
        pytest.param(LIFETIME + timedelta(seconds=1), True, id="older"),
    ],
)
def test_an_old_demonstration_is_put_aside(tmp_path: Path, age: timedelta, *, aside: bool) -> None:
    folder = tmp_path / "demo"
    _filled(folder, NOW - age)

    set_aside_when_old(folder, NOW)

    assert folder.exists() is not aside
    assert (tmp_path / "demo-20260725").exists() is aside


def test_an_empty_place_is_left_alone(tmp_path: Path) -> None:
    set_aside_when_old(tmp_path / "demo", NOW)

    assert list(tmp_path.iterdir()) == []
