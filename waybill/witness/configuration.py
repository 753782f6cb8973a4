"""Which logs a witness follows, read from a TOML file. Paths count from the file's own folder.

key = "witness.key"
store = "witness.sqlite3"
look_every_s = 60

[[log]]
origin = "waybill.example.org/log"
keys = ["waybill.example.org/log+1a2b3c4d+AQ..."]
url = "https://waybill.example.org/log"
stands_still_after_s = 86400
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from waybill.transparency.errors import NoteError
from waybill.transparency.notes import Algorithm, VerifierKey, parse_verifier_key

MAX_FILE_BYTES: Final = 1 << 20
DEFAULT_LOOK_EVERY_S: Final = 60
MAX_SECONDS: Final = 366 * 24 * 3600

_TOP: Final = frozenset({"key", "store", "look_every_s", "log"})
_LOG: Final = frozenset({"origin", "keys", "url", "succeeds", "stands_still_after_s"})


class ConfigurationError(ValueError):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedLog:
    """A log, the keys it signs with, where it is served, and how long it may not grow.

    Without a `url` the witness sees only what is submitted; without `stands_still_after` a log
    may be as quiet as it likes. `succeeds` is the origin of the log it took over from, whose end
    its first entry must name.
    """

    origin: str
    keys: tuple[VerifierKey, ...]
    url: str | None = None
    succeeds: str | None = None
    stands_still_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the file says."""

    key: Path
    store: Path
    logs: tuple[FollowedLog, ...]
    look_every: timedelta = timedelta(seconds=DEFAULT_LOOK_EVERY_S)


def read_configuration(path: Path) -> Configuration:
    """Read a witness's configuration.

    Raises:
        ConfigurationError: it cannot be read, or something in it cannot be used.
    """
    try:
        with path.open("rb") as file:
            found = tomllib.loads(file.read(MAX_FILE_BYTES).decode())
        return _configuration(found, path.parent)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _configuration(found: Mapping[str, object], folder: Path) -> Configuration:
    _refuse_unknown(found, _TOP, "the file")
    tables = found.get("log", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("logs are written as [[log]]")
    logs = tuple(_log(table) for table in tables)
    if not logs or len({log.origin for log in logs}) != len(logs):
        raise ValueError("a witness follows at least one log, and each origin once")
    if {log.succeeds for log in logs} - {log.origin for log in logs} - {None}:
        raise ValueError("a log that is succeeded stays in the list")
    return Configuration(
        key=folder / read_text(found, "key"),
        store=folder / read_text(found, "store"),
        logs=logs,
        look_every=_seconds(found, "look_every_s") or timedelta(seconds=DEFAULT_LOOK_EVERY_S),
    )


def _log(table: Mapping[str, object]) -> FollowedLog:
    origin = read_text(table, "origin")
    _refuse_unknown(table, _LOG, origin)
    return FollowedLog(
        origin=origin,
        keys=read_keys(table, Algorithm.ED25519),
        url=read_url(table) if "url" in table else None,
        succeeds=read_text(table, "succeeds") if "succeeds" in table else None,
        stands_still_after=_seconds(table, "stands_still_after_s"),
    )


def read_text(table: Mapping[str, object], name: str) -> str:
    """Return a text that must be there.

    Raises:
        ValueError: it is missing, empty, or no text.
    """
    found = table.get(name)
    if not isinstance(found, str) or not found or "\n" in found:
        raise ValueError(f"{name} must be a text")
    return found


def read_keys(table: Mapping[str, object], algorithm: Algorithm) -> tuple[VerifierKey, ...]:
    """Return the verifier keys of an entry, all of one kind.

    Raises:
        ValueError: there is none, or one is not as `waybill witness key` or a log shows it.
    """
    found = table.get("keys")
    if not isinstance(found, list) or not found:
        raise ValueError("keys must be a list of verifier keys")
    keys = tuple(parse_verifier_key(text if isinstance(text, str) else "") for text in found)
    if any(key.algorithm is not algorithm for key in keys):
        raise NoteError(f"keys must be of the kind {algorithm.name}")
    return keys


def read_url(table: Mapping[str, object]) -> str:
    """Return an address without the slash at its end.

    Raises:
        ValueError: it is no http or https address, or says more than a place.
    """
    text = read_text(table, "url").rstrip("/")
    parts = urlsplit(text)
    odd = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in {"http", "https"} or not parts.hostname or odd:
        raise ValueError("url must be an http or https address")
    return text


def _seconds(table: Mapping[str, object], name: str) -> timedelta | None:
    found = table.get(name)
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= MAX_SECONDS:
        raise ValueError(f"{name} must be a whole number of seconds, at most a year")
    return timedelta(seconds=found)


def _refuse_unknown(table: Mapping[str, object], known: frozenset[str], where: str) -> None:
    if unknown := sorted(table.keys() - known):
        raise ValueError(f"{where} has entries that mean nothing: {', '.join(unknown)}")
