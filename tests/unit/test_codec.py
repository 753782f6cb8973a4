import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.codec import (
    JsonValue,
    b64_decode,
    b64url_decode,
    b64url_encode,
    canonical_json,
    new_id,
    parse_json,
    sha256,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_canonical_json_reads_back_as_what_was_written(value: JsonValue) -> None:
    written = canonical_json(value)

    assert parse_json(written, allow_floats=False) == value


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2, max_size=6))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    backwards = dict(reversed(value.items()))

    assert canonical_json(value) == canonical_json(backwards)


@given(st.binary(max_size=80))
def test_base64url_reads_back_as_what_was_written(data: bytes) -> None:
    assert b64url_decode(b64url_encode(data)) == data


@given(st.text("AQgw_-=+/ \n", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        data = b64url_decode(text)
    except ValueError:
        return

    assert b64url_encode(data) == text


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_refusing(data: bytes) -> None:
    try:
        parse_json(data)
    except ValueError:
        return


class TestCanonicalJson:
    def test_it_is_compact_sorted_utf_8(self) -> None:
        value = {"b": [1, None, True], "a": "汽油"}

        assert canonical_json(value) == '{"a":"汽油","b":[1,null,true]}'.encode()

    def test_text_is_not_normalised(self) -> None:
        assert canonical_json("e\u0301") == b'"e\xcc\x81"'

    @pytest.mark.parametrize(
        "value",
        [
            pytest.param(1.5, id="a float"),
            pytest.param([1.0], id="a float in a list"),
            pytest.param({"a": {"b": 0.1}}, id="a float in an object"),
            pytest.param({1: "a"}, id="a key that is a number"),
            pytest.param({"a": b"bytes"}, id="bytes"),
            pytest.param({"a": {1, 2}}, id="a set"),
        ],
    )
    def test_what_has_no_one_spelling_is_refused(self, value: JsonValue) -> None:
        with pytest.raises(TypeError):
            canonical_json(value)

    def test_half_a_surrogate_pair_is_refused(self) -> None:
        with pytest.raises(ValueError, match="surrogates"):
            canonical_json("\ud800")


class TestParseJson:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            pytest.param(b'{"a":1,"a":2}', "duplicate key", id="a duplicate key"),
            pytest.param(b'[{"a":1,"a":1}]', "duplicate key", id="a duplicate key further in"),
            pytest.param(b"NaN", "no NaN", id="not a number"),
            pytest.param(b"-Infinity", "no -Infinity", id="infinity"),
            pytest.param(b"1e999", "out of range", id="a float beyond range"),
            pytest.param(b"-1e999", "out of range", id="a negative float beyond range"),
            pytest.param(b"1" * 20, "too many digits", id="twenty digits"),
            pytest.param(b"1 2", "Extra data", id="something left over"),
            pytest.param(b"", "Expecting value", id="nothing"),
            pytest.param(b"\xef\xbb\xbf1", "BOM", id="a byte order mark"),
            pytest.param(b"\xff", "decode", id="not UTF-8"),
            pytest.param(b'"\\ud800"', "surrogate", id="half a surrogate pair"),
            pytest.param(b'{"\\ud800":1}', "surrogate", id="half a surrogate pair in a key"),
            pytest.param(b'"a\nb"', "control character", id="a bare line end in text"),
        ],
    )
    def test_what_has_no_one_meaning_is_refused(self, data: bytes, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            parse_json(data)

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            pytest.param(b"1.5", 1.5, id="a float"),
            pytest.param(b"-" + b"9" * 19, -(10**19 - 1), id="nineteen digits"),
            pytest.param(b'"\\ud83d\\ude00"', "\U0001f600", id="a whole surrogate pair"),
            pytest.param(b' {"a": [1, "]"]} ', {"a": [1, "]"]}, id="spaces and a bracket in text"),
        ],
    )
    def test_what_has_one_meaning_is_read(self, data: bytes, expected: JsonValue) -> None:
        assert parse_json(data) == expected

    @pytest.mark.parametrize("data", [b"1.5", b"1e2", b"[0.0]"])
    def test_floats_can_be_refused(self, data: bytes) -> None:
        with pytest.raises(ValueError, match="fraction or an exponent"):
            parse_json(data, allow_floats=False)

    def test_the_longest_text_is_read_and_one_byte_more_is_not(self) -> None:
        assert parse_json(b'"abc"', max_bytes=5) == "abc"
        with pytest.raises(ValueError, match="too long"):
            parse_json(b'"abcd"', max_bytes=5)

    def test_the_deepest_nesting_is_read_and_one_level_more_is_not(self) -> None:
        assert parse_json(b'[{"a":[]}]', max_depth=3) == [{"a": []}]
        with pytest.raises(ValueError, match="too deeply"):
            parse_json(b'[{"a":[[]]}]', max_depth=3)

    def test_brackets_in_text_are_no_nesting(self) -> None:
        assert parse_json(b'"[[[[\\"[[[["', max_depth=0) == '[[[["[[[['

    @pytest.mark.parametrize("data", [b'"' + b'\\"' * 200_000, b'"' + b"\\" * 400_001, b"]" * 9])
    def test_hostile_text_is_refused_at_once(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"Unterminated|Expecting|Invalid"):
            parse_json(data)


class TestBase64Url:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("QQ==", id="padding"),
            pytest.param("QR", id="unused bits set"),
            pytest.param("A", id="an impossible length"),
            pytest.param("QU+B", id="the other alphabet"),
            pytest.param("QUFB\n", id="a line end"),
            pytest.param("QＱ", id="a full-width letter"),  # noqa: RUF001  that is the point
        ],
    )
    def test_other_spellings_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="base64url"):
            b64url_decode(text)


class TestDigestAndIdentity:
    def test_the_digest_is_sha_256(self) -> None:
        assert sha256(b"abc") == hashlib.sha256(b"abc").digest()

    def test_identities_are_uuids_of_version_7_and_differ(self) -> None:
        made = [new_id() for _ in range(100)]

        assert ({one.version for one in made}, len(set(made))) == ({7}, 100)


@given(st.binary(max_size=70))
def test_base64_is_read_back(data: bytes) -> None:
    assert b64_decode(base64.b64encode(data).decode()) == data


@pytest.mark.parametrize(
    "text", ["A", "AA", "AAA", "AB==", "AA==\n", "AA-_", "A A=", "AAA=AAA=", "é"]
)
def test_base64_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        b64_decode(text)
