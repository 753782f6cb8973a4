"""Single variables of the environment: each within bounds, or one line that says what is wrong."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from waybill.codec import b64url_decode

KEY_BYTES: Final = 32
MIN_SECRET_CHARACTERS: Final = 32
MADE_BY: Final = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(32))')"
"""A command that makes a secret, as an example is written."""
FILE_SUFFIX: Final = "_FILE"
NONE: Final = "none"
FROM_FILES: Final = (
    "WAYBILL_SECRET_KEY",
    "WAYBILL_PII_KEY",
    "WAYBILL_PII_INDEX_KEY",
    "WAYBILL_DATABASE_URL",
    "WAYBILL_REPLICA_URL",
)
"""Variables that may lie in a file instead, which a variable with `_FILE` behind its name names."""
POSTGRESQL: Final = ("postgresql://", "postgresql+psycopg://")
DATABASES: Final = ("sqlite:///", *POSTGRESQL)

Network: TypeAlias = IPv4Network | IPv6Network

_ORIGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]{0,199}")
"""A name without scheme: keys of the log carry it, and they allow neither spaces nor a plus."""
_BIND: Final = re.compile(r"unix:/\S+|(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5}")


class SettingsError(ValueError):
    """A variable is missing or cannot be used.

    The message is one line: which variable, what is wrong with it in English and Chinese, and how
    it is written. It never holds the value.
    """

    def __init__(self, variable: str, reason: str, reason_zh: str, example: str) -> None:
        super().__init__(f"{variable}: {reason} / {reason_zh}. E.g. 例如 {variable}={example}")
        self.variable = variable


def with_files(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return an environment with the secrets that lie in files in their place.

    Raises:
        SettingsError: a file cannot be read, or the same is given twice.
    """
    given = dict(environ)
    for name in FROM_FILES:
        path = given.pop(name + FILE_SUFFIX, "")
        if path:
            given[name] = _read_file(name, path, twice=bool(given.get(name)))
    return given


def _read_file(name: str, path: str, *, twice: bool) -> str:
    named, example = name + FILE_SUFFIX, f"/run/secrets/{name.lower()}"
    if twice:
        raise SettingsError(named, f"{name} is given as well", f"已另行给出 {name}", example)
    try:
        return Path(path).read_text().strip()
    except (OSError, ValueError) as error:
        raise SettingsError(
            named, "names a file that cannot be read", "所指文件无法读取", example
        ) from error


def required(environ: Mapping[str, str], name: str) -> str:
    """Return what must be given."""
    text = environ.get(name, "")
    if not text:
        raise SettingsError(name, "is required and has no default", "必须设置，没有默认值", MADE_BY)
    return text


def read_secret(environ: Mapping[str, str], name: str) -> str:
    """Return a secret that is long enough."""
    text = required(environ, name)
    least = MIN_SECRET_CHARACTERS
    if len(text) < least:
        raise SettingsError(
            name, f"needs at least {least} characters", f"至少需要 {least} 个字符", MADE_BY
        )
    return text


def read_key(environ: Mapping[str, str], name: str) -> bytes:
    """Return the bytes of a key."""
    text = required(environ, name).rstrip("=")
    try:
        key = b64url_decode(text)
    except ValueError as error:
        raise SettingsError(name, "is not base64url", "不是 base64url 编码", MADE_BY) from error
    if len(key) != KEY_BYTES:
        raise SettingsError(
            name,
            f"must hold {KEY_BYTES} bytes, not {len(key)}",
            f"须为 {KEY_BYTES} 字节，现为 {len(key)} 字节",
            MADE_BY,
        )
    return key


def read_database(environ: Mapping[str, str], name: str, default: str) -> str:
    """Return a database's URL."""
    text = environ.get(name) or default
    if not text.startswith(DATABASES):
        raise SettingsError(
            name,
            "must be the address of an SQLite file or a PostgreSQL",
            "须为 SQLite 文件或 PostgreSQL 的地址",
            "sqlite:////var/lib/waybill/waybill.sqlite3",
        )
    return text


def read_replica(environ: Mapping[str, str], name: str, database: str) -> str | None:
    """Return the URL of a standby of a database, `None` where none is given."""
    text = environ.get(name)
    if not text:
        return None
    if not (text.startswith(POSTGRESQL) and database.startswith(POSTGRESQL)):
        raise SettingsError(
            name,
            "must be the address of a PostgreSQL that follows the database's",
            "须为跟随主库的 PostgreSQL 备库地址",
            "postgresql+psycopg://waybill:PASSWORD@STANDBY/waybill",
        )
    return text


def read_url(environ: Mapping[str, str], name: str, default: str) -> str:
    """Return a public address, without a slash at the end."""
    text = (environ.get(name) or default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(
            name,
            "must be an http or https address",
            "须为 http 或 https 地址",
            "https://yundan.example.cn",
        )
    return text


def read_origin(environ: Mapping[str, str], name: str) -> str | None:
    """Return the name of a log, `None` where none is given."""
    text = environ.get(name)
    if not text:
        return None
    if not _ORIGIN.fullmatch(text):
        raise SettingsError(
            name,
            "must read like a host and a path",
            "须为主机名加路径的形式",
            "yundan.example.cn/log",
        )
    return text


def read_bind(environ: Mapping[str, str], name: str, default: str) -> str:
    """Return where a server listens."""
    text = environ.get(name) or default
    if not _BIND.fullmatch(text):
        raise SettingsError(
            name,
            "must be an address and a port, or a socket's path",
            "须为地址加端口，或套接字路径",
            "unix:/run/waybill/waybill.sock",
        )
    return text


def read_networks(environ: Mapping[str, str], name: str, default: str) -> tuple[Network, ...]:
    """Return networks, each also as a single address."""
    text = environ.get(name) or default
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError as error:
        raise SettingsError(
            name,
            "must be addresses or networks, separated by commas",
            "须为以逗号分隔的地址或网段",
            "127.0.0.1,10.20.0.0/24",
        ) from error


def read_choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """Return one of some words; the first is the default."""
    text = environ.get(name) or choices[0]
    if text not in choices:
        listed = ", ".join(choices)
        raise SettingsError(name, f"must be one of {listed}", f"须为 {listed} 之一", choices[-1])
    return text


def read_names(environ: Mapping[str, str], name: str, default: frozenset[str]) -> frozenset[str]:
    """Return words with commas between them; `none` is none of them."""
    text = environ.get(name)
    if not text:
        return default
    return frozenset() if text == NONE else frozenset(map(str.strip, text.split(",")))


def read_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a whole number within bounds, both included."""
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise SettingsError(
            name,
            f"must be a whole number from {least} to {most}",
            f"须为 {least} 至 {most} 的整数",
            str(default),
        )
    return int(text)
