"""The verifier's parts: the frontier of a tree, what is kept of it, sources, bodies."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from tests.harness.logs import SIGNER, TestLog, Told, events, told
from tests.harness.trees import MemoryTree
from tests.harness.verifying import verify_ours
from waybill.codec import sha256
from waybill.transparency.merkle import leaf_hash, perfect_root
from waybill.verifier.entries import event_id_of
from waybill.verifier.faults import WORDS, FaultKind, UnreadableError
from waybill.verifier.frontier import Frontier, read_frontier
from waybill.verifier.repeats import Repeat, SeenIds
from waybill.verifier.state import LogMemory, Memory, Reached, load_memory


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def frontier_of(count: int) -> tuple[Frontier, list[bytes]]:
    """Return the frontier of so many leaves, and those that fill no bundle."""
    made, rest = Frontier(), leaves(count)
    while len(rest) >= 256:
        made.append(perfect_root(rest[:256]))
        rest = rest[256:]
    return made, rest


@given(st.integers(0, 1_500))
def test_a_frontier_has_the_root_of_its_tree_and_is_read_back(count: int) -> None:
    frontier, rest = frontier_of(count)

    assert frontier.root(rest) == MemoryTree([b"%d" % number for number in range(count)]).root
    assert read_frontier(json.loads(json.dumps(frontier.to_json()))) == frontier


def test_a_frontier_sums_up_what_is_full_at_every_level() -> None:
    frontier = Frontier()
    hashes = [sha256(b"%d" % number) for number in range(257)]

    grown = [len(frontier.append(found)) for found in hashes]

    assert [at for at, levels in enumerate(grown) if levels == 2] == [255]
    assert (frontier.edge(1), frontier.edge(2)) == ([hashes[256]], [perfect_root(hashes[:256])])


def test_where_two_frontiers_part_is_told_to_the_tile() -> None:
    one, other = Frontier(), Frontier()
    for number in range(300):
        one.append(sha256(b"%d" % number))
        other.append(sha256(b"%d" % (number if number != 270 else 9)))

    assert one.first_difference(other) == (270 * 256, 271 * 256)
    assert one.first_difference(one.copy()) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"size": 256, "edges": []},
        {"size": 255, "edges": []},
        {"size": 256, "edges": [""]},
        {"size": 256, "edges": ["00"]},
        {"size": 256, "edges": [7]},
        {"size": -256, "edges": []},
        {"size": 512, "edges": ["00" * 32]},
    ],
)
def test_what_is_no_frontier_is_refused(value: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"frontier|edge|hexadecimal"):
        read_frontier(value)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"v":1, "id":"x","body":"y"}', "not canonical"),
        (b'{"body":"00","id":"x","v":1}', "body, id and v"),
        (b'{"body":"00","id":"x","v":2}', "a version that is known"),
        (b"[]", "a version that is known"),
        (told(1).entry.replace(b"-", b"_"), "body, id and v"),
        (told(1).entry + b"\n", "not canonical"),
    ],
)
def test_what_is_no_entry_is_said(entry: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        event_id_of(entry)


def test_an_entry_names_its_event() -> None:
    assert event_id_of(told(7).entry) == told(7).event_id.bytes


def test_an_entry_that_is_none_is_found_although_the_tree_holds_it(tmp_path: Path) -> None:
    odd = Odd(told(290).event_id, b"", b"")
    log = TestLog([*events(290), odd, *events(9, 291)])

    found = verify_ours(tmp_path / "state", log.write(tmp_path / "published"))

    assert found.fault == ("entry-not-canonical", 290)


class Odd(Told):
    """An event whose entry a broken program wrote."""

    @property
    @override
    def entry(self) -> bytes:
        return b'{"v": 1}'


class TestRepeats:
    """One event twice, with memory that does not grow."""

    def test_the_first_that_stands_again_is_told(self, tmp_path: Path) -> None:
        seen = SeenIds(tmp_path / "run", 0)
        ids = [told(number).event_id.bytes for number in range(1_000)]

        seen.add(0, ids)
        seen.add(1_000, [told(5_000).event_id.bytes, ids[3], ids[2]])

        assert seen.first_repeat() == Repeat(ids[3], 3, 1_001)

    def test_what_was_written_after_it_was_remembered_is_cut_off(self, tmp_path: Path) -> None:
        ids = [told(number).event_id.bytes for number in range(600)]
        seen = SeenIds(tmp_path / "run", 0)
        seen.add(0, ids)
        seen.flush()

        again = SeenIds(tmp_path / "run", 256)
        again.add(256, ids[256:])

        assert again.first_repeat() is None

    def test_much_is_written_before_it_is_asked_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("waybill.verifier.repeats.MAX_WAITING_BYTES", 1_000)
        seen = SeenIds(tmp_path / "run", 0)

        seen.add(0, [told(number).event_id.bytes for number in range(100)])

        assert sum(path.stat().st_size for path in (tmp_path / "run").iterdir()) == 100 * 24

    def test_nothing_stays_behind(self, tmp_path: Path) -> None:
        seen = SeenIds(tmp_path / "run", 0)
        seen.add(0, [told(1).event_id.bytes])
        seen.flush()

        seen.remove()

        assert list(tmp_path.iterdir()) == []


class TestMemory:
    """The file of what is remembered."""

    def test_it_is_read_back(self, tmp_path: Path) -> None:
        log = TestLog(events(600))
        frontier, _ = frontier_of(512)
        memory = Memory(tmp_path / "state")
        reached = Reached(note=log.checkpoint(), frontier=frontier)
        memory.note_end("log", "/here", (SIGNER.verifier,), reached)
        memory.note_run("log", Reached(note=log.checkpoint(), frontier=Frontier(), bodies=True))

        assert load_memory(tmp_path / "state") == memory
        assert memory.of("log").last == reached
        assert memory.of("another") == LogMemory()

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "[]",
            '{"v":2}',
            '{"v":1,"logs":{},"addresses":[]}',
            '{"v":1,"logs":{"log":{"keys":{}}},"addresses":{}}',
            '{"v":1,"logs":{"log":{"keys":[1]}},"addresses":{}}',
            '{"v":1,"logs":{"log":{"keys":[],"last":{"note":"x","frontier":{}}}},"addresses":{}}',
        ],
    )
    def test_what_is_no_memory_is_not_read(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "state").write_text(content)

        with pytest.raises(UnreadableError, match="cannot be read"):
            load_memory(tmp_path / "state")

    def test_a_frontier_beyond_its_checkpoint_is_not_believed(self, tmp_path: Path) -> None:
        frontier, _ = frontier_of(512)
        reached = Reached(note=TestLog(events(3)).checkpoint(), frontier=frontier)
        Memory(tmp_path / "state").note_run("log", reached)

        with pytest.raises(UnreadableError, match="beyond its checkpoint"):
            load_memory(tmp_path / "state")

    def test_where_it_cannot_be_written_that_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        with pytest.raises(UnreadableError, match="the state"):
            Memory(tmp_path / "file" / "state").save()


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_has_words_in_both_languages(kind: FaultKind) -> None:
    words = WORDS[kind]

    assert all([words.zh, words.en, words.next_zh, words.next_en])
