"""Editions from outside the package: validated, installed in a folder, and added at the start.

A list that comes into force next year is a description and its tables, beside one another. It is
installed before its day, so that no day that has passed ever gets another law.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from waybill.codec import sha256
from waybill.goods import controls
from waybill.goods.catalogue import (
    DATA,
    DESCRIPTIONS,
    Edition,
    editions,
    forget_added_editions,
    read_edition,
    read_goods_list,
    register_edition,
)
from waybill.goods.tables import table

_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")


def validate_edition(meta_path: Path) -> Edition:
    """Return the edition that a description describes, once all its files are as it says.

    Raises:
        ValueError: names the file and what is wrong with it.
    """
    try:
        edition = read_edition(meta_path)
    except KeyError as error:
        raise ValueError(f"{meta_path.name}: {error.args[0]} is missing") from error
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise ValueError(f"{meta_path.name}: {error}") from error
    if not meta_path.match(DESCRIPTIONS):
        raise ValueError(f"{meta_path.name}: must be named {DESCRIPTIONS}")
    if not _NAME.fullmatch(edition.name):
        raise ValueError(f"{meta_path.name}: the edition's name must be letters, digits, . _ -")
    if edition.in_force_until is not None and edition.in_force_until < edition.in_force_from:
        raise ValueError(f"{meta_path.name}: it would end before it begins")
    _check_rows(edition)
    for entry in edition.tables.values():
        if sha256(_read(edition, entry.file)).hex() != entry.sha256:
            raise ValueError(f"{entry.file}: is not the file that was described")
        _read_header(edition, entry.file)
    return edition


def check_complete(edition: Edition) -> None:
    """Refuse an edition without a table or column that the product's own newest edition has.

    A rule that looked there would find nothing, and hold up every load.

    Raises:
        ValueError: names the file and what it lacks.
    """
    model = [known for known in editions() if known.folder == DATA][-1]
    for name, entry in model.tables.items():
        if name not in edition.tables:
            raise ValueError(f"{edition.file}: the edition names no table {name}")
        file = edition.tables[name].file
        lacking = set(_read_header(model, entry.file)) - set(_read_header(edition, file))
        if lacking:
            raise ValueError(f"{file}: columns are missing: {', '.join(sorted(lacking))}")


def add_editions(folder: Path) -> tuple[Edition, ...]:
    """Add every edition of a folder to those of the package; a folder that is not there has none.

    Called where a process starts. Adding a folder again changes nothing.

    Raises:
        ValueError: an edition is not as it is described, or has another's name.
    """
    added = tuple(validate_edition(path) for path in sorted(folder.glob(DESCRIPTIONS)))
    for edition in added:
        register_edition(edition)
    return added


def clear_editions() -> None:
    """Forget what was added and all that was read from it."""
    forget_added_editions()
    table.cache_clear()
    controls.forget()


def install_edition(meta_path: Path, folder: Path, *, today: date) -> Edition:
    """Copy an edition into the folder that processes add at their start.

    The description comes last: a folder never has one without its files.

    Args:
        meta_path: the description; its files stand beside it.
        folder: made where it is not there.
        today: in China. An edition must come into force later.

    Raises:
        ValueError: it is not valid or not complete, its name or a file's is taken, or its day has
            come: what was the law on a day that has passed is not changed.
    """
    edition = validate_edition(meta_path)
    check_complete(edition)
    if edition.in_force_from <= today:
        raise ValueError(
            f"{meta_path.name}: in force from {edition.in_force_from}, which is not after today"
            f" ({today}): what was the law on a day that has passed is not changed"
        )
    add_editions(folder)
    if any(known.name == edition.name for known in editions()):
        raise ValueError(f"{meta_path.name}: there already is an edition {edition.name}")
    _copy(edition, meta_path, folder)
    return edition


def _copy(edition: Edition, meta_path: Path, folder: Path) -> None:
    names = [*_files(edition), meta_path.name]
    for name in names:
        kept = folder / name
        if kept.exists() and kept.read_bytes() != (edition.folder / name).read_bytes():
            raise ValueError(f"{name}: another file of this name is in {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes((edition.folder / name).read_bytes())


def _files(edition: Edition) -> Iterable[str]:
    return dict.fromkeys([edition.file, *(entry.file for entry in edition.tables.values())])


def _check_rows(edition: Edition) -> None:
    data = _read(edition, edition.file)
    try:
        rows = read_goods_list(edition, data).entries
    except KeyError as error:
        raise ValueError(f"{edition.file}: column {error.args[0]} is missing") from error
    except ValueError as error:
        raise ValueError(f"{edition.file}: {error}") from error
    keys = [row.key for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError(f"{edition.file}: two rows have one key")


def _read_header(edition: Edition, file: str) -> tuple[str, ...]:
    try:
        text = _read(edition, file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: is not UTF-8") from error
    return tuple(csv.DictReader(io.StringIO(text)).fieldnames or ())


def _read(edition: Edition, file: str) -> bytes:
    if Path(file).name != file:
        raise ValueError(f"{file}: must be a plain file name")
    try:
        return (edition.folder / file).read_bytes()
    except OSError as error:
        raise ValueError(f"{file}: cannot be read") from error
