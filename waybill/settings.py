"""What an installation is told from outside: read once, from the environment, and then fixed."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from typing_extensions import override  # typing's own needs Python 3.12

from waybill.environment import (
    Network,
    SettingsError,
    read_bind,
    read_choice,
    read_database,
    read_key,
    read_names,
    read_networks,
    read_number,
    read_origin,
    read_replica,
    read_secret,
    read_url,
    with_files,
)

__all__ = ["ServerSettings", "Settings", "SettingsError", "unread_variables"]

DEFAULT_DATABASE_URL: Final = "sqlite:///var/waybill.sqlite3"
DEFAULT_KEY_DIR: Final = "var/keys"
DEFAULT_EDITIONS_DIR: Final = "var/editions"
DEFAULT_EXPORTS_DIR: Final = "var/exports"
DEFAULT_ISSUER: Final = "demo"
DEFAULT_PUBLIC_URL: Final = "http://127.0.0.1:8000"
DEFAULT_SECOND_FACTOR_ROLES: Final = frozenset({"auditor", "senior-auditor", "admin"})
"""Who sees all of it, or lets others in. Names of `registry.access.Role`."""
LOG_FORMATS: Final = ("text", "json")
THIS_MACHINE: Final = "127.0.0.0/8,::1"
PREFIX: Final = "WAYBILL_"
OTHER_READERS: Final = frozenset({"WAYBILL_DEMO_PASSWORD", "WAYBILL_CHROMIUM"})
"""Variables that the demonstration and the tests read for themselves."""
MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation is configured with.

    Attributes:
        database_url: WAYBILL_DATABASE_URL, `sqlite:///…` or `postgresql+psycopg://…`.
        replica_url: WAYBILL_REPLICA_URL, a standby of that PostgreSQL, which is asked what the
            authority's desk asks; without it the database answers everything.
        replica_lag: WAYBILL_REPLICA_LAG_S, seconds; a standby that is farther behind is not asked;
            1 to 3600.
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
        log_format: WAYBILL_LOG_FORMAT, `text` for people or `json`, one object a line.
        slow_statement_ms: WAYBILL_SLOW_STATEMENT_MS, milliseconds; a statement that takes as long
            or longer is written to the journal, without its values; 0 writes none.
        metrics_from: WAYBILL_METRICS_FROM, networks from which `/metrics` is answered, separated
            by commas; this machine alone by default.
    """

    secret_key: str = field(repr=False)
    pii_key: bytes = field(repr=False)
    pii_index_key: bytes = field(repr=False)
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    replica_url: str | None = field(default=None, repr=False)
    replica_lag: timedelta = timedelta(seconds=30)
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
    log_format: str = "text"
    slow_statement_ms: int = 500
    metrics_from: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables.

        Raises:
            SettingsError: names the first variable that is missing or cannot be used.
        """
        return cls.read(with_files(environ))

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from variables of which none lies in a file."""
        database_url = read_database(environ, "WAYBILL_DATABASE_URL", DEFAULT_DATABASE_URL)
        return cls(
            database_url=database_url,
            replica_url=read_replica(environ, "WAYBILL_REPLICA_URL", database_url),
            replica_lag=timedelta(
                seconds=read_number(environ, "WAYBILL_REPLICA_LAG_S", 30, 1, 3600)
            ),
            secret_key=read_secret(environ, "WAYBILL_SECRET_KEY"),
            pii_key=read_key(environ, "WAYBILL_PII_KEY"),
            pii_index_key=read_key(environ, "WAYBILL_PII_INDEX_KEY"),
            key_dir=Path(environ.get("WAYBILL_KEY_DIR") or DEFAULT_KEY_DIR),
            editions_dir=read_editions_dir(environ),
            exports_dir=Path(environ.get("WAYBILL_EXPORTS_DIR") or DEFAULT_EXPORTS_DIR),
            exports_kept_for=timedelta(days=read_number(environ, "WAYBILL_EXPORT_DAYS", 7, 1, 90)),
            demo_page=Path(page) if (page := environ.get("WAYBILL_DEMO_PAGE")) else None,
            issuer=environ.get("WAYBILL_ISSUER") or DEFAULT_ISSUER,
            public_url=read_url(environ, "WAYBILL_PUBLIC_URL", DEFAULT_PUBLIC_URL),
            log_origin=read_origin(environ, "WAYBILL_LOG_ORIGIN"),
            witnesses=Path(listed) if (listed := environ.get("WAYBILL_WITNESSES")) else None,
            trusted_proxies=read_number(environ, "WAYBILL_TRUSTED_PROXIES", 0, 0, 9),
            access_token_lifetime=timedelta(
                minutes=read_number(environ, "WAYBILL_ACCESS_TOKEN_MINUTES", 15, 1, 60)
            ),
            refresh_token_lifetime=timedelta(
                hours=read_number(environ, "WAYBILL_REFRESH_TOKEN_HOURS", 12, 1, 168)
            ),
            offline_preclearance_lifetime=timedelta(
                hours=read_number(environ, "WAYBILL_OFFLINE_PRECLEARANCE_HOURS", 12, 1, 24)
            ),
            offline_trust_lifetime=timedelta(
                hours=read_number(environ, "WAYBILL_OFFLINE_TRUST_HOURS", 24, 1, 72)
            ),
            second_factor_roles=read_names(
                environ, "WAYBILL_SECOND_FACTOR_ROLES", DEFAULT_SECOND_FACTOR_ROLES
            ),
            sso=Path(listed) if (listed := environ.get("WAYBILL_SSO")) else None,
            max_body_bytes=read_number(
                environ, "WAYBILL_MAX_BODY_BYTES", MEBIBYTE, 1024, 64 * MEBIBYTE
            ),
            max_upload_bytes=read_number(
                environ, "WAYBILL_MAX_UPLOAD_BYTES", 8 * MEBIBYTE, 1024, 64 * MEBIBYTE
            ),
            log_format=read_choice(environ, "WAYBILL_LOG_FORMAT", LOG_FORMATS),
            slow_statement_ms=read_number(environ, "WAYBILL_SLOW_STATEMENT_MS", 500, 0, 60_000),
            metrics_from=read_networks(environ, "WAYBILL_METRICS_FROM", THIS_MACHINE),
        )

    @property
    def https(self) -> bool:
        """Whether the public reaches the installation over TLS only."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What gunicorn is told: its address, and how many requests it answers at once.

    Attributes:
        bind: WAYBILL_BIND, an address and port, or `unix:` and a path; without it 127.0.0.1 and
            the port in PORT.
        workers: WAYBILL_WORKERS, processes; without it one for each processor, at most four.
        threads: WAYBILL_THREADS, of each process.
    """

    bind: str
    workers: int
    threads: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "ServerSettings":
        """Read the server's settings from environment variables.

        Raises:
            SettingsError: names the first variable that cannot be used.
        """
        port = read_number(environ, "PORT", 8000, 1, 65535)
        return cls(
            bind=read_bind(environ, "WAYBILL_BIND", f"127.0.0.1:{port}"),
            workers=read_number(environ, "WAYBILL_WORKERS", min(4, os.cpu_count() or 1), 1, 64),
            threads=read_number(environ, "WAYBILL_THREADS", 4, 1, 64),
        )


def unread_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return variables that are called like ours and that nothing reads: slips of the pen."""
    asked = _Asked(with_files(environ))
    Settings.read(asked)
    ServerSettings.from_env(asked)
    known = asked.names | OTHER_READERS
    return tuple(sorted(name for name in asked if name.startswith(PREFIX) and name not in known))


class _Asked(Mapping[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.names: set[str] = set()

    @override
    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._environ[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    @override
    def __len__(self) -> int:
        return len(self._environ)


def read_editions_dir(environ: Mapping[str, str]) -> Path:
    """Return where editions of the list are kept, for a command that needs nothing else."""
    return Path(environ.get("WAYBILL_EDITIONS_DIR") or DEFAULT_EDITIONS_DIR)
