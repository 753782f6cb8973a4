"""A reader to be tried, and how a text that it reads is damaged."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from waybill.codec import parse_json

PIECES: Final = (
    *(
        b"",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
        b"\n",
        b"\r\n",
        b"9" * 40,
        b"A" * 200,
    ),
    *(
        b'"',
        b"{",
        b"[" * 300,
        b"null",
        b"true",
        b"1e400",
        b"-1",
        b"NaN",
        b"../",
        b"%00",
        b"=",
        b".",
    ),
    *(each.encode() for each in ("\u3000", "\uff11", "苏", "İ", ",", ":")),
)
"""What is put in, here and there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """A reader, texts that it reads, and what it may raise of others."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    refuses: tuple[type[Exception], ...] = (ValueError,)

    def survives(self, data: bytes) -> None:
        """Read; whatever is raised but a refusal is a fault."""
        with suppress(*self.refuses):
            self.read(data)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return a text with a few changes: bytes, pieces, cuts and repeats."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.choice((1, 1, 2, 8, 64)))
        kind = chance.randrange(5)
        if kind == 0 and data:
            data[at % len(data)] = chance.randrange(256)
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at:at] = chance.choice(PIECES)
        elif kind == 3:
            data[at:end] = chance.choice(PIECES)
        else:
            data[at:at] = data[at:end] * chance.choice((1, 2, 50))
    return bytes(data)


def text_of(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def json_of(read: Callable[[object], object]) -> Callable[[bytes], object]:
    return lambda data: read(parse_json(data))
