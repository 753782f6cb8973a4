"""Tiles and bundles: their addresses, their growth, and what they must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.trees import MemoryTree, log_vectors
from waybill.transparency.errors import TileError
from waybill.transparency.merkle import EMPTY_ROOT, inclusion_proof, leaf_hash, verify_inclusion
from waybill.transparency.tiles import (
    ENTRIES,
    Tile,
    TileNodes,
    bundles_of,
    grow,
    hashes_of,
    parse_tile_path,
    read_bundle,
    root_from_tiles,
    tile_at,
    tiles_of,
    write_bundle,
)

TESTLOG = log_vectors("testlog")
PATHS = log_vectors("tile_paths")
ENTRY_LIST = [entry.encode() for entry in TESTLOG["entries"]]


@pytest.mark.parametrize(("index", "path"), sorted(PATHS["level_index_path"].items()))
def test_an_address_is_written_and_read_as_the_format_says(index: str, path: str) -> None:
    assert Tile(0, int(index), 256).path == f"0/{path}"
    assert parse_tile_path(f"entries/{path}.p/7") == Tile(ENTRIES, int(index), 7)


@given(st.integers(-1, 63), st.integers(0, 10**18), st.integers(1, 256))
def test_every_address_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)

    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "0/1",
        "0/0001",
        "0/x000/001",
        "0/001/001",
        "0/x001",
        "00/001",
        "64/000",
        "-1/000",
        "entries",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/000/",
        "0/../000",
        "0/\u0660\u0660\u0660",
        "0/000\n",
    ],
)
def test_any_other_address_is_refused(path: str) -> None:
    with pytest.raises(TileError):
        parse_tile_path(path)


def test_a_tree_has_the_tiles_the_format_counts() -> None:
    counts = PATHS["partial_widths"]
    tiles = list(tiles_of(counts["size"]))
    widths = {
        (level, kind): [t.width for t in tiles if t.level == level and (t.width == 256) is kind]
        for level in range(3)
        for kind in (True, False)
    }

    assert len(widths[0, True]) == counts["l0_full"]
    assert widths[0, False] == [counts["l0_partial"]]
    assert len(widths[1, True]) == counts["l1_full"]
    assert widths[1, False] == [counts["l1_partial"]]
    assert (widths[2, True], widths[2, False]) == ([], [counts["l2_partial"]])
    assert list(bundles_of(600)) == [Tile(-1, 0, 256), Tile(-1, 1, 256), Tile(-1, 2, 88)]
    assert list(tiles_of(0)) == list(bundles_of(0)) == []
    assert list(tiles_of(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]


def test_tiles_and_bundles_of_a_real_log_come_out_the_same() -> None:
    tree = MemoryTree()
    for size, entry in enumerate(ENTRY_LIST, start=1):
        tree.append([entry])
        tile = Tile(0, 0, size)

        assert tree.tiles[tile].hex() == TESTLOG["tile_0_000"][str(size)]
        assert write_bundle(ENTRY_LIST[:size]).hex() == TESTLOG["bundle_000"][str(size)]
        bundle = bytes.fromhex(TESTLOG["bundle_000"][str(size)])
        assert read_bundle(tile, bundle) == ENTRY_LIST[:size]


@given(st.lists(st.integers(0, 700), max_size=5), st.integers(0, 10**6))
def test_a_tree_is_the_same_however_it_grew(batches: list[int], chosen: int) -> None:
    entries = [value.to_bytes(3, "big") for value in range(sum(batches))]
    grown, at = MemoryTree(), 0
    for batch in batches:
        grown.append(entries[at : at + batch])
        at += batch
    whole = MemoryTree(entries)

    assert (grown.size, grown.root or EMPTY_ROOT) == (whole.size, whole.root or EMPTY_ROOT)
    assert set(tiles_of(whole.size)) <= set(grown.tiles)
    assert all(grown.tiles[tile] == whole.tiles[tile] for tile in tiles_of(whole.size))
    if entries:
        index = chosen % len(entries)
        path = inclusion_proof(index, grown.size, TileNodes(grown.size, grown.read))
        leaf = leaf_hash(entries[index])
        verify_inclusion(leaf, index=index, size=grown.size, proof=path, root=whole.root)


def test_a_tree_of_several_levels_of_tiles_has_its_root() -> None:
    tree = MemoryTree([value.to_bytes(3, "big") for value in range(70_000)])

    assert max(tile.level for tile in tree.tiles) == 2
    assert root_from_tiles(tree.size, tree.read) == tree.root
    assert TileNodes(tree.size, tree.read)(16, 0) == tree.tiles[Tile(2, 0, 1)]


def test_nothing_appended_is_nothing_grown() -> None:
    tree = MemoryTree([b"one", b"two"])

    assert grow(tree.size, tree.read, []) == type(grow(0, tree.read, []))(2, tree.root, {})
    assert grow(0, tree.read, []).root == EMPTY_ROOT


@pytest.mark.parametrize(("level", "index"), [(0, 5), (1, 2), (3, 0), (8, 0), (0, 256)])
def test_a_subtree_that_is_not_whole_is_not_told(level: int, index: int) -> None:
    tree = MemoryTree([b"1", b"2", b"3", b"4", b"5"])

    with pytest.raises(TileError, match="has no hash"):
        TileNodes(tree.size, tree.read)(level, index)


def test_a_place_beyond_the_tree_has_no_tile() -> None:
    assert tile_at(0, 1, 256) is None
    assert tile_at(0, 1, 257) == Tile(0, 1, 1)
    assert tile_at(ENTRIES, 0, 3) == Tile(ENTRIES, 0, 3)
    assert tile_at(1, 0, 255) is None


def test_a_tile_of_another_length_is_refused() -> None:
    with pytest.raises(TileError, match="has 63 bytes"):
        hashes_of(Tile(0, 0, 2), bytes(63))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00", "breaks off"),
        (b"\x00\x03ab", "breaks off"),
        (b"\x00\x01a", "has 1 entries"),
        (b"\x00\x01a\x00\x00\x00\x01b", "has 3 entries"),
        (b"\x00\x01a\x00\x01b\x00", "breaks off"),
        (b"", "has 0 entries"),
    ],
)
def test_a_bundle_that_is_not_what_its_width_says_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(TileError, match=reason):
        read_bundle(Tile(ENTRIES, 0, 2), content)


def test_an_entry_has_a_longest_length() -> None:
    assert len(write_bundle([bytes(65_535)])) == 65_537
    with pytest.raises(TileError, match="at most"):
        write_bundle([bytes(65_536)])
