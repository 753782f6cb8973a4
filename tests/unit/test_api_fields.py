"""The fields of the API: each takes one spelling and refuses every other."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from api.field_errors import FieldError, field_errors
from api.fields import (
    Choice,
    Code,
    DecimalString,
    Identity,
    Instant,
    LocalDate,
    Many,
    QueryInteger,
    Secret,
    StrictBoolean,
    StrictInteger,
    Text,
    fault,
)
from api.paging import decode_cursor, encode_cursor
from waybill.registry.kinds import PlateColour

AnyField: TypeAlias = fields.Field[Any]
UUID_TEXT = "019ac0de-0000-7000-8000-000000000001"

GOOD = [
    pytest.param(Text(), "甲醇 methanol", "甲醇 methanol", id="text"),
    pytest.param(Text(lines=True), "one\ntwo", "one\ntwo", id="text with lines"),
    pytest.param(Text(least=0), "", "", id="empty text where allowed"),
    pytest.param(Secret(), " a b\t", " a b\t", id="secret keeps everything"),
    pytest.param(Code("[0-9]{4}"), "0004", "0004", id="code keeps zeros"),
    pytest.param(DecimalString(places=1), "6000.1", Decimal("6000.1"), id="decimal"),
    pytest.param(DecimalString(places=0), "0", Decimal(0), id="decimal without places"),
    pytest.param(StrictInteger(least=1, most=5), 5, 5, id="integer at its bound"),
    pytest.param(QueryInteger(least=0, most=200), "200", 200, id="integer in a query"),
    pytest.param(StrictBoolean(), False, False, id="false"),
    pytest.param(
        Instant(),
        "2026-11-22T14:05:00+08:00",
        datetime(2026, 11, 22, 6, 5, tzinfo=UTC),
        id="instant in another zone",
    ),
    pytest.param(LocalDate(), "2028-02-29", date(2028, 2, 29), id="leap day"),
    pytest.param(Identity(), UUID_TEXT.upper(), UUID(UUID_TEXT), id="identity in capitals"),
    pytest.param(Choice(PlateColour), "yellow", PlateColour.YELLOW, id="choice"),
    pytest.param(Many(StrictBoolean(), most=2), [True, False], (True, False), id="list"),
]

BAD = [
    pytest.param(Text(), "", "length", id="empty text"),
    pytest.param(Text(most=3), "four", "length", id="one character too many"),
    pytest.param(Text(), " a", "surrounding-space", id="space in front"),
    pytest.param(Text(), "a\u3000", "surrounding-space", id="full-width space behind"),
    pytest.param(Text(), "a\x00b", "control-character", id="NUL"),
    pytest.param(Text(), "a\nb", "control-character", id="line break"),
    pytest.param(Text(lines=True), "a\rb", "control-character", id="carriage return"),
    pytest.param(Text(), "a\u202eb", "control-character", id="text turned round"),
    *(
        pytest.param(Text(), f"a{unseen}b", "control-character", id=f"U+{ord(unseen):04X}")
        for unseen in "\xad\u061c\u200b\u2060\u2066\u3164\ufeff\uffa0\U000e0041"
    ),
    pytest.param(Text(), 5, "not-text", id="number as text"),
    pytest.param(Secret(), 5, "not-text", id="number as secret"),
    pytest.param(Secret(most=3), "four", "length", id="secret too long"),
    pytest.param(Code("[0-9]{4}"), "\uff11203", "shape", id="full-width digit in a code"),
    pytest.param(Code("[0-9]{4}"), "1203\n", "shape", id="line break behind a code"),
    pytest.param(Code("a|b"), "ax", "shape", id="alternatives are bounded"),
    pytest.param(Code("[0-9]{4}"), 1203, "not-text", id="number as code"),
    *(
        pytest.param(DecimalString(places=1), value, "decimal", id=f"decimal {value!r}")
        for value in (1, 1.5, "1.55", "1e3", "-1", "+1", "01", "1.", ".5", "NaN", "1,5", True, None)
    ),
    pytest.param(DecimalString(places=1), "\uff11", "decimal", id="full-width decimal"),
    *(
        pytest.param(StrictInteger(least=1, most=5), value, "integer", id=f"integer {value!r}")
        for value in (0, 6, True, "5", 1.0, None)
    ),
    *(
        pytest.param(QueryInteger(least=1, most=5), value, "integer", id=f"query {value!r}")
        for value in ("05", "+5", "5.0", "", "9" * 5000, 5)
    ),
    *(
        pytest.param(StrictBoolean(), value, "boolean", id=f"boolean {value!r}")
        for value in (0, 1, "yes", "true", None)
    ),
    *(
        pytest.param(Instant(), value, "instant", id=f"instant {value!r}")
        for value in (
            "2026-11-22T14:05:00",
            "2026-11-22 14:05:00Z",
            "2026-11-22",
            "2026-02-30T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "0001-01-01T00:00:00+08:00",
            "20261122T140500Z",
            1_700_000_000,
        )
    ),
    *(
        pytest.param(LocalDate(), value, "date", id=f"date {value!r}")
        for value in ("2026-02-29", "2026-1-1", "20260101", "2026-W01-1", 5)
    ),
    *(
        pytest.param(Identity(), value, "uuid", id=f"identity {value!r}")
        for value in (UUID_TEXT.replace("-", ""), f"{{{UUID_TEXT}}}", "x", 5)
    ),
    *(
        pytest.param(Choice(PlateColour), value, "choice", id=f"choice {value!r}")
        for value in ("YELLOW", "", 1, None, ["yellow"])
    ),
    pytest.param(Many(StrictBoolean()), "true", "not-a-list", id="no list"),
    pytest.param(Many(StrictBoolean(), least=1), [], "list-length", id="too short a list"),
    pytest.param(Many(StrictBoolean(), most=1), [True, True], "list-length", id="too long a list"),
]


@pytest.mark.parametrize(("field", "sent", "meant"), GOOD)
def test_a_value_is_read_as_it_is_meant(field: AnyField, sent: object, meant: object) -> None:
    assert field.deserialize(sent) == meant


@pytest.mark.parametrize(("field", "sent", "code"), BAD)
def test_another_spelling_is_refused(field: AnyField, sent: object, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        field._deserialize(sent, None, None)  # noqa: SLF001  None included, which it never sees

    assert [error.code for error in field_errors(caught.value.messages)] == [code]


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        (DecimalString(places=3), Decimal("28500.000"), "28500"),
        (DecimalString(places=3), Decimal("0.500"), "0.5"),
        (DecimalString(places=0), Decimal(100), "100"),
        (Instant(), datetime(2026, 11, 22, 6, 5, tzinfo=UTC), "2026-11-22T06:05:00.000Z"),
        (LocalDate(), date(2026, 11, 22), "2026-11-22"),
        (Identity(), UUID(UUID_TEXT), UUID_TEXT),
        (Choice(PlateColour), PlateColour.YELLOW, "yellow"),
        (Text(), None, None),
    ],
)
def test_a_value_is_written_in_one_spelling(
    field: AnyField, value: object, written: object
) -> None:
    assert field.serialize("x", {"x": value}) == written


def test_errors_in_the_depth_have_their_pointer() -> None:
    messages = {
        "goods": {0: {"un_number": fault("shape", "错", "wrong").messages}, 2: ["Unknown field."]},
        "_schema": ["Invalid input type."],
    }

    assert field_errors(messages, place="query") == (
        FieldError(
            pointer="/goods/0/un_number",
            code="shape",
            message_zh="错",
            message_en="wrong",
            place="query",
        ),
        FieldError(
            pointer="/goods/2",
            code="unknown-field",
            message_zh="没有这个字段。",
            message_en="There is no such field.",
            place="query",
        ),
        FieldError(
            pointer="",
            code="not-an-object",
            message_zh="应为对象。",
            message_en="It must be an object.",
            place="query",
        ),
    )


@given(st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False))
def test_a_decimal_comes_back_as_it_went(value: Decimal) -> None:
    field = DecimalString(places=3)

    assert field.deserialize(field.write(value)) == value


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001  made aware below
def test_an_instant_comes_back_to_the_millisecond(naive: datetime) -> None:
    field = Instant()
    moment = naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)

    assert field.deserialize(field.write(moment)) == moment


@given(st.text(max_size=50).filter(lambda text: text.isprintable()))
def test_a_cursor_comes_back_as_it_went(key: str) -> None:
    assert decode_cursor(encode_cursor(key)) == key


@given(st.text(max_size=60))
def test_no_other_text_is_a_cursor(text: str) -> None:
    try:
        key = decode_cursor(text)
    except ValueError:
        return

    assert encode_cursor(key) == text
