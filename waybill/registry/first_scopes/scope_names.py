"""Which names of goods are known: an exclusion that nobody can place must not be passed over."""

from functools import cache
from typing import Final

from waybill.goods.catalogue import load
from waybill.registry.first_scopes.scope_terms import bare_name, single_names

_EDITION: Final = "2025"
"""The one edition of the goods list that these rules have ever read names from."""


@cache
def _known_names() -> frozenset[str]:
    entries = load(_EDITION).entries
    names = {name for entry in entries for name in single_names((entry.name_zh, *entry.aliases_zh))}
    return frozenset(names | {bare_name(name) for name in names})


def is_known_name(text: str) -> bool:
    """Say whether text is a name, or a name of the trade, of any goods in that edition."""
    name = text.casefold()
    return name in _known_names() or bare_name(name) in _known_names()
