"""What an installation is told from outside: read once, from the environment, and then fixed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from waybill.codec import b64url_decode

KEY_BYTES: Final = 32
MIN_SECRET_CHARACTERS: Final = 32
DEFAULT_DATABASE_URL: Final = "sqlite:///var/waybill.sqlite3"
DEFAULT_KEY_DIR: Final = "var/keys"
DEFAULT_EDITIONS_DIR: Final = "var/editions"
DEFAULT_EXPORTS_DIR: Final = "var/exports"
DEFAULT_ISSUER: Final = "demo"
DEFAULT_PUBLIC_URL: Final = "http://127.0.0.1:8000"
DEFAULT_SECOND_FACTOR_ROLES: Final = frozenset({"auditor", "senior-auditor", "admin"})
"""Who sees all of it, or lets others in. Names of `registry.access.Role`."""
NO_ROLES: Final = "none"
MEBIBYTE: Final = 1 << 20
_ORIGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]{0,199}")
"""A name without scheme: keys of the log carry it, and they allow neither spaces nor a plus."""


class SettingsError(ValueError):
    """A variable is missing or cannot be used; the message names it and never its value."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation is configured with.

    Attributes:
        database_url: WAYBILL_DATABASE_URL, `sqlite:///…` or `postgresql+psycopg://…`.
        secret_key: WAYBILL_SECRET_KEY, at least 32 characters; access tokens and page forms are
            signed with keys derived from it. Required.
        pii_key: WAYBILL_PII_KEY, 32 bytes as base64url; encrypts personal values. Required.
        pii_index_key: WAYBILL_PII_INDEX_KEY, 32 bytes as base64url; finds them again. Required.
        key_dir: WAYBILL_KEY_DIR, folder of the private signing keys.
        editions_dir: WAYBILL_EDITIONS_DIR, folder of editions of the dangerous goods list that came
            after the program (`waybill goods load`); read when a process starts.
        exports_dir: WAYBILL_EXPORTS_DIR, folder of finished exports of the log; the server and the
            worker share it.
        exports_kept_for: WAYBILL_EXPORT_DAYS, days for which they can be fetched; 1 to 90.
        demo_page: WAYBILL_DEMO_PAGE, file of the demonstration's page of codes, served at `/demo`;
            set by `waybill demo` alone.
        issuer: WAYBILL_ISSUER, the name under which this installation signs.
        public_url: WAYBILL_PUBLIC_URL, where the public reaches it; without a slash at the end.
        log_origin: WAYBILL_LOG_ORIGIN, what a new log is called, for ever; without it, host and
            port of the public address and `/log`.
        witnesses: WAYBILL_WITNESSES, TOML file of the log's witnesses and their quorum; without it
            nobody is asked to cosign.
        trusted_proxies: WAYBILL_TRUSTED_PROXIES, how many proxies in front may be believed when
            they say whose request they pass on; 0 believes none.
        access_token_lifetime: WAYBILL_ACCESS_TOKEN_MINUTES, minutes; 1 to 60.
        refresh_token_lifetime: WAYBILL_REFRESH_TOKEN_HOURS, hours; 1 to 168. Also a page session's.
        offline_preclearance_lifetime: WAYBILL_OFFLINE_PRECLEARANCE_HOURS, hours for which a tablet
            without network may go by what was judged ahead; 1 to 24. One shift by default: within
            it an arrival is rarely cancelled, and what is revoked meanwhile is found when the
            record comes in.
        offline_trust_lifetime: WAYBILL_OFFLINE_TRUST_HOURS, hours for which a tablet without
            network may believe keys and revocations; 1 to 72. A day by default: a key is revoked
            in an emergency, and a bay is without network for hours, not for days.
        second_factor_roles: WAYBILL_SECOND_FACTOR_ROLES, roles whose accounts come in with a second
            factor only, with commas between them, or `none`. Everybody else may have one.
        sso: WAYBILL_SSO, TOML file of the providers through whose log-in accounts may come in;
            without it there are none.
        max_body_bytes: WAYBILL_MAX_BODY_BYTES, bytes of a request that is no upload.
        max_upload_bytes: WAYBILL_MAX_UPLOAD_BYTES, bytes of an uploaded picture's request.
    """

    secret_key: str = field(repr=False)
    pii_key: bytes = field(repr=False)
    pii_index_key: bytes = field(repr=False)
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    key_dir: Path = Path(DEFAULT_KEY_DIR)
    editions_dir: Path = Path(DEFAULT_EDITIONS_DIR)
    exports_dir: Path = Path(DEFAULT_EXPORTS_DIR)
    exports_kept_for: timedelta = timedelta(days=7)
    demo_page: Path | None = None
    issuer: str = DEFAULT_ISSUER
    public_url: str = DEFAULT_PUBLIC_URL
    log_origin: str | None = None
    witnesses: Path | None = None
    trusted_proxies: int = 0
    access_token_lifetime: timedelta = timedelta(minutes=15)
    refresh_token_lifetime: timedelta = timedelta(hours=12)
    offline_preclearance_lifetime: timedelta = timedelta(hours=12)
    offline_trust_lifetime: timedelta = timedelta(hours=24)
    second_factor_roles: frozenset[str] = DEFAULT_SECOND_FACTOR_ROLES
    sso: Path | None = None
    max_body_bytes: int = MEBIBYTE
    max_upload_bytes: int = 8 * MEBIBYTE

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables.

        Raises:
            SettingsError: names the first variable that is missing or cannot be used.
        """
        return cls(
            database_url=environ.get("WAYBILL_DATABASE_URL") or DEFAULT_DATABASE_URL,
            secret_key=_secret(environ, "WAYBILL_SECRET_KEY"),
            pii_key=_key(environ, "WAYBILL_PII_KEY"),
            pii_index_key=_key(environ, "WAYBILL_PII_INDEX_KEY"),
            key_dir=Path(environ.get("WAYBILL_KEY_DIR") or DEFAULT_KEY_DIR),
            editions_dir=read_editions_dir(environ),
            exports_dir=Path(environ.get("WAYBILL_EXPORTS_DIR") or DEFAULT_EXPORTS_DIR),
            exports_kept_for=timedelta(days=_number(environ, "WAYBILL_EXPORT_DAYS", 7, 1, 90)),
            demo_page=Path(page) if (page := environ.get("WAYBILL_DEMO_PAGE")) else None,
            issuer=environ.get("WAYBILL_ISSUER") or DEFAULT_ISSUER,
            public_url=_url(environ, "WAYBILL_PUBLIC_URL"),
            log_origin=_origin(environ, "WAYBILL_LOG_ORIGIN"),
            witnesses=Path(listed) if (listed := environ.get("WAYBILL_WITNESSES")) else None,
            trusted_proxies=_number(environ, "WAYBILL_TRUSTED_PROXIES", 0, 0, 9),
            access_token_lifetime=timedelta(
                minutes=_number(environ, "WAYBILL_ACCESS_TOKEN_MINUTES", 15, 1, 60)
            ),
            refresh_token_lifetime=timedelta(
                hours=_number(environ, "WAYBILL_REFRESH_TOKEN_HOURS", 12, 1, 168)
            ),
            offline_preclearance_lifetime=timedelta(
                hours=_number(environ, "WAYBILL_OFFLINE_PRECLEARANCE_HOURS", 12, 1, 24)
            ),
            offline_trust_lifetime=timedelta(
                hours=_number(environ, "WAYBILL_OFFLINE_TRUST_HOURS", 24, 1, 72)
            ),
            second_factor_roles=_roles(environ, "WAYBILL_SECOND_FACTOR_ROLES"),
            sso=Path(listed) if (listed := environ.get("WAYBILL_SSO")) else None,
            max_body_bytes=_number(
                environ, "WAYBILL_MAX_BODY_BYTES", MEBIBYTE, 1024, 64 * MEBIBYTE
            ),
            max_upload_bytes=_number(
                environ, "WAYBILL_MAX_UPLOAD_BYTES", 8 * MEBIBYTE, 1024, 64 * MEBIBYTE
            ),
        )

    @property
    def https(self) -> bool:
        """Whether the public reaches the installation over TLS only."""
        return self.public_url.startswith("https://")


def read_editions_dir(environ: Mapping[str, str]) -> Path:
    """Return where editions of the list are kept, for a command that needs nothing else."""
    return Path(environ.get("WAYBILL_EDITIONS_DIR") or DEFAULT_EDITIONS_DIR)


def _required(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "")
    if not text:
        raise SettingsError(name, "is required and has no default")
    return text


def _secret(environ: Mapping[str, str], name: str) -> str:
    text = _required(environ, name)
    if len(text) < MIN_SECRET_CHARACTERS:
        raise SettingsError(name, f"needs at least {MIN_SECRET_CHARACTERS} characters")
    return text


def _key(environ: Mapping[str, str], name: str) -> bytes:
    text = _required(environ, name).rstrip("=")
    try:
        key = b64url_decode(text)
    except ValueError as error:
        raise SettingsError(name, "is not base64url") from error
    if len(key) != KEY_BYTES:
        raise SettingsError(name, f"must hold {KEY_BYTES} bytes, not {len(key)}")
    return key


def _url(environ: Mapping[str, str], name: str) -> str:
    text = (environ.get(name) or DEFAULT_PUBLIC_URL).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(name, "must be an http or https address")
    return text


def _origin(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name)
    if not text:
        return None
    if not _ORIGIN.fullmatch(text):
        raise SettingsError(name, "must read like a host and a path, such as example.cn/log")
    return text


def _roles(environ: Mapping[str, str], name: str) -> frozenset[str]:
    text = environ.get(name)
    if not text:
        return DEFAULT_SECOND_FACTOR_ROLES
    return frozenset() if text == NO_ROLES else frozenset(map(str.strip, text.split(",")))


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise SettingsError(name, f"must be a whole number from {least} to {most}")
    return int(text)
