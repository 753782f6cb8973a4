"""One flipped bit anywhere in what is published is found, by our verifier and by Go's."""

import random
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.harness.logs import TestLog, events
from tests.harness.verifying import verify_go, verify_ours

SIZE: Final = 600
FLIPS: Final = 4
"""How many bits are flipped in each place, one at a time, drawn anew for each."""

# What may say so: an altered entry or tile is found where it stands, an altered checkpoint as such.
PLACES: Final = {
    "checkpoint": None,
    "tile/0/000": range(256),
    "tile/0/002.p/88": range(512, 600),
    "tile/1/000.p/2": range(0, 512, 256),
    "tile/entries/001": range(256, 512),
    "tile/entries/002.p/88": range(512, 600),
    "bodies/001.ndjson": range(256, 512),
    "bodies/002.p/88.ndjson": range(512, 600),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with bodies and salts, as it should be."""
    return TestLog(events(SIZE)).write(tmp_path_factory.mktemp("published"), bodies=True)


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


def flip(path: Path, seed: object) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    bit = random.Random(str(seed)).randrange(len(content) * 8)  # noqa: S311  the same in every run
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def test_without_a_flip_both_find_it_whole(copy: Path, tmp_path: Path) -> None:
    key = (copy / "key").read_text().strip()

    ours = verify_ours(tmp_path / "state", copy, "--key", key, "--bodies", str(copy))
    go = verify_go(key, copy, "-bodies")

    assert (ours.told["holds"], ours.told["bodies"]) == (True, SIZE)
    assert go.told == {"holds": True, "size": SIZE}


@pytest.mark.parametrize("seed", range(FLIPS))
@pytest.mark.parametrize("place", PLACES)
def test_a_flipped_bit_is_found_by_both(copy: Path, tmp_path: Path, place: str, seed: int) -> None:
    key = (copy / "key").read_text().strip()
    flip(copy / place, (place, seed))

    ours = verify_ours(tmp_path / "state", copy, "--key", key, "--bodies", str(copy))
    go = verify_go(key, copy, "-bodies")

    assert (ours.exit_code, go.exit_code) == (1, 1), (ours, go)
    where = PLACES[place]
    if where is None:
        assert ours.told["fault"] in {"checkpoint-malformed", "checkpoint-unsigned"}
    else:
        assert ours.told["index"] in where, ours
        assert go.told["index"] in where, go
        assert ours.told["fault"].split("-")[0] in {"tile", "entry", "bundle", "body"}


@pytest.mark.parametrize("seed", range(FLIPS))
def test_a_flipped_bit_in_the_key_file_is_found_by_whoever_trusts_it(
    copy: Path, tmp_path: Path, seed: int
) -> None:
    flip(copy / "key", ("key", seed))

    ours = verify_ours(tmp_path / "state", copy)

    assert (ours.exit_code, ours.told["fault"]) == (1, "checkpoint-unsigned")
