"""Pages of a list in HTTP: `limit` and an opaque `cursor` in, `items` and `next_cursor` out."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema, fields, post_load
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import QueryInteger, StrictField, fault
from api.schemas import Form
from waybill.codec import b64url_decode, b64url_encode, canonical_json, parse_json
from waybill.services.paging import DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS

MAX_CURSOR_CHARACTERS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery:
    """Which page is wanted: at most `limit` items behind the key `after`."""

    limit: int = DEFAULT_PAGE_ITEMS
    after: str | None = None

    @property
    def after_id(self) -> UUID | None:
        """The key as a record's id.

        Raises:
            marshmallow.ValidationError: it is none; the cursor belongs to another list.
        """
        try:
            return None if self.after is None else UUID(self.after)
        except ValueError:
            raise _bad_cursor() from None


def encode_cursor(after: object) -> str:
    """Return the cursor of a page that begins behind a key."""
    return b64url_encode(canonical_json({"after": str(after)}))


def decode_cursor(cursor: str) -> str:
    """Return the key behind which a page begins.

    Raises:
        ValueError: it is no cursor of ours.
    """
    value = parse_json(b64url_decode(cursor))
    if not isinstance(value, dict) or set(value) != {"after"}:
        raise ValueError("not a cursor")
    after = value["after"]
    if not isinstance(after, str) or encode_cursor(after) != cursor:
        raise ValueError("not a cursor")
    return after


class Cursor(StrictField[str]):
    """What the page before gave as `next_cursor`; loads as the key it holds."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self.openapi = {"type": "string", "maxLength": MAX_CURSOR_CHARACTERS}

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > MAX_CURSOR_CHARACTERS:
            raise _bad_cursor()
        try:
            return decode_cursor(value)
        except ValueError:
            raise _bad_cursor() from None


class PageQuerySchema(Form):
    """Parameters of every list; a list with filters inherits them and adds its own."""

    limit = QueryInteger(
        least=1,
        most=MAX_PAGE_ITEMS,
        load_default=DEFAULT_PAGE_ITEMS,
        description="How many items at most.",
    )
    after = Cursor(
        data_key="cursor",
        load_default=lambda: None,  # a plain None would allow and describe null
        description="`next_cursor` of the page before.",
    )


class PlainPageSchema(PageQuerySchema):
    """Parameters of a list without filters."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PageQuery:
        """Return the value object."""
        return PageQuery(**data)


class NextCursor(StrictField[object]):
    """The cursor of the page that follows, written from the key behind which it begins."""

    def __init__(self) -> None:
        super().__init__(
            attribute="next_after",
            allow_none=True,
            required=True,
            description="`cursor` of the next page; null on the last.",
        )
        self.openapi = {"type": "string"}

    @override
    def write(self, value: object) -> str:
        return encode_cursor(value)


@cache
def page_schema(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of items; it writes objects with `items` and `next_after`."""
    name = f"{item.__name__.removesuffix('Schema')}PageSchema"
    return Form.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": NextCursor(),
        },
        name=name,
    )


def _bad_cursor() -> Exception:
    return fault("cursor", "分页游标无效。", "This cursor is not one of this list.")
