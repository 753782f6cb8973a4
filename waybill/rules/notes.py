"""What rules and figures say of their own proof, in the reader's language.

A note is English where the rule or figure stands; `texts/notes_zh.toml` has each of its sentences
in Chinese. A sentence nobody has put into Chinese leaves the whole note in English.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from waybill.rules.wording import Locale

_CHINESE: Final = Path(__file__).with_name("texts") / "notes_zh.toml"


def note_in(note: str, locale: Locale) -> str:
    """Return a note, or a figure's unit, in a language; as it is where nothing is known."""
    if locale == "en":
        return note
    written, rest = "", note
    while rest:
        known = next((sentence for sentence in _chinese() if rest.startswith(sentence)), None)
        if known is None:
            return note
        written += _chinese()[known]
        rest = rest.removeprefix(known).lstrip()
    return written


@cache
def _chinese() -> Mapping[str, str]:
    """Return the sentences, the longest first: one may be the beginning of another."""
    table = msgspec.toml.decode(_CHINESE.read_bytes(), type=dict[str, str])
    return {key: table[key] for key in sorted(table, key=len, reverse=True)}
