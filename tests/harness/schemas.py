"""A schema as it is read back from a database, and what of it a program of before misses."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, Inspector, inspect

_VALUE: Final = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as a writer meets it: without a value it is empty, its default, or refused."""

    type: str
    nullable: bool
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as a writer meets it. `rules` are its CHECKs by name, `keys` what is unique."""

    columns: dict[str, Column]
    rules: dict[str, str]
    keys: frozenset[tuple[str, ...]]
    references: frozenset[tuple[str, ...]]


Schema = Mapping[str, Table]


def read_schema(engine: Engine) -> Schema:
    """Read every table but Alembic's own."""
    seen = inspect(engine)
    return {
        name: Table(
            columns={
                column["name"]: Column(
                    type=str(column["type"]),
                    nullable=column["nullable"],
                    default=column["default"],
                )
                for column in seen.get_columns(name)
            },
            rules={str(rule["name"]): rule["sqltext"] for rule in seen.get_check_constraints(name)},
            keys=frozenset(_keys(seen, name)),
            references=frozenset(
                tuple(key["constrained_columns"]) for key in seen.get_foreign_keys(name)
            ),
        )
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def _keys(seen: Inspector, table: str) -> Iterator[tuple[str, ...]]:
    for key in seen.get_unique_constraints(table):
        yield tuple(key["column_names"])
    for index in seen.get_indexes(table):
        if index["unique"]:
            yield tuple(map(str, index["column_names"]))


def missed(before: Schema, after: Schema) -> list[str]:
    """Return what a program of before can no longer read or write, each in a few words."""
    return [
        fault
        for name, table in before.items()
        for fault in (_in_table(name, table, after[name]) if name in after else [f"{name} is gone"])
    ]


def _in_table(name: str, before: Table, after: Table) -> Iterator[str]:
    for column, was in before.columns.items():
        now = after.columns.get(column)
        if now is None:
            yield f"{name}.{column} is gone"
        elif now.type != was.type:
            yield f"{name}.{column} is {now.type}, was {was.type}"
        elif was.nullable and not now.nullable:
            yield f"{name}.{column} may not be empty any more"
        elif was.default is not None and now.default is None and not now.nullable:
            yield f"{name}.{column} has no default any more"
    new = set(after.columns) - set(before.columns)
    for column in sorted(new):
        if not after.columns[column].nullable and after.columns[column].default is None:
            yield f"{name}.{column} is new and may not be empty"
    yield from (
        f"{name}: {rule} is narrower" for rule in after.rules if _narrower(rule, before, after)
    )
    for key in sorted((after.keys - before.keys) | (after.references - before.references)):
        if not set(key) <= new:
            yield f"{name}: {', '.join(key)} is bound anew"


def _narrower(rule: str, before: Table, after: Table) -> bool:
    """Return whether a CHECK may refuse what was allowed: a closed list may only grow."""
    now, was = after.rules[rule], before.rules.get(rule)
    if was is None:
        return any(re.search(rf"\b{column}\b", now) for column in before.columns)
    same_shape = _VALUE.sub("?", now).count("?") >= _VALUE.sub("?", was).count("?")
    grown = set(_VALUE.findall(was)) <= set(_VALUE.findall(now)) and same_shape
    if " IN (" in was and " IN (" in now:
        return not grown
    return "".join(now.split()) != "".join(was.split())
