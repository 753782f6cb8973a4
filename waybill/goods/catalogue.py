"""The editions of the dangerous goods list, read once and found by date."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from waybill.codec import parse_json, sha256
from waybill.goods.entry import DangerousGoodsEntry, EntryStatus, HighlyToxic, PackingGroup
from waybill.goods.search import Indexed, Page, index, search

DATA: Final = Path(__file__).parent / "data"
DEFAULT_PAGE_SIZE: Final = 20
DESCRIPTIONS: Final = "dangerous_goods_*.meta.json"
"""How the files are named that describe an edition."""

_HIGHLY_TOXIC: Final[Mapping[str, HighlyToxic]] = {"yes": "yes", "no": "no", "ask": "ask"}


class UnknownEditionError(LookupError):
    """No edition of the list is in force on the day, or none has the name."""


class UnknownEntryError(LookupError):
    """The edition has no row with this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A table that belongs to an edition: its file and the digest of its bytes, hexadecimal."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of the list; both dates are days on which it is in force.

    `tables` are the tables that were published with it, by name; `folder` has all its files.
    """

    name: str
    file: str
    in_force_from: date
    in_force_until: date | None
    row_count: int
    sha256: str
    folder: Path = DATA
    tables: Mapping[str, TableFile] = field(default_factory=dict)

    def is_in_force(self, on: date) -> bool:
        """Whether the edition is the law on a day in China."""
        ended = self.in_force_until is not None and on > self.in_force_until
        return self.in_force_from <= on and not ended


# Filled once, where a process starts; a list that was read never changes.
_ADDED: Final[dict[str, Edition]] = {}


class GoodsList:
    """All rows of one edition. It never changes after it was read, so threads may share it."""

    def __init__(self, edition: Edition, rows: Iterable[Indexed]) -> None:
        self.edition = edition
        self._rows = tuple(rows)
        self._by_key = {row.entry.key: row.entry for row in self._rows}
        by_number: dict[str, list[DangerousGoodsEntry]] = {}
        for row in self._rows:
            by_number.setdefault(row.entry.un_number, []).append(row.entry)
        self._by_number: Mapping[str, tuple[DangerousGoodsEntry, ...]] = MappingProxyType(
            {number: tuple(entries) for number, entries in by_number.items()}
        )

    @property
    def entries(self) -> tuple[DangerousGoodsEntry, ...]:
        """All rows in the order of the list."""
        return tuple(row.entry for row in self._rows)

    def get(self, key: str) -> DangerousGoodsEntry:
        """Return the row with this key.

        Raises:
            UnknownEntryError: this edition has no such row.
        """
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownEntryError(key) from None

    def find(self, un_number: str) -> tuple[DangerousGoodsEntry, ...]:
        """Return the rows with this UN number in the order of the list; empty if there is none."""
        return self._by_number.get(un_number, ())

    def search(
        self, query: str, *, limit: int = DEFAULT_PAGE_SIZE, after: str | None = None
    ) -> Page:
        """Return one page of the rows that fit, best first.

        Args:
            query: UN number or its beginning, Chinese or English name, pinyin or its initials.
            limit: rows on the page, 1 to 200.
            after: `next_after` of the page before; it belongs to the same query.

        Raises:
            ValueError: a limit, a query or an `after` that cannot be.
        """
        return search(self._rows, query, limit=limit, after=after)


def catalogue(at: date) -> GoodsList:
    """Return the list that is in force on a day in China, of several the one that came last.

    Raises:
        UnknownEditionError: none is.
    """
    for edition in reversed(editions()):
        if edition.is_in_force(at):
            return load(edition.name)
    raise UnknownEditionError(f"no dangerous goods list is in force on {at}")


def editions() -> tuple[Edition, ...]:
    """Return all editions the product knows, oldest first: its own and those that were added."""
    known = (*_own_editions(), *_ADDED.values())
    return tuple(sorted(known, key=lambda edition: (edition.in_force_from, edition.name)))


def register_edition(edition: Edition) -> None:
    """Let an edition count from now on, in this process; `add_editions` validates it before.

    Raises:
        ValueError: another edition has its name.
    """
    for known in editions():
        if known.name == edition.name and known != edition:
            raise ValueError(f"there already is an edition {edition.name}, with other data")
    if edition not in editions():
        _ADDED[edition.name] = edition


def forget_added_editions() -> None:
    """Let the product's own editions alone count again."""
    _ADDED.clear()
    load.cache_clear()


@cache
def _own_editions() -> tuple[Edition, ...]:
    return tuple(read_edition(path) for path in sorted(DATA.glob(DESCRIPTIONS)))


@cache
def load(name: str) -> GoodsList:
    """Return an edition by its name, so that an old judgement can be repeated.

    Raises:
        UnknownEditionError: there is none of this name.
        ValueError: its file is not the one that its description was made for.
    """
    for edition in editions():
        if edition.name == name:
            return read_goods_list(edition, (edition.folder / edition.file).read_bytes())
    raise UnknownEditionError(f"there is no edition {name} of the dangerous goods list")


def read_edition(path: Path) -> Edition:
    """Read an edition's description; what it describes is not looked at.

    Raises:
        ValueError: it is no object, or a value cannot be.
        KeyError: a value is missing.
    """
    meta = parse_json(path.read_bytes())
    if not isinstance(meta, dict):
        raise ValueError(f"{path.name} must be an object")  # noqa: TRY004  a bad value, not type
    until = meta["in_force_until"]
    return Edition(
        name=str(meta["edition"]),
        file=str(meta["file"]),
        in_force_from=date.fromisoformat(str(meta["in_force_from"])),
        in_force_until=None if until is None else date.fromisoformat(str(until)),
        row_count=int(str(meta["row_count"])),
        sha256=str(meta["sha256"]),
        folder=path.parent,
        tables=msgspec.convert(meta.get("tables", {}), dict[str, TableFile]),
    )


def read_goods_list(edition: Edition, data: bytes) -> GoodsList:
    """Read the rows of an edition.

    Raises:
        ValueError: the bytes are not those the edition was described for.
    """
    if sha256(data).hex() != edition.sha256:
        raise ValueError(f"the data of edition {edition.name} was altered")
    rows = [_read_row(row) for row in csv.DictReader(io.StringIO(data.decode("utf-8")))]
    if len(rows) != edition.row_count:
        raise ValueError(f"edition {edition.name} has {len(rows)} rows")
    return GoodsList(edition, rows)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _read_row(row: Mapping[str, str]) -> Indexed:
    entry = DangerousGoodsEntry(
        key=row["key"],
        un_number=row["un_number"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        name_en_un=row["name_en_un"],
        variant_zh=row["variant_zh"],
        hazard_class=row["hazard_class"],
        division=row["division"],
        classification_code=row["classification_code"],
        subsidiary_hazards=_codes(row["subsidiary_hazards"]),
        labels=_codes(row["labels"]),
        packing_group=PackingGroup(row["packing_group"]) if row["packing_group"] else None,
        special_provisions_adr=_codes(row["special_provisions_adr"]),
        special_provisions_gb=_codes(row["special_provisions_gb"]),
        limited_quantity=row["limited_quantity"],
        excepted_quantity=row["excepted_quantity"],
        packing_instructions=_codes(row["packing_instructions"]),
        packing_special_provisions=_codes(row["packing_special_provisions"]),
        mixed_packing=_codes(row["mixed_packing"]),
        portable_tank_instruction=row["portable_tank_instruction"],
        megc=row["megc"] == "M",
        portable_tank_special_provisions=_codes(row["portable_tank_special_provisions"]),
        bulk_container=_codes(row["bulk_container"]),
        tank_codes=_codes(row["tank_codes"]),
        tank_special_provisions=_codes(row["tank_special_provisions"]),
        vehicle_for_tank_carriage=row["vehicle_for_tank_carriage"],
        transport_category=row["transport_category"],
        tunnel_restriction_code=row["tunnel_restriction_code"],
        v_packages=_codes(row["v_packages"]),
        vc_bulk=_codes(row["vc_bulk"]),
        cv_loading=_codes(row["cv_loading"]),
        s_operation=_codes(row["s_operation"]),
        hazard_identification_number=row["hazard_identification_number"],
        emergency_guide=row["emergency_guide"],
        status=EntryStatus(row["status"]),
        highly_toxic=_HIGHLY_TOXIC[row["highly_toxic"]],
        highly_toxic_entry=row["highly_toxic_entry"],
        aliases_zh=_codes(row["aliases_zh"]),
    )
    return index(entry, pinyin=row["pinyin"], initials=row["pinyin_initials"])
