"""The list of OpenID Connect providers through whose log-in accounts may come in.

It is a TOML file:

    [[provider]]
    id = "plant"
    name_zh = "淮安盐化"
    name_en = "Huai'an Salt Chemicals"
    issuer = "https://login.example.com/realms/plant"
    client_id = "waybill"
    client_secret_env = "WAYBILL_SSO_PLANT"
    organisations = ["91320800MA1AAAAA05"]
    hosts = ["keys.example.com"]

`organisations` are those whose accounts may come in so (统一社会信用代码). Without a secret the
client is a public one. The issuer's discovery names the other addresses; they must lie on the
issuer's own host or on one of `hosts`, and no redirect is followed, so that an answer leads the
server nowhere it was not told of.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

MAX_FILE_BYTES: Final = 65_536
_ID: Final = re.compile("[a-z0-9][a-z0-9-]{0,39}")
_REQUIRED: Final = ("id", "name_zh", "name_en", "issuer", "client_id", "organisations")
_OPTIONAL: Final = ("client_secret_env", "hosts", "logout_url")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_TEXTS: Final = ("id", "name_zh", "name_en", "issuer", "client_id", "logout_url")


class ProviderListError(ValueError):
    """The list of providers cannot be used; the message says why, and no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whose log-in is believed, and for whose accounts."""

    id: str
    name_zh: str
    name_en: str
    issuer: str
    client_id: str
    organisations: frozenset[str]
    hosts: frozenset[str]
    logout_url: str = ""
    client_secret: str = field(default="", repr=False)


def read_providers(path: Path | None, environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Read the list of providers; without a file there are none.

    Raises:
        ProviderListError: it cannot be read, or something in it cannot be used.
    """
    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            return parse_providers(file.read(MAX_FILE_BYTES).decode(), environ)
    except (OSError, ValueError, RecursionError) as error:
        raise ProviderListError(f"{path}: {error}") from error


def parse_providers(text: str, environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Read the text of a list.

    Raises:
        ValueError: something in it cannot be used.
    """
    found: Mapping[str, object] = tomllib.loads(text)
    _check_entries(found, ("provider",), ())
    tables = found.get("provider", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("providers are written as [[provider]]")
    providers = tuple(_provider(table, environ) for table in tables)
    for name in ("id", "issuer"):
        if len({getattr(each, name) for each in providers}) != len(providers):
            raise ValueError(f"two providers have one {name}")
    return providers


def _check_entries(
    table: Mapping[str, object], known: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    if wrong := sorted(table.keys() - set(known)):
        raise ValueError(f"entries that mean nothing: {', '.join(wrong)}")
    if missing := [name for name in needed if not table.get(name)]:
        raise ValueError(f"a provider lacks {missing[0]}")


def _provider(table: Mapping[str, object], environ: Mapping[str, str]) -> Provider:
    _check_entries(table, (*_REQUIRED, *_OPTIONAL), _REQUIRED)
    texts = {name: _text(table, name) for name in _TEXTS}
    if not _ID.fullmatch(texts["id"]):
        raise ValueError("an id is small letters, digits and -")
    issuer = urlsplit(texts["issuer"])
    if not _secure(texts["issuer"]) or issuer.query or issuer.fragment:
        raise ValueError("an issuer is an https address")
    variable = _text(table, "client_secret_env")
    secret = environ.get(variable, "")
    if variable and not secret:
        raise ValueError(f"{variable} is empty")
    return Provider(
        **texts,
        organisations=frozenset(_texts(table, "organisations")),
        hosts=frozenset((issuer.netloc, *_texts(table, "hosts"))),
        client_secret=secret,
    )


def _text(table: Mapping[str, object], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004  the file is wrong
    return value


def _texts(table: Mapping[str, object], name: str) -> list[str]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{name} is no list of texts")
    return value


def allowed(url: str, provider: Provider) -> bool:
    """Return whether an address lies where a provider's may."""
    return _secure(url) and urlsplit(url).netloc in provider.hosts


def _secure(url: str) -> bool:
    """Return whether nobody on the way reads along; on this machine itself nobody is."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or plain) and "@" not in parts.netloc
