"""What the verifier reads: bodies in their one spelling, servers that stumble, tiles cut off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from uuid import UUID

import pytest
from typing_extensions import override

from tests.harness.logs import TestLog, events, served, told
from tests.harness.verifying import verify_ours
from waybill.verifier.bodies import body_line, parse_body_line
from waybill.verifier.faults import UnreadableError
from waybill.verifier.sources import AbsentError, FolderSource, HttpSource


class TestBodies:
    """A line of an export has one spelling."""

    LINE = body_line(3, UUID(int=10), b"{}", bytes(32))

    def test_it_is_read_back(self) -> None:
        assert parse_body_line(self.LINE) == (3, UUID(int=10), b"{}", bytes(32))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(b'"index":3', b'"index":3.0', id="a fraction"),
            pytest.param(b'"index":3', b'"index": 3', id="a space"),
            pytest.param(b'"index":3', b'"index":"3"', id="a number as text"),
            pytest.param(b"00000a", b"00000A", id="an id in capitals"),
            pytest.param(b"{", b'{"also":1,', id="a further member"),
            pytest.param(b'"salt"', b'"salz"', id="no salt"),
            pytest.param(b"e30=", b"e31=", id="loose bits"),
        ],
    )
    def test_any_other_is_refused(self, old: bytes, new: bytes) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse_body_line(self.LINE.replace(old, new, 1))

    @pytest.mark.parametrize(
        ("spoil", "fault"),
        [
            (lambda lines: lines[:-1], ("body-missing", 299)),
            (lambda lines: [*lines[:-2], lines[-1], lines[-2]], ("body-wrong", 298)),
            (lambda lines: [*lines[:-1], b"{}\n"], ("body-wrong", 299)),
            (lambda lines: [*lines[:-1], told(9_999).line(299)], ("body-wrong", 299)),
        ],
        ids=["a line is missing", "two are swapped", "one says nothing", "another event"],
    )
    def test_lines_that_do_not_fit_are_found(
        self, tmp_path: Path, spoil: Callable[[list[bytes]], list[bytes]], fault: tuple[str, int]
    ) -> None:
        folder = TestLog(events(300)).write(tmp_path / "published", bodies=True)
        path = folder / "bodies" / "001.p" / "44.ndjson"
        path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True))))

        found = verify_ours(tmp_path / "state", folder, "--bodies", str(folder))

        assert found.fault == fault

    def test_bodies_that_are_not_there_are_found(self, tmp_path: Path) -> None:
        folder = TestLog(events(300)).write(tmp_path / "published")

        found = verify_ours(tmp_path / "state", folder, "--bodies", str(folder))

        assert found.fault == ("body-missing", 0)


class Scripted(BaseHTTPRequestHandler):
    """Answers with the statuses of a list, one after the other."""

    protocol_version = "HTTP/1.1"
    statuses: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    @override
    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def answering(*statuses: int) -> Iterator[HttpSource]:
    Scripted.statuses = list(statuses)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    source = HttpSource(f"http://127.0.0.1:{server.server_port}/log/", sleep=lambda _: None)
    try:
        yield source
    finally:
        source.close()
        server.shutdown()
        server.server_close()
        thread.join()


class TestSources:
    """What cannot be asked is asked again; what is not there is known at once."""

    def test_a_server_that_stumbles_is_asked_again(self) -> None:
        with answering(503, 500, 429, 200) as source:
            assert source.read("checkpoint") == b"ok"

    def test_a_server_that_only_stumbles_is_unreadable(self) -> None:
        with answering(503, 503, 503, 503) as source, pytest.raises(UnreadableError, match="503"):
            source.read("checkpoint")

    def test_a_server_that_refuses_is_not_asked_again(self) -> None:
        with answering(403, 200) as source, pytest.raises(UnreadableError, match="403"):
            source.read("checkpoint")

    def test_what_is_not_there_is_absent(self) -> None:
        with answering(404) as source, pytest.raises(AbsentError):
            source.read("checkpoint")

    def test_what_is_too_long_is_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("waybill.verifier.sources.MAX_FILE_BYTES", 1)

        with answering(200) as source, pytest.raises(UnreadableError, match="larger than"):
            source.read("checkpoint")

    def test_a_folder_where_a_file_should_be_is_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "checkpoint").mkdir()

        with pytest.raises(UnreadableError):
            FolderSource(tmp_path).read("checkpoint")


@pytest.mark.parametrize("tile", ["0/001", "1/000.p/3"])
def test_a_tile_that_is_cut_off_is_found(tmp_path: Path, tile: str) -> None:
    folder = TestLog(events(800)).write(tmp_path / "published")
    path = folder / "tile" / tile
    path.write_bytes(path.read_bytes()[:-1])

    found = verify_ours(tmp_path / "state", folder)

    assert found.told["fault"] == "tile-wrong"


def test_a_fault_far_ahead_of_others_being_read_is_told_in_its_turn(tmp_path: Path) -> None:
    folder = TestLog(events(20_000)).write(tmp_path / "published")
    for index in (1, 5, 40):
        (folder / "tile" / "entries" / f"{index:03d}").unlink()

    with served(folder) as address:
        found = verify_ours(tmp_path / "state", address)

    assert found.fault == ("bundle-missing", 256)
