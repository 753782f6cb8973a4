"""`docs/personal-data.md` names every column that can hold something of a person, and no other."""

import re
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import JSON, Enum, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from api import auth
from api.language import LANGUAGE_COOKIE
from waybill.storage.tables import METADATA

NAMED: Final = re.compile(r"`([a-z_]+\.[a-z0-9_]+)`")
PEOPLE: Final = frozenset({"user_account", "person"})
COLUMNS: Final = {
    f"{table.name}.{column.name}": column
    for table in METADATA.sorted_tables
    for column in table.columns
}


@pytest.fixture(scope="module")
def register(repository: Path) -> dict[str, str]:
    """The register's sections by their headings."""
    text = (repository / "docs" / "personal-data.md").read_text("utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def can_hold_anything(name: str) -> bool:
    kind = COLUMNS[name].type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return isinstance(kind, String | LargeBinary | JSON) and not isinstance(kind, Enum)


def test_every_column_that_can_hold_anything_is_named_once(register: dict[str, str]) -> None:
    named = [
        name
        for heading, text in register.items()
        if heading != "References"
        for name in NAMED.findall(text)
        if name in COLUMNS
    ]
    wanted = {name for name in COLUMNS if can_hold_anything(name)}

    assert sorted(named) == sorted(wanted)


def test_every_reference_to_somebody_is_named(register: dict[str, str]) -> None:
    wanted = {
        name
        for name, column in COLUMNS.items()
        if any(key.column.table.name in PEOPLE for key in column.foreign_keys)
    }

    assert sorted(NAMED.findall(register["References"])) == sorted(wanted)


def test_every_cookie_is_named(register: dict[str, str]) -> None:
    cookies = {value for name, value in vars(auth).items() if name.endswith("_COOKIE")}

    missing = [
        c for c in {*cookies, LANGUAGE_COOKIE} if f"`{c}`" not in register["Outside the database"]
    ]
    assert missing == []
