"""Whatever comes from outside is read or refused, and nothing else: a short run of `make fuzz`."""

import random

import pytest

from tests.harness.parser_parts import Parser, mutated
from tests.harness.parsers import parsers

TRIES = 120


@pytest.mark.parametrize("name", parsers())
def test_a_damaged_text_is_read_or_refused(name: str) -> None:
    parser, chance = parsers()[name], random.Random(name)  # noqa: S311  made up, and each time the same

    for seed in parser.seeds:
        parser.survives(seed)
    for _ in range(TRIES):
        parser.survives(mutated(chance.choice(parser.seeds), chance))


def test_a_reader_that_breaks_is_found() -> None:
    broken = Parser(read=lambda data: data.decode("ascii"), seeds=[b"x"], refuses=(KeyError,))

    with pytest.raises(UnicodeDecodeError):
        broken.survives(b"\xff")
