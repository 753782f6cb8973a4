"""`waybill check`: what it looks at beside database and log, and how the command tells it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfoNotFoundError

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from api.cli import main
from api.soundness import machine
from api.soundness.look import Found, Installation, Level
from tests.harness.installed import environment, installed
from waybill.clock import FixedClock

SOUND, DOUBTFUL, BROKEN = Level.SOUND, Level.DOUBTFUL, Level.BROKEN


@pytest.fixture
def dialect() -> str:
    """None of this asks the database anything that differs between the two."""
    return "sqlite"


@pytest.fixture
def at(committing_engine: Engine, tmp_path: Path, clock: FixedClock) -> Installation:
    """An installation as it should be, with a log, and nobody to witness it."""
    return installed(committing_engine, tmp_path, clock)


class TestMachine:
    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"secret_key": "a" * 32}, id="a secret of one letter"),
            pytest.param({"pii_key": bytes(32)}, id="a key of zeros"),
            pytest.param({"pii_key": bytes(range(32, 64))}, id="two keys that are the same"),
        ],
    )
    def test_a_secret_that_nobody_drew_is_told(
        self, at: Installation, change: dict[str, object]
    ) -> None:
        careless = replace(at.settings, **change)  # type: ignore[arg-type]  # a field each

        assert machine.look_secrets(replace(at, settings=careless)).level is BROKEN

    def test_a_missing_key_is_told(self, at: Installation) -> None:
        for file in at.settings.key_dir.glob("*.pem"):
            file.unlink()

        assert "no key to sign with" in machine.look_signing_key(at).en

    def test_a_key_that_others_can_read_is_named(self, at: Installation) -> None:
        file = next(at.settings.key_dir.glob("*.pem"))
        file.chmod(0o640)

        found = machine.look_signing_key(at)

        assert (found.level, file.name in found.en) == (BROKEN, True)

    @pytest.mark.parametrize(
        "change",
        [
            {"issuer": "demo"},
            {"demo_page": Path("codes.html")},
            {"public_url": "http://yundan.example.cn"},
        ],
    )
    def test_a_demonstration_is_told(self, at: Installation, change: dict[str, object]) -> None:
        changed = replace(at.settings, **change)  # type: ignore[arg-type]  # a field each

        assert machine.look_demonstration(replace(at, settings=changed)).level is DOUBTFUL

    @pytest.mark.parametrize(("free", "level"), [(1, BROKEN), (5, DOUBTFUL), (50, SOUND)])
    def test_a_disk_that_fills_is_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
    ) -> None:
        usage = SimpleNamespace(total=100, free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

        assert machine.look_disk(at).level is level

    def test_a_tablet_that_is_not_built_is_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(machine, "TABLET", tmp_path / "index.html")

        assert machine.look_tablet(at).level is DOUBTFUL

    def test_missing_letters_are_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_font() -> str:
            raise FileNotFoundError

        monkeypatch.setattr(machine, "sans_path", no_font)

        assert machine.look_letters(at).level is BROKEN

    def test_missing_zones_are_told(
        self, at: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_zone(name: str) -> object:
            raise ZoneInfoNotFoundError(name)

        monkeypatch.setattr(machine, "ZoneInfo", no_zone)

        assert machine.look_zone(at).level is BROKEN

    def test_a_misspelt_variable_is_named(self, at: Installation) -> None:
        environ = environment(at.settings) | {"WAYBILL_KEYS_DIR": "/keys"}

        found = machine.look_variables(replace(at, environ=environ))

        assert (found.level, found.en) == (DOUBTFUL, "nothing reads WAYBILL_KEYS_DIR")


class TestCommand:
    @pytest.fixture(autouse=True)
    def variables(self, at: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the command reads is this installation."""
        for name, value in environment(at.settings).items():
            monkeypatch.setenv(name, value)

    def test_it_exits_2_for_what_is_broken_and_says_what_to_do(self) -> None:
        result = CliRunner().invoke(main, ["check"])

        assert result.exit_code == 2
        assert "✗ worker         没有运行中的 worker / no worker runs\n  → " in result.output

    @pytest.mark.parametrize("level", [SOUND, DOUBTFUL])
    def test_the_exit_code_is_the_worst_of_all(
        self, monkeypatch: pytest.MonkeyPatch, level: Level
    ) -> None:
        found = {
            "disk": Found(level=SOUND, zh="", en=""),
            "tablet": Found(level=level, zh="", en=""),
        }
        monkeypatch.setattr("api.cli.check.look_at", lambda _: found)

        result = CliRunner().invoke(main, ["check", "--json"])

        told = json.loads(result.output)
        assert (result.exit_code, told["level"]) == (level, level.name.lower())
        assert [each["name"] for each in told["checks"]] == ["disk", "tablet"]
