"""Bytes in one agreed form: canonical JSON, strict JSON, strict base64, SHA-256, identities.

Signatures and the log are over bytes, so each value must have exactly one encoding, and a reader
must refuse every text that two readers could understand differently.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn, TypeAlias
from uuid import UUID

from uuid_utils import compat

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)

MAX_JSON_BYTES: Final = 1 << 20
MAX_JSON_DEPTH: Final = 32
MAX_INTEGER_DIGITS: Final = 19
"""Enough for 64 bits; longer numbers cost time to read and lose digits in other readers."""

_PLAIN: Final = frozenset({str, int, bool, type(None)})

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
# A string without its end runs to the end of the text, so that the scan stays linear.
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def canonical_json(value: JsonValue) -> bytes:
    """Return the one encoding of a value: sorted keys, no spaces, UTF-8, text left as it is.

    Keys are sorted by code point. Text is not normalised: what was signed is what was written.

    Raises:
        TypeError: a float (it has many spellings), a key that is not text, or a foreign type.
        ValueError: text with half a surrogate pair, which UTF-8 cannot carry.
    """
    _refuse_foreign(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _refuse_foreign(value: object) -> None:
    members: Iterable[object]
    if isinstance(value, list | tuple):
        members = value
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
        members = value.values()
    elif value is None or isinstance(value, str | int):
        return
    else:
        raise TypeError(f"canonical JSON has no {type(value).__name__}")
    for member in members:
        if type(member) not in _PLAIN:  # most are: not even a call is spent on them
            _refuse_foreign(member)


def parse_json(
    data: bytes,
    *,
    max_bytes: int = MAX_JSON_BYTES,
    max_depth: int = MAX_JSON_DEPTH,
    allow_floats: bool = True,
) -> JsonValue:
    """Read JSON that has only one meaning.

    Args:
        data: UTF-8 without a byte order mark.
        max_bytes: longest text that is looked at.
        max_depth: deepest nesting of arrays and objects; a bare scalar has depth 0.
        allow_floats: whether numbers with a fraction or an exponent are read at all.

    Raises:
        ValueError: too long, too deep, not UTF-8, not JSON, a duplicate key, a number that is
            not finite or has too many digits, half a surrogate pair, or anything left over.
    """
    if len(data) > max_bytes:
        raise ValueError("JSON is too long")
    _check_depth(data, max_depth)
    text = data.decode("utf-8")
    value: JsonValue = json.loads(
        text,
        object_pairs_hook=_unique_keys,
        parse_constant=_refuse_constant,
        parse_float=_finite_float if allow_floats else _refuse_float,
        parse_int=_short_integer,
    )
    if "\\" in text:
        _refuse_surrogates(value)
    return value


def _check_depth(data: bytes, max_depth: int) -> None:
    """Count brackets outside strings before the parser recurses over them."""
    depth = 0
    for token in _STRING_OR_BRACKET.findall(data):
        if token in (b"[", b"{"):
            depth += 1
            if depth > max_depth:
                raise ValueError("JSON is nested too deeply")
        elif token in (b"]", b"}"):
            depth -= 1


def _unique_keys(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("JSON has a duplicate key")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"JSON has no {text}")


def _refuse_float(_text: str) -> NoReturn:
    raise ValueError("a number with a fraction or an exponent is not accepted here")


def _finite_float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("JSON number is out of range")
    return number


def _short_integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_INTEGER_DIGITS:
        raise ValueError("JSON number has too many digits")
    return int(text)


def _refuse_surrogates(value: JsonValue) -> None:
    """Refuse text that could not be written again as UTF-8; only an escape can smuggle it in."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("JSON text has half a surrogate pair") from error


def b64url_encode(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_decode(text: str) -> bytes:
    """Read base64url without padding, in its one canonical spelling.

    Raises:
        ValueError: padding, a foreign character, an impossible length, or unused bits that are
            not zero (two texts would then mean the same bytes).
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url without padding")
    padded = text + "=" * (-len(text) % 4)
    data = base64.urlsafe_b64decode(padded)  # noqa: TID251  the alphabet was checked above
    if b64url_encode(data) != text:
        raise ValueError("base64url with unused bits set")
    return data


def b64_decode(text: str) -> bytes:
    """Read base64 with padding (RFC 4648, section 4), in its one canonical spelling.

    Raises:
        ValueError: a foreign character, missing padding, or unused bits that are not zero.
    """
    data = base64.b64decode(text, validate=True)  # noqa: TID251  the spelling is compared below
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 in another spelling than its own")
    return data


def sha256(data: bytes) -> bytes:
    """Return the 32-byte SHA-256 digest."""
    return hashlib.sha256(data).digest()


def new_id() -> UUID:
    """Return a new UUIDv7: unique, unguessable in its last 62 bits, ordered by time of making."""
    return compat.uuid7()


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TAIL_BITS: Final = 74
"""What a UUIDv7 holds beside its 48 bits of time, its version and its variant."""
_MAX_MILLISECOND: Final = (1 << 48) - 1


class IdSequence:
    """Makes UUIDv7 of stated moments; within one millisecond each is greater than the last.

    RFC 9562, section 6.2, method 2: the tail begins at random and grows by a random step.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = (-1, 0)

    def make(self, at: datetime) -> UUID:
        """Return the next id of a moment."""
        millisecond = _milliseconds(at)
        with self._lock:
            before, tail = self._last
            if millisecond == before:
                tail += 1 + secrets.randbits(32)
            else:
                tail = secrets.randbits(_TAIL_BITS - 1)
            self._last = (millisecond, tail)
        return _uuid7(millisecond, tail)


def least_id_at(at: datetime, *, later: timedelta = timedelta(0)) -> UUID:
    """Return the least UUIDv7 of a moment's millisecond, to search a span of time by ids.

    `later` moves it; what lies before 1970 or beyond 48 bits stops there.
    """
    millisecond = _milliseconds(at) + later // timedelta(milliseconds=1)
    return _uuid7(min(max(millisecond, 0), _MAX_MILLISECOND), 0)


def time_of_id(identity: UUID) -> datetime:
    """Return the moment that a UUIDv7 holds, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=identity.int >> 80)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _uuid7(millisecond: int, tail: int) -> UUID:
    low = tail & ((1 << 62) - 1)
    value = millisecond << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | low
    return UUID(int=value)
