"""Signatures over claims and documents, read back by a JOSE library that did not make them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey

from tests.harness.sealed_codes import NOW, signing_key, trusted
from waybill.codec import b64url_decode, b64url_encode
from waybill.sealing import (
    Jws,
    KeyTable,
    SealError,
    generate_key,
    sign_bytes,
    sign_jws,
    signer_of,
    verify_bytes,
    verify_signature,
)

DOCUMENT = '{"number":"320812","goods":["汽油"]}'.encode()


def refusal(jws: str, document: bytes = DOCUMENT, keys: KeyTable | None = None) -> str:
    with pytest.raises(SealError) as caught:
        verify_bytes(jws, document, keys or trusted(), signed_at=NOW)
    return caught.value.code


def with_header(header: bytes) -> str:
    signature = sign_bytes(DOCUMENT, key=signing_key()).rpartition(".")[2]
    return f"{b64url_encode(header)}..{signature}"


class TestSignJws:
    def test_header_and_claims_are_sorted_and_compact(self) -> None:
        jws = sign_jws({"rev": 1, "jti": "运单"}, signing_key())

        header, payload, _ = jws.to_compact().split(".")
        kid = signing_key().kid
        assert b64url_decode(header) == f'{{"alg":"ES256","kid":"{kid}","typ":"wb+jwt"}}'.encode()
        assert b64url_decode(payload) == '{"jti":"运单","rev":1}'.encode()

    def test_another_library_verifies_it(self) -> None:
        compact = sign_jws({"jti": "a"}, signing_key()).to_compact()

        jwk = signing_key().verifying_key().jwk
        key = ECKey.import_key({name: str(value) for name, value in jwk.items()})
        assert joserfc_jws.deserialize_compact(compact, key, ["ES256"]).payload == b'{"jti":"a"}'

    def test_a_float_is_refused(self) -> None:
        with pytest.raises(TypeError):
            sign_jws({"quantity": 1.5}, signing_key())

    def test_the_key_does_not_show_its_private_half(self) -> None:
        assert repr(signing_key()) == f"SigningKey(kid={signing_key().kid!r})"


class TestVerifySignature:
    def test_another_key_is_refused(self) -> None:
        jws = sign_jws({"jti": "a"}, signing_key())

        with pytest.raises(SealError) as caught:
            verify_signature(jws, generate_key().verifying_key())

        assert (caught.value.code, caught.value.subject) == ("bad-signature", signing_key().kid)

    def test_what_held_once_is_remembered_for_these_bytes_and_this_key_alone(self) -> None:
        jws, key = sign_jws({"jti": "b"}, signing_key()), signing_key().verifying_key()
        verify_signature(jws, key)
        verify_signature(jws, key)
        impostor = replace(key, public_key=generate_key().verifying_key().public_key)
        turned = bytes([*jws.signature[:-1], jws.signature[-1] ^ 1])

        for altered, by in [
            (replace(jws, payload=jws.payload + b" "), key),
            (replace(jws, typ="wb-doc+jws"), key),
            (replace(jws, signature=turned), key),
            (jws, impostor),
        ]:
            for _ in range(2):
                with pytest.raises(SealError, match="bad-signature"):
                    verify_signature(altered, by)

    @pytest.mark.parametrize("length", [0, 63, 65])
    def test_a_signature_of_another_length_cannot_be_built(self, length: int) -> None:
        with pytest.raises(SealError, match="malformed"):
            Jws(kid="k1", typ="wb+jwt", payload=b"", signature=bytes(length))


class TestSignBytes:
    def test_the_bytes_are_left_out_and_verify_beside_it(self) -> None:
        jws = sign_bytes(DOCUMENT, key=signing_key())

        verify_bytes(jws, DOCUMENT, trusted(), signed_at=NOW)
        assert jws.split(".")[1] == ""
        assert signer_of(jws) == signing_key().kid

    def test_with_the_bytes_put_in_another_library_verifies_it(self) -> None:
        header, _, signature = sign_bytes(DOCUMENT, key=signing_key()).split(".")
        compact = f"{header}.{b64url_encode(DOCUMENT)}.{signature}"

        jwk = signing_key().verifying_key().jwk
        key = ECKey.import_key({name: str(value) for name, value in jwk.items()})
        assert joserfc_jws.deserialize_compact(compact, key, ["ES256"]).payload == DOCUMENT

    def test_one_other_byte_is_refused(self) -> None:
        assert refusal(sign_bytes(DOCUMENT, key=signing_key()), DOCUMENT + b" ") == "bad-signature"

    def test_an_unknown_key_is_refused(self) -> None:
        assert refusal(sign_bytes(DOCUMENT, key=generate_key())) == "unknown-key"

    def test_a_signature_about_another_type_is_refused(self) -> None:
        jws = sign_bytes(DOCUMENT, key=signing_key(), typ="wb+jwt")

        assert refusal(jws) == "malformed"

    def test_a_revoked_key_is_refused_from_then_on(self) -> None:
        jws = sign_bytes(DOCUMENT, key=signing_key())
        key = replace(signing_key().verifying_key(), revoked_at=NOW)

        verify_bytes(jws, DOCUMENT, KeyTable([key]), signed_at=NOW - timedelta(seconds=1))
        assert refusal(jws, keys=KeyTable([key])) == "key-revoked"

    @pytest.mark.parametrize(
        "jws",
        [
            pytest.param("", id="nothing"),
            pytest.param("a" * 513, id="too long"),
            pytest.param(with_header(b"") + "=", id="padding"),
            pytest.param(with_header(b'{"alg":"none","kid":"k1","typ":"wb-doc+jws"}'), id="none"),
            pytest.param(with_header(b'{"kid":"k1","alg":"ES256","typ":"x"}'), id="other order"),
            pytest.param(with_header(b'{"alg":"ES256","kid":"k1","typ":"x","x5u":""}'), id="more"),
            pytest.param(with_header(b"\xff\xfe"), id="not ASCII"),
            pytest.param("e..".ljust(89, "A"), id="impossible base64url"),
            pytest.param(with_header(b"{}")[:-1] + "B", id="unused bits set"),
        ],
    )
    def test_another_spelling_is_refused(self, jws: str) -> None:
        assert refusal(jws) == "malformed"


@given(st.binary(max_size=300))
def test_any_bytes_can_be_signed_and_verified(document: bytes) -> None:
    jws = sign_bytes(document, key=signing_key())

    verify_bytes(jws, document, trusted(), signed_at=NOW)


@given(st.text(max_size=600))
def test_any_text_as_a_signature_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        verify_bytes(text, DOCUMENT, trusted(), signed_at=NOW)
