"""The words of the pages: one catalogue per language, `api/words/zh.toml` and `en.toml`.

Both hold the same keys; a key is written as `section.name`. What the registry's closed lists are
called stands in `waybill.registry.labels`, what findings say in the rules' own texts.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from api.language import language
from waybill.registry.labels import label_of

WORDS: Final = Path(__file__).parent / "words"


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Return the words of a language (`zh` or `en`) by their dotted keys."""
    sections = tomllib.loads((WORDS / f"{locale}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": text
        for section, words in sections.items()
        for name, text in words.items()
    }


def t(key: str, **values: object) -> str:
    """Return the words for a key in the reader's language, with values put in.

    Raises:
        KeyError: the catalogue lacks the key; a test keeps templates and catalogue in step.
    """
    text = catalogue(language())[key]
    return text.format(**values) if values else text


def term(member: StrEnum) -> str:
    """Return what a member of one of the registry's closed lists is called."""
    label = label_of(member)
    return label.zh if language() == "zh" else label.en
