"""The law's figures, by edition: data with their source, so that a new figure is a new file.

An edition is a folder beside this module: `edition.toml` says from when it holds, each other file
is a CSV table of figures. A verdict's facts name the edition it was judged by; a published edition
is never edited, so the same figures are found years later.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from waybill.rules.facts import Facts

FIGURES: Final = "figures"
"""The folder of an installation's own editions, inside that of its goods lists."""
_FOLDER: Final = Path(__file__).parent
_SOURCES: Final[list[Path]] = [_FOLDER]


class UnknownFigureError(LookupError):
    """No edition of the figures has this name or holds on this day, or it lacks the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of the law with its unit and source; `confirmed` says that its text was read."""

    key: str
    value: Decimal
    unit: str
    source_zh: str
    source_en: str
    confirmed: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEdition:
    """A published state of all figures, in force from a day on (Asia/Shanghai)."""

    name: str
    in_force_from: date
    figures: Mapping[str, Figure]


@cache
def figure_editions() -> tuple[FigureEdition, ...]:
    """Return all editions, oldest first.

    Raises:
        ValueError: a file is not of the shape that is asked for, or two have one name.
    """
    folders = [path.parent for source in _SOURCES for path in source.glob("*/edition.toml")]
    found = [read_edition(folder) for folder in folders]
    names = [edition.name for edition in found]
    if len(set(names)) != len(names):
        raise ValueError(f"editions of the figures share a name: {sorted(names)}")
    return tuple(sorted(found, key=lambda edition: (edition.in_force_from, edition.name)))


def add_figure_source(folder: Path) -> None:
    """Take further editions from a folder outside the package."""
    if folder not in _SOURCES:
        _SOURCES.append(folder)
        figure_editions.cache_clear()
        _edition.cache_clear()


def forget_figure_sources() -> None:
    """Let the package's own editions alone count again."""
    del _SOURCES[1:]
    figure_editions.cache_clear()
    _edition.cache_clear()


class _Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`edition.toml`."""

    in_force_from: date


def read_edition(folder: Path) -> FigureEdition:
    """Read one edition from its folder, whose name is the edition's.

    Raises:
        ValueError: a figure stands twice, or a row cannot be read.
    """
    described = msgspec.toml.decode((folder / "edition.toml").read_bytes(), type=_Described)
    figures: dict[str, Figure] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["key"] in figures:
                    raise ValueError(f"{path.name} repeats the figure {row['key']}")
                figures[row["key"]] = Figure(
                    key=row["key"],
                    value=Decimal(row["value"]),
                    unit=row["unit"],
                    source_zh=row["source_zh"],
                    source_en=row["source_en"],
                    confirmed={"yes": True, "no": False}[row["confirmed"]],
                    note=row["note"],
                )
    return FigureEdition(name=folder.name, in_force_from=described.in_force_from, figures=figures)


def figures_in_force(on: date) -> FigureEdition:
    """Return the edition that holds on a day: of several the newest.

    Raises:
        UnknownFigureError: none holds yet.
    """
    for edition in reversed(figure_editions()):
        if edition.in_force_from <= on:
            return edition
    raise UnknownFigureError(f"no figures are in force on {on}")


@cache
def _edition(name: str) -> FigureEdition:
    for edition in figure_editions():
        if edition.name == name:
            return edition
    raise UnknownFigureError(f"there is no edition {name!r} of the figures")


def figure(facts: Facts, key: str) -> Decimal:
    """Return a figure of the edition that the facts name.

    Raises:
        UnknownFigureError: there is no such edition, or it lacks the figure; a rule that cannot
            find its figure is unknown, which never clears.
    """
    known = _edition(facts.figures).figures.get(key)
    if known is None:
        raise UnknownFigureError(f"edition {facts.figures!r} has no figure {key}")
    return known.value
