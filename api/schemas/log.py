"""Proofs of the log."""

import base64
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from marshmallow import fields, post_load
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import Identity, QueryInteger, StrictField, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from waybill.codec import b64_decode

MOST: Final = (1 << 53) - 1
"""The largest whole number that every reader of JSON keeps."""


class Base64(StrictField[bytes]):
    """Bytes as base64 with padding (RFC 4648, section 4)."""

    openapi = MappingProxyType({"type": "string", "contentEncoding": "base64"})

    @override
    def read(self, value: object) -> bytes:
        return b64_decode(str(value))

    @override
    def write(self, value: bytes) -> str:
        return base64.b64encode(value).decode()


class Utf8(StrictField[bytes]):
    """Bytes that are text, exactly as they are hashed."""

    openapi = MappingProxyType({"type": "string"})

    @override
    def read(self, value: object) -> bytes:
        return str(value).encode()

    @override
    def write(self, value: bytes) -> str:
        return value.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionQuery:
    """Which leaf, in the tree of which size; without it, the newest."""

    index: int
    size: int | None = None


class InclusionQuerySchema(Form):
    """Which leaf, in which tree."""

    index = QueryInteger(least=0, most=MOST, required=True, description="The leaf, from 0.")
    size = QueryInteger(least=1, most=MOST, description="Size of the tree; else the newest.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> InclusionQuery:
        """Return the value object."""
        return InclusionQuery(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyQuery:
    """From which size to which; without it, to the newest."""

    old: int
    new: int | None = None


class ConsistencyQuerySchema(Form):
    """From which size to which."""

    old = QueryInteger(
        data_key="from", least=1, most=MOST, required=True, description="The smaller size."
    )
    new = QueryInteger(
        data_key="to", least=1, most=MOST, description="The larger size; else the newest."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ConsistencyQuery:
        """Return the value object."""
        return ConsistencyQuery(**data)


class InclusionSchema(Form):
    """That a leaf is in a tree (RFC 6962, section 2.1.1)."""

    index = StrictInteger(least=0, most=MOST, required=True)
    size = StrictInteger(least=1, most=MOST, required=True)
    leaf = Base64(required=True, description="The leaf's hash: SHA-256(0x00 ‖ entry).")
    hashes = fields.List(
        Base64(), required=True, metadata={"description": "From the leaf's sibling up."}
    )
    checkpoint = Utf8(required=True, description="The newest checkpoint, a signed note.")


class ConsistencySchema(Form):
    """That one tree begins another (RFC 6962, section 2.1.2)."""

    old = StrictInteger(data_key="from", least=1, most=MOST, required=True)
    new = StrictInteger(data_key="to", least=1, most=MOST, required=True)
    hashes = fields.List(Base64(), required=True)


class EventProofSchema(Form):
    """An event's place in the log. The entry is recomputed from id, body and salt."""

    event_id = Identity(required=True)
    kind = Said(required=True)
    entry = Utf8(required=True, description="Canonical JSON, what the leaf is the hash of.")
    inclusion = fields.Nested(InclusionSchema, required=True)
    body = Utf8(
        required=True, allow_none=True, description="The event's bytes; null without the right."
    )
    salt = Base64(required=True, allow_none=True, description="32 bytes; null likewise.")
