"""`waybill witness`: keys, configuration, one round for cron, and the real server."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.cli.witness import serve_beside
from tests.harness.signed_log import ORIGIN, SignedLog, entries, served
from tests.harness.witnessing import NAME, alarms_of, submit
from waybill.clock import SystemClock
from waybill.transparency.notes import Algorithm, parse_verifier_key
from waybill.witness.configuration import ConfigurationError, read_configuration
from waybill.witness.cosigning import add_checkpoint, open_witness
from waybill.witness.key import load_key, make_key
from waybill.witness.store import Alarm
from waybill.witness.submission import Submission, parse_told_size
from waybill.witness.web import WebError, ask

UNUSABLE = "PRIVATE+KEY+witness.example.org/w1+00000000+"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["witness", *arguments])


@pytest.fixture
def log() -> SignedLog:
    return SignedLog.of(entries(300))


def configure(folder: Path, log: SignedLog, more: str = "") -> Path:
    """Write the configuration of a witness that follows one log."""
    if not (folder / "witness.key").exists():
        make_key(folder / "witness.key", NAME)
    path = folder / "witness.toml"
    path.write_text(
        f'key = "witness.key"\nstore = "witness.sqlite3"\nlook_every_s = 1\n\n[[log]]\n'
        f'origin = "{ORIGIN}"\nkeys = ["{log.signer.verifier.text()}"]\n{more}\n'
    )
    return path


class TestKey:
    """The key is made once and only its owner reads it."""

    def test_made_once_and_shown_again(self, tmp_path: Path) -> None:
        path = tmp_path / "witness.key"

        made = run("key", str(path), "--name", NAME)
        shown = [run("key", str(path)), run("key", str(path), "--name", NAME)]

        key = parse_verifier_key(made.output.strip())
        assert (key.name, key.algorithm) == (NAME, Algorithm.COSIGNATURE)
        assert [result.output for result in shown] == [made.output] * 2
        assert path.stat().st_mode & 0o777 == 0o600

    def test_a_key_is_never_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "witness.key"
        make_key(path, NAME)
        before = path.read_bytes()

        result = run("key", str(path), "--name", "witness.example.org/w2")

        assert (result.exit_code, path.read_bytes()) == (1, before)
        with pytest.raises(FileExistsError):
            make_key(path, NAME)

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
    def test_a_name_no_key_may_have(self, tmp_path: Path, name: str) -> None:
        result = run("key", str(tmp_path / "key"), "--name", name)

        assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param("", id="empty"),
            pytest.param("PRIVATE+KEY+a+00000000", id="half"),
            pytest.param(UNUSABLE + "!!!!", id="no base64"),
            pytest.param(UNUSABLE + "AAAAAA==", id="too short"),
            pytest.param(UNUSABLE + "AQ" + "A" * 42, id="a log's key"),
            pytest.param(UNUSABLE + "BA" + "A" * 42, id="the id of another key"),
        ],
    )
    def test_a_file_that_holds_no_key(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "key"
        path.write_text(content)
        path.chmod(0o600)

        result = run("key", str(path))

        assert (result.exit_code, str(path) in result.output) == (1, True)

    def test_a_file_that_others_may_read(self, tmp_path: Path) -> None:
        make_key(tmp_path / "key", NAME)
        (tmp_path / "key").chmod(0o640)

        assert "chmod 600" in run("key", str(tmp_path / "key")).output

    def test_what_is_kept_is_what_was_made(self, tmp_path: Path) -> None:
        made = make_key(tmp_path / "key", NAME)

        assert load_key(tmp_path / "key").verifier == made.verifier


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("key = ", "Invalid value", id="no TOML"),
        pytest.param('store = "s"\n%s', "key must be a text", id="no key"),
        pytest.param('key = "k"\nstore = "s"\n', "at least one log", id="no log"),
        pytest.param('key = "k"\nstore = "s"\nlog = 1\n', "[[log]]", id="a log that is none"),
        pytest.param('key = "k"\nstore = "s"\n%s%s', "each origin once", id="a log twice"),
        pytest.param('keys = "k"\n%s', "mean nothing: keys", id="a word that means nothing"),
        pytest.param('key = "k"\nstore = "s"\n%surll = "x"\n', "nothing: urll", id="a slip"),
        pytest.param('key = "k"\nstore = "s"\n%surl = "ftp://a"\n', "http", id="another scheme"),
        pytest.param('key = "k"\nstore = "s"\n%surl = "http://a?b"\n', "http", id="a query"),
        pytest.param(
            'key = "k"\nstore = "s"\n%sstands_still_after_s = 0\n', "seconds", id="no time at all"
        ),
        pytest.param('key = "k"\nstore = "s"\nlook_every_s = true\n%s', "seconds", id="no number"),
        pytest.param(
            'key = "k"\nstore = "s"\n[[log]]\norigin = "a"\nkeys = []\n', "list", id="no keys"
        ),
        pytest.param(
            'key = "k"\nstore = "s"\n[[log]]\norigin = "a"\nkeys = [1]\n', "name+id", id="odd keys"
        ),
    ],
)
def test_a_configuration_that_cannot_be_used(
    tmp_path: Path, log: SignedLog, text: str, reason: str
) -> None:
    entry = f'[[log]]\norigin = "{ORIGIN}"\nkeys = ["{log.signer.verifier.text()}"]\n'
    path = tmp_path / "witness.toml"
    path.write_text(text.replace("%s", entry))

    with pytest.raises(ConfigurationError) as caught:
        read_configuration(path)

    assert reason in str(caught.value)
    assert run("show", "--config", str(path)).exit_code == 1


class TestCheck:
    """One round for cron: the exit code is the alarm."""

    def test_an_honest_log(self, tmp_path: Path, log: SignedLog) -> None:
        with served(log) as url:
            config = configure(tmp_path, log, f'url = "{url}"')
            result = run("check", "--config", str(config))

        assert (result.exit_code, result.output.startswith(f"{ORIGIN}: size 300, grown ")) == (
            0,
            True,
        )
        assert run("show", "--config", str(config)).output == result.output

    def test_a_log_that_shrank(
        self, tmp_path: Path, log: SignedLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(time, "sleep", lambda _: None)
        with served(log) as url:
            config = configure(tmp_path, log, f'url = "{url}"')
            run("check", "--config", str(config))
            log.tree = SignedLog.of(entries(299)).tree
            result = run("check", "--config", str(config))

        assert result.exit_code == 1
        assert ": size 299 is shown after 300 was cosigned\n" in result.output
        assert run("show", "--config", str(config)).exit_code == 0

    def test_a_log_that_is_away(self, tmp_path: Path, log: SignedLog) -> None:
        with served(log) as gone:
            pass
        config = configure(tmp_path, log, f'url = "{gone}"')

        result = run("check", "--config", str(config))

        assert result.exit_code == 0
        assert f"{ORIGIN}: size 0, never cosigned\n  trouble: {gone}/checkpoint" in result.output


def test_a_suspicion_can_be_dismissed_and_a_fork_cannot(tmp_path: Path, log: SignedLog) -> None:
    config = str(configure(tmp_path, log))
    witness = open_witness(read_configuration(Path(config)), SystemClock())
    add_checkpoint(witness, log.submission(0, 200))
    unproven = Submission(old=200, proof=(), note=log.note()).to_bytes()
    add_checkpoint(witness, unproven)
    add_checkpoint(witness, SignedLog.of([b"rewritten", *entries(199, 1)]).submission(200))

    result = run("dismiss", "--config", config, ORIGIN)

    assert (result.exit_code, result.output) == (0, f"{ORIGIN}: 1 dismissed\n")
    assert alarms_of(witness) == {Alarm.FORKED}
    assert run("dismiss", "--config", config, "other").exit_code == 1


@contextmanager
def running(config: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the real server, with none of the main service's settings."""
    program = "from api.cli import main; main()"
    arguments = ["witness", "serve", "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WAYBILL_")}
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """End the server and the process that serves, as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def await_service(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if ask(f"{address}/", max_bytes=4096, timeout_s=2).status == HTTPStatus.OK:
                return
        except WebError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_the_real_server_cosigns_and_looks_for_itself(tmp_path: Path, log: SignedLog) -> None:
    with served(log) as url:
        config = configure(tmp_path, log, f'url = "{url}"')
        with running(config, free_port()) as (address, _):
            await_service(address)
            until = time.monotonic() + 30
            while f"{ORIGIN}: size 300" not in run("show", "--config", str(config)).output:
                assert time.monotonic() < until
                time.sleep(0.1)
            answer = submit(address, log.submission(300))
            too_long = submit(address, b"x" * 200_000)

    assert (answer.status, answer.body[:4]) == (HTTPStatus.OK, "— w".encode()[:4])
    assert too_long.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_server_beside_another_ends_with_it() -> None:
    """Its starter is not the parent it was told, so the server is ended at once."""
    began = time.monotonic()

    serve_beside([sys.executable, "-c", "import time; time.sleep(120)"], parent=0)

    assert time.monotonic() - began < 60


def test_killed_at_any_moment_it_never_cosigns_two_trees_of_one_size(
    tmp_path: Path, log: SignedLog
) -> None:
    """kill -9 between check and answer: what was answered is kept, whatever it was."""
    fork = SignedLog.of([b"rewritten", *entries(299, 1)])
    config = configure(tmp_path, log)
    answered: dict[int, set[bytes]] = {}
    for attempt in range(4):
        with running(config, free_port()) as (address, process):
            await_service(address)
            liar = log if attempt % 2 else fork
            old = parse_told_size(submit(address, liar.submission(299, 299)).body)
            killer = threading.Timer(0.003 * attempt, kill_all, [process])
            for size in range(max(old, 1), 299):
                if size == max(old, 1) + 3:
                    killer.start()
                try:
                    answer = submit(address, liar.submission(size - 1, size))
                except WebError:
                    break
                if answer.status == HTTPStatus.OK:
                    answered.setdefault(size, set()).add(liar.checkpoint(size).root)
            killer.join()
    with running(config, free_port()) as (address, _):
        await_service(address)
        known = parse_told_size(submit(address, log.submission(299, 299)).body)

    assert answered
    assert all(len(roots) == 1 for roots in answered.values())
    assert known >= max(answered)
