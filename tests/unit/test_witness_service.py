"""The rest of the service: what it tells, its limits, races, restarts and sudden ends."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.harness.signed_log import ORIGIN, SignedLog, entries, served
from tests.harness.witnessing import NAME, alarms_of, make_witness, newest, submit
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.witness.cosigning import Witness
from waybill.witness.service import Service
from waybill.witness.store import Alarm
from waybill.witness.submission import MAX_SUBMISSION_BYTES, parse_told_size
from waybill.witness.watching import Watcher
from waybill.witness.web import Answer, WebError, ask


@pytest.fixture
def log() -> SignedLog:
    return SignedLog.of(entries(300))


@pytest.fixture
def witness(tmp_path: Path, log: SignedLog, clock: FixedClock) -> Witness:
    followed = log.followed(stands_still_after=timedelta(days=1))
    return make_witness(tmp_path, clock, followed)


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    with served(Service(witness)) as url:
        yield url


def get(url: str) -> Answer:
    return ask(url, max_bytes=1 << 20)


class TestTelling:
    """What anybody may read."""

    def test_health_and_key(self, address: str, witness: Witness) -> None:
        key = witness.signer.verifier.text()

        told = [get(address + path).body.decode() for path in ("/", "/key")]

        assert told == [f"witness {NAME}\n", f"{key}\n"]

    def test_the_state_of_each_log(
        self, address: str, witness: Witness, log: SignedLog, clock: FixedClock
    ) -> None:
        submit(address, log.submission(0))
        clock.advance(timedelta(days=2))
        Watcher(witness=witness, pause=lambda _: None).look_at_all()

        told = parse_json(get(f"{address}/logs").body)

        assert told == {
            "witness": witness.signer.verifier.text(),
            "logs": [
                {
                    "origin": ORIGIN,
                    "size": 300,
                    "root": log.note().decode().split("\n")[2],
                    "checkpoint": newest(witness).note.decode(),
                    "followed_at": "2026-11-22T06:05:00Z",
                    "cosigned_at": "2026-11-22T06:05:00Z",
                    "grown_at": "2026-11-22T06:05:00Z",
                    "looked_at": None,
                    "trouble": "",
                    "alarms": [
                        {
                            "kind": "stands-still",
                            "since": "2026-11-24T06:05:00Z",
                            "detail": "size 300 since 2026-11-22T06:05:00Z",
                        }
                    ],
                    "evidence": 0,
                }
            ],
        }

    def test_evidence_has_both_notes_as_they_were_signed(
        self, address: str, witness: Witness, log: SignedLog
    ) -> None:
        submit(address, log.submission(0))
        ours = newest(witness).note.decode()
        forked = SignedLog.of([*entries(299), b"rewritten"])
        submit(address, forked.submission(300))

        told = parse_json(get(f"{address}/evidence/{quote(ORIGIN)}").body)

        assert told == {
            "origin": ORIGIN,
            "evidence": [
                {
                    "kind": "forked",
                    "kept_at": "2026-11-22T06:05:00Z",
                    "ours": ours,
                    "shown": forked.note().decode(),
                    "proof": [],
                }
            ],
        }

    def test_metrics(self, address: str, log: SignedLog) -> None:
        for old in (0, 0, 300):
            submit(address, log.submission(old))
        submit(address, SignedLog.of([*entries(299), b"rewritten"]).submission(300))

        lines = get(f"{address}/metrics").body.decode().splitlines()

        label = f'{{origin="{ORIGIN}"}}'
        assert [line for line in lines if not line.startswith("#")] == [
            f"waybill_witness_log_size{label} 300",
            f"waybill_witness_log_grown_seconds{label} 1795327500",
            f"waybill_witness_log_looked_seconds{label} 0",
            *(
                f'waybill_witness_alarm{{origin="{ORIGIN}",kind="{kind.value}"}} '
                f"{int(kind is Alarm.FORKED)}"
                for kind in Alarm
            ),
            'waybill_witness_answers_total{status="200"} 2',
            'waybill_witness_answers_total{status="409"} 2',
        ]

    @pytest.mark.parametrize(
        ("path", "body", "status"),
        [
            pytest.param("/nothing", None, HTTPStatus.NOT_FOUND, id="another path"),
            pytest.param("/evidence/other", None, HTTPStatus.NOT_FOUND, id="another log"),
            pytest.param("/evidence/%ff", None, HTTPStatus.NOT_FOUND, id="no UTF-8"),
            pytest.param("/logs", b"", HTTPStatus.METHOD_NOT_ALLOWED, id="telling it"),
            pytest.param("/add-checkpoint", None, HTTPStatus.METHOD_NOT_ALLOWED, id="asking it"),
        ],
    )
    def test_what_is_not_there(
        self, address: str, path: str, body: bytes | None, status: HTTPStatus
    ) -> None:
        assert ask(address + path, body=body, max_bytes=4096).status == status


@pytest.mark.parametrize(
    ("length", "status"),
    [
        pytest.param(MAX_SUBMISSION_BYTES, HTTPStatus.BAD_REQUEST, id="as long as allowed"),
        pytest.param(MAX_SUBMISSION_BYTES + 1, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, id="longer"),
    ],
)
def test_the_body_has_a_limit(address: str, length: int, status: HTTPStatus) -> None:
    assert submit(address, b"x" * length).status == status


def test_a_body_that_is_only_announced_takes_no_memory(address: str) -> None:
    port = int(address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = b"POST /add-checkpoint HTTP/1.0\r\nContent-Length: 99999999999\r\n\r\n"
        connection.sendall(head + b"x" * (MAX_SUBMISSION_BYTES + 1))
        answer = connection.recv(4096)

    assert answer.startswith(b"HTTP/1.0 413 ")


def test_of_many_at_once_one_is_cosigned_from_each_size(
    address: str, witness: Witness, log: SignedLog
) -> None:
    """Whoever loses the race is told the size; no two trees are cosigned and none rolls back."""
    submit(address, log.submission(0, 100))
    sizes = [150, 200, 250, 300, 150, 200, 250, 300]
    barrier = threading.Barrier(len(sizes))

    def send(size: int) -> Answer:
        barrier.wait()
        return submit(address, log.submission(100, size))

    with ThreadPoolExecutor(len(sizes)) as pool:
        answers = list(pool.map(send, sizes))

    won = [size for size, a in zip(sizes, answers, strict=True) if a.status == HTTPStatus.OK]
    told = {parse_told_size(a.body) for a in answers if a.status == HTTPStatus.CONFLICT}
    assert (len(won), told) == (1, set(won))
    assert newest(witness).size == won[0]


def test_of_two_forks_at_once_one_is_cosigned(
    address: str, witness: Witness, log: SignedLog
) -> None:
    forks = [log, SignedLog.of([*entries(299), b"rewritten"])]
    barrier = threading.Barrier(len(forks))

    def send(fork: SignedLog) -> Answer:
        barrier.wait()
        return submit(address, fork.submission(0))

    with ThreadPoolExecutor(len(forks)) as pool:
        statuses = sorted(answer.status for answer in pool.map(send, forks))

    assert statuses == [HTTPStatus.OK, HTTPStatus.CONFLICT]
    assert alarms_of(witness) == {Alarm.FORKED}


def test_a_restart_forgets_nothing(
    tmp_path: Path, witness: Witness, log: SignedLog, clock: FixedClock
) -> None:
    with served(Service(witness)) as address:
        submit(address, log.submission(0, 200))
        submit(address, SignedLog.of([*entries(199), b"rewritten"]).submission(200))
    before = newest(witness)

    again = make_witness(tmp_path, clock, log.followed())

    assert (newest(again), alarms_of(again)) == (before, {Alarm.FORKED})
    with served(Service(again)) as address:
        assert submit(address, log.submission(0)).body == b"200\n"
        assert submit(address, log.submission(200)).status == HTTPStatus.OK


class TestAsking:
    """The client that looks at logs is led nowhere and waits for nobody for long."""

    def test_an_answer_that_is_too_long(self, log: SignedLog) -> None:
        log.served["/checkpoint"] = b"x" * 101
        with served(log) as url, pytest.raises(WebError, match="more than 100 bytes"):
            ask(f"{url}/checkpoint", max_bytes=100)

    @pytest.mark.parametrize("asked", ["/keys?p=one%20policy&x=1", "/keys?", "/?p=1"])
    def test_what_is_asked_for_is_the_whole_address(self, asked: str) -> None:
        def echo(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
            start("200 OK", [("Content-Type", "text/plain")])
            return [f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}".encode()]

        with served(echo) as url:
            assert ask(f"{url}{asked}#not-this", max_bytes=100).body.decode() == asked

    def test_a_server_that_drips(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            done = threading.Event()

            def drip() -> None:
                connection, _ = listening.accept()
                with connection, contextlib.suppress(OSError):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                    while not done.wait(0.05):
                        connection.sendall(b"x")

            thread = threading.Thread(target=drip)
            thread.start()
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            try:
                with pytest.raises(WebError, match=re.escape(url)):
                    ask(url, max_bytes=1000, deadline_s=0.3)
            finally:
                done.set()
                thread.join()

    def test_nobody_there(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]

        with pytest.raises(WebError, match=re.escape(f"127.0.0.1:{port}")):
            ask(f"http://127.0.0.1:{port}/", max_bytes=10)
