"""`waybill log export`: a folder that both verifiers find whole, and that later exports add to."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from api.cli import main
from tests.harness.sequenced_log import ORIGIN, sequencer, tell, tell_quickly
from tests.harness.verifying import Verdict, verify_go, verify_ours
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.sequencing import Sequencing
from waybill.services.log.exporting import Exported, export_log
from waybill.services.log.succession import succeed_log
from waybill.storage.log import EventRow
from waybill.storage.session import read_session, session_factory, write_session

SIZE = 601


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    """The database's sessions."""
    return session_factory(committing_engine)


@pytest.fixture
def log(sessions: sessionmaker[Session], tmp_path: Path, clock: FixedClock) -> Sequencing:
    """A log of 601 entries: that of its first key, and 600."""
    made = sequencer(sessions, tmp_path / "keys", clock)
    made.open()
    tell_quickly(sessions, SIZE - 1, clock.now())
    made.all()
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log is exported to."""
    return tmp_path / "exported"


def export(log: Sequencing, folder: Path, *, with_bodies: bool = False) -> Exported:
    return export_log(
        log.sessions,
        folder,
        with_bodies=with_bodies,
        clock=log.clock,
        progress=lambda _done, _total: None,
    )


def ours(folder: Path, *options: str) -> Verdict:
    key = (folder / "key").read_text().split()[0]
    return verify_ours(folder.with_name("state"), folder, "--key", key, *options)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_both_verifiers_find_it_whole(log: Sequencing, folder: Path) -> None:
    found = export(log, folder, with_bodies=True)

    assert (found.origin, found.size) == (ORIGIN, SIZE)
    assert ours(folder, "--bodies", str(folder)).told["bodies"] == SIZE
    go = verify_go((folder / "key").read_text().split()[0], folder, "-bodies")
    assert go.told == {"holds": True, "size": SIZE}


def test_without_bodies_it_holds_what_everybody_is_served(log: Sequencing, folder: Path) -> None:
    export(log, folder)

    assert sorted(files(folder)) == [
        "checkpoint",
        "key",
        "keys.json",
        "origins.json",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/89",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/89",
    ]


def test_bodies_are_for_their_owner_alone(log: Sequencing, folder: Path) -> None:
    export(log, folder, with_bodies=True)

    assert stat.S_IMODE((folder / "bodies").stat().st_mode) == 0o700


def test_an_export_with_bodies_is_an_event(log: Sequencing, folder: Path) -> None:
    export(log, folder)
    export(log, folder, with_bodies=True)

    with read_session(log.sessions) as session:
        kinds = session.scalars(select(EventRow.kind).where(EventRow.kind == "log-exported")).all()
    assert kinds == ["log-exported"]


def test_a_later_export_adds_what_is_new(log: Sequencing, folder: Path, clock: FixedClock) -> None:
    export(log, folder)
    before = files(folder)
    tell_quickly(log.sessions, 500, clock.now())
    log.all()

    found = export(log, folder)

    after = files(folder)
    assert (found.size, found.files) == (SIZE + 500, 7)
    assert {name for name in before if before[name] != after[name]} == {"checkpoint"}
    assert ours(folder).told["size"] == SIZE + 500


def test_an_export_that_was_broken_off_goes_on(log: Sequencing, folder: Path) -> None:
    export(log, folder)
    whole = files(folder)
    for name in ("checkpoint", "key", "tile/0/001", "tile/entries/002.p/89"):
        (folder / name).unlink()

    found = export(log, folder)

    assert (found.files, files(folder)) == (2, whole)


def test_the_checkpoint_comes_last(log: Sequencing, folder: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_log(log.sessions, folder, with_bodies=False, clock=log.clock, progress=stop)

    assert not (folder / "checkpoint").exists()


def test_a_folder_of_another_log_is_left_alone(log: Sequencing, folder: Path) -> None:
    export(log, folder)
    text = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(text.replace(ORIGIN.encode(), b"another/log"))
    before = files(folder)

    result = command(log, folder)

    assert (result.exit_code, files(folder)) == (1, before)
    assert "another past" in result.stderr


def test_a_folder_whose_checkpoint_is_none_is_left_alone(log: Sequencing, folder: Path) -> None:
    folder.mkdir()
    (folder / "checkpoint").write_text("nonsense")

    result = command(log, folder)

    assert (result.exit_code, "another past" in result.stderr) == (1, True)


def test_a_successor_is_exported_with_what_it_says_and_followed(
    log: Sequencing, folder: Path, tmp_path: Path
) -> None:
    export(log, folder)
    ours(folder)
    tell(log.sessions, log.clock, 3)
    with write_session(log.sessions) as session:
        succeed_log(session, None, log.terms.key_dir, reason="恢复自备份", clock=log.clock)
    log.all()
    successor = tmp_path / "successor"
    export(log, successor, with_bodies=True)

    found = verify_ours(folder.with_name("state"), successor, "--bodies", str(successor))

    assert (found.exit_code, found.told["origin"]) == (0, f"{ORIGIN}/1"), found
    assert found.told["key_trust"] == "inherited"
    assert (found.told["succeeds"]["origin"], found.told["succeeds"]["size"]) == (ORIGIN, SIZE)
    key = (successor / "key").read_text().split()[0]
    assert verify_go(key, successor, "-bodies").exit_code == 0


@pytest.fixture
def environment(committing_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation, as a command finds it."""
    url = committing_engine.url.render_as_string(hide_password=False)
    for name, value in {
        "WAYBILL_DATABASE_URL": url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(bytes(range(32))),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(bytes(range(32, 64))),
        "WAYBILL_KEY_DIR": str(tmp_path / "keys"),
        "WAYBILL_EDITIONS_DIR": str(tmp_path / "editions"),
    }.items():
        monkeypatch.setenv(name, value)


def command(_: Sequencing, folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["log", "export", str(folder), *options])


pytestmark = pytest.mark.usefixtures("environment")


def test_the_command_says_what_it_wrote(log: Sequencing, folder: Path) -> None:
    result = command(log, folder, "--progress")

    assert (result.exit_code, result.stdout) == (
        0,
        f"{ORIGIN}  {SIZE} 条 entries  7 个新文件 new files\n",
    )
    assert "100.0 %  7/7" in result.stderr
