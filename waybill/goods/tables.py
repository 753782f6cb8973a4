"""The tables beside the dangerous goods list: which file belongs to which edition.

An edition of the list names the tables that were published with it in its description
(`dangerous_goods_2025.meta.json`), each with its digest. So what a verdict looked up can be looked
up again years later, and next year's edition is a set of files.
"""

import csv
import io
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from waybill.codec import sha256
from waybill.goods.catalogue import UnknownEditionError, editions

Row: TypeAlias = Mapping[str, str]


class UnknownTableError(LookupError):
    """The edition has no table of this name."""


@cache
def table(edition: str, name: str) -> tuple[Row, ...]:
    """Return the rows of a table of an edition, in the file's order.

    Raises:
        UnknownEditionError: there is no edition of this name.
        UnknownTableError: the edition names no such table.
        ValueError: the file is not the one that the edition was described with.
    """
    for known in editions():
        if known.name == edition:
            entry = known.tables.get(name)
            if entry is None:
                raise UnknownTableError(f"edition {edition} has no table {name}")
            data = (known.folder / entry.file).read_bytes()
            if sha256(data).hex() != entry.sha256:
                raise ValueError(f"table {name} of edition {edition} was altered")
            return tuple(csv.DictReader(io.StringIO(data.decode("utf-8"))))
    raise UnknownEditionError(f"there is no edition {edition} of the dangerous goods list")


def spelt_out(cell: str) -> tuple[str, ...]:
    """Return the codes of a cell, a range of UN numbers (`3221-3224`) number by number."""
    found: list[str] = []
    for code in cell.split():
        first, _, last = code.partition("-")
        found += [f"{n:04}" for n in range(int(first), int(last) + 1)] if last else [code]
    return tuple(found)
