"""A log that goes on under another name: what it says of the old one is held against memory."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from tests.harness.logs import ORIGIN, SIGNER, TestLog, Told, events, told
from tests.harness.verifying import Verdict, verify_ours
from waybill.codec import JsonValue, canonical_json
from waybill.transparency.notes import NoteSigner

NEXT = NoteSigner(name="log.test/waybill/2", private_key=SIGNER.private_key)
THIRD = NoteSigner(name="log.test/waybill/3", private_key=SIGNER.private_key)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The verifier's memory."""
    return tmp_path / "state" / "memory.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log is published, whatever its name."""
    return tmp_path / "published"


def opening(number: int, old: TestLog, *, size: int | None = None, root: str = "") -> Told:
    """Return the event by which a log succeeds an old one."""
    data: dict[str, JsonValue] = {
        "origin": old.signer.name,
        "size": old.tree.size if size is None else size,
        "root": root or old.tree.root.hex(),
        "reason": "从备份恢复",
    }
    body = canonical_json({"v": 1, "kind": "log-succeeded", "data": data})
    return Told(told(number).event_id, body, told(number).salt)


def publish(log: TestLog, folder: Path, *openings: tuple[str, Told]) -> None:
    """Write a log with the successions that led to it."""
    log.write(folder)
    origins = [{"epoch": 0, "origin": ORIGIN}]
    for epoch, (origin, event) in enumerate(openings, 1):
        told_of = {
            "id": str(event.event_id),
            "body": b64encode(event.body).decode(),
            "salt": event.salt.hex(),
        }
        (folder / str(epoch)).mkdir(exist_ok=True)
        (folder / str(epoch) / "succession").write_text(json.dumps(told_of))
        origins.append({"epoch": epoch, "origin": origin})
    (folder / "origins.json").write_text(json.dumps({"origins": origins}))


def seen(state: Path, folder: Path, old: TestLog) -> None:
    """Let the verifier see the old log."""
    publish(old, folder)
    assert verify_ours(state, folder).exit_code == 0


def succeed(
    folder: Path,
    old: TestLog,
    further: Sequence[Told],
    *,
    size: int | None = None,
    root: str = "",
) -> None:
    """Publish the successor of a log in its place; `size` and `root` are what it may lie about."""
    first = opening(50_000, old, size=size, root=root)
    publish(TestLog([first, *old.told, *further], signer=NEXT), folder, (NEXT.name, first))


def test_a_successor_of_the_whole_old_log_is_followed(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    succeed(folder, old, events(300, 600))

    found = verify_ours(state, folder)

    assert (found.exit_code, found.told["origin"], found.told["size"]) == (0, NEXT.name, 901)
    assert found.told["key_trust"] == "inherited"
    assert found.told["succeeds"] == {
        "origin": ORIGIN,
        "size": 600,
        "root": old.tree.root.hex(),
        "reason": "从备份恢复",
        "lost": 0,
    }


def test_once_followed_it_is_a_log_like_any_other(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    succeed(folder, old, [])
    verify_ours(state, folder)

    found = verify_ours(state, folder)

    assert (found.told["key_trust"], found.told["remembered"]) == ("remembered", 601)


class TestAfterABackupOfYesterday:
    """The old log had more entries than go on."""

    @pytest.fixture
    def successor(self, state: Path, folder: Path) -> None:
        """Today's log was seen, yesterday's goes on."""
        seen(state, folder, TestLog(events(600)))
        succeed(folder, TestLog(events(500)), events(50, 10_000))

    @pytest.mark.usefixtures("successor")
    def test_what_is_lost_is_reported(self, state: Path, folder: Path) -> None:
        found = verify_ours(state, folder)

        assert found.fault == ("succession-broken", 500)
        assert found.told["until"] == 600

    @pytest.mark.usefixtures("successor")
    def test_the_loss_can_be_accepted_and_is_still_told(self, state: Path, folder: Path) -> None:
        found = verify_ours(state, folder, "--accept-loss")

        assert (found.exit_code, found.told["succeeds"]["lost"]) == (0, 100)


def refused(state: Path, folder: Path) -> Verdict:
    found = verify_ours(state, folder)
    assert (found.exit_code, found.told["fault"]) == (1, "succession-broken"), found
    return found


def test_another_root_than_was_seen_is_refused(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    succeed(folder, old, [], root="00" * 32)

    assert "names another root" in refused(state, folder).told["detail"]


def test_an_old_entry_that_was_rewritten_is_refused(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    altered = TestLog([*events(300), told(9_999), *events(299, 301)])
    succeed(folder, altered, [], root=old.tree.root.hex())

    assert "had the root" in refused(state, folder).told["detail"]


def test_old_entries_that_are_left_out_at_the_end_are_refused(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    succeed(folder, TestLog(events(590)), [], size=600, root=old.tree.root.hex())

    assert "590 entries instead of 600" in refused(state, folder).told["detail"]


def test_a_succession_that_is_not_the_first_entry_is_refused(state: Path, folder: Path) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    first = opening(50_000, old)
    publish(TestLog([told(1_000), *old.told], signer=NEXT), folder, (NEXT.name, first))

    assert "its first entry" in refused(state, folder).told["detail"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("origins.json", "[]"),
        ("origins.json", "{"),
        ("origins.json", '{"origins":{}}'),
        ("origins.json", '{"origins":[{"origin":1}]}'),
        (
            "origins.json",
            '{"origins":[{"origin":"a"},{"origin":"b"},{"origin":"log.test/waybill/2"}]}',
        ),
        ("origins.json", '{"origins":[]}'),
        ("origins.json", '{"origins":[{"origin":"another"},{"origin":"log.test/waybill/2"}]}'),
        ("1/succession", "{}"),
        (
            "1/succession",
            f'{{"id":"{UUID(int=1)}","body":"eyJkYXRhIjp7fX0=","salt":"{"00" * 32}"}}',
        ),
        ("1/succession", '{"id":"x","body":"e30=","salt":"00"}'),
    ],
)
def test_successions_that_cannot_be_read_are_refused(
    state: Path, folder: Path, file: str, content: str
) -> None:
    old = TestLog(events(10))
    seen(state, folder, old)
    succeed(folder, old, [])
    (folder / file).write_text(content)

    refused(state, folder)


def test_a_second_successor_is_followed_from_the_first_origin(state: Path, folder: Path) -> None:
    """The verifier slept through a whole origin; each old tree is made again from the newest."""
    old = TestLog(events(600))
    seen(state, folder, old)
    first = opening(50_000, old)
    middle = TestLog([first, *old.told, *events(40, 600)], signer=NEXT)
    second = opening(60_000, middle)
    # In a later tree the first succession stands where it was recorded: behind the old entries.
    newest = TestLog([second, *old.told, first, *events(60, 600)], signer=THIRD)
    publish(newest, folder, (NEXT.name, first), (THIRD.name, second))

    found = verify_ours(state, folder)

    assert (found.exit_code, found.told["succeeds"]["origin"]) == (0, NEXT.name)
    assert found.told["key_trust"] == "inherited"


def test_a_second_successor_without_the_first_ones_opening_is_refused(
    state: Path, folder: Path
) -> None:
    old = TestLog(events(600))
    seen(state, folder, old)
    first = opening(50_000, old)
    middle = TestLog([first, *old.told, *events(40, 600)], signer=NEXT)
    second = opening(60_000, middle)
    newest = TestLog([second, *old.told, *events(60, 600)], signer=THIRD)
    publish(newest, folder, (NEXT.name, first), (THIRD.name, second))

    refused(state, folder)


def test_a_successor_of_a_log_never_seen_is_believed_by_its_own_words(
    state: Path, folder: Path
) -> None:
    old = TestLog(events(600))
    succeed(folder, old, events(5, 700))

    found = verify_ours(state, folder)

    assert (found.told["key_trust"], found.told["succeeds"]["size"]) == ("first-use", 600)
