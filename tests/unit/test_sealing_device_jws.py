"""What a tablet signs: read strictly, verified by its own key and nothing else."""

import json
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from waybill.codec import JsonValue, b64url_encode
from waybill.sealing import (
    ASSERTION_TYPE,
    SealError,
    device_public_key,
    parse_device_jws,
    verify_device_jws,
)

DEVICE = "01938a7c-0000-7000-8000-00000000000a"
HEADER = {"alg": "ES256", "kid": DEVICE, "typ": ASSERTION_TYPE}
PAYLOAD = b'{"aud":"waybill-device"}'


@cache
def tablet_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_key(key: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    public = (key or tablet_key()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signed(header: object = None, payload: bytes = PAYLOAD) -> str:
    text = header if isinstance(header, bytes) else json.dumps(header or HEADER).encode()
    body = f"{b64url_encode(text)}.{b64url_encode(payload)}"
    r, s = decode_dss_signature(tablet_key().sign(body.encode(), ec.ECDSA(SHA256())))
    return f"{body}.{b64url_encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def refusal(text: str, typ: str = ASSERTION_TYPE, max_chars: int = 1024) -> str:
    with pytest.raises(SealError) as caught:
        parse_device_jws(text, typ=typ, max_chars=max_chars)
    return caught.value.code


class TestParseDeviceJws:
    @pytest.mark.parametrize("names", [("alg", "kid", "typ"), ("typ", "alg", "kid")])
    def test_the_header_may_stand_in_any_order(self, names: tuple[str, ...]) -> None:
        text = signed({name: HEADER[name] for name in names})

        jws = parse_device_jws(text, typ=ASSERTION_TYPE, max_chars=1024)

        assert (str(jws.device_id), jws.payload, jws.compact) == (DEVICE, PAYLOAD, text)

    @pytest.mark.parametrize(
        "header",
        [
            pytest.param(HEADER | {"alg": "none"}, id="no algorithm"),
            pytest.param(HEADER | {"alg": "HS256"}, id="a shared secret"),
            pytest.param(HEADER | {"alg": "ES384"}, id="another curve"),
            pytest.param(HEADER | {"typ": "wb-off+jws"}, id="another kind"),
            pytest.param(HEADER | {"crit": ["b64"], "b64": False}, id="critical members"),
            pytest.param(HEADER | {"jwk": {}}, id="a key of its own"),
            pytest.param(HEADER | {"kid": DEVICE.upper()}, id="the id in capitals"),
            pytest.param(HEADER | {"kid": "k1"}, id="no id"),
            pytest.param(HEADER | {"kid": 1}, id="a number"),
            pytest.param({"alg": "ES256", "kid": DEVICE}, id="no kind"),
            pytest.param([HEADER], id="no object"),
            pytest.param(b'{"alg":"ES256","alg":"ES256","kid":"x","typ":"y"}', id="a twin"),
            pytest.param(b"{", id="no JSON"),
            pytest.param(json.dumps(HEADER).encode() + b" " * 200, id="too long a header"),
        ],
    )
    def test_another_header_is_refused(self, header: object) -> None:
        assert refusal(signed(header)) == "malformed"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="empty"),
            pytest.param("a.b", id="two parts"),
            pytest.param(signed() + "=", id="padding"),
            pytest.param(signed() + "\n", id="a line break"),
            pytest.param(signed()[:-1], id="a short signature"),
            pytest.param(signed().replace(".", "..", 1), id="an empty part"),
        ],
    )
    def test_another_shape_is_refused(self, text: str) -> None:
        assert refusal(text) == "malformed"

    def test_a_text_that_is_too_long_is_not_looked_at(self) -> None:
        text = signed()

        assert refusal(text, max_chars=len(text) - 1) == "malformed"
        assert parse_device_jws(text, typ=ASSERTION_TYPE, max_chars=len(text)).compact == text


class TestVerifyDeviceJws:
    def test_the_key_that_signed_is_accepted(self) -> None:
        jws = parse_device_jws(signed(), typ=ASSERTION_TYPE, max_chars=1024)

        verify_device_jws(jws, public_key())

    def test_another_key_is_refused(self) -> None:
        jws = parse_device_jws(signed(), typ=ASSERTION_TYPE, max_chars=1024)

        with pytest.raises(SealError) as caught:
            verify_device_jws(jws, public_key(ec.generate_private_key(ec.SECP256R1())))
        assert (caught.value.code, caught.value.subject) == ("bad-signature", DEVICE)

    def test_another_payload_is_refused(self) -> None:
        header, _, signature = signed().split(".")
        changed = f"{header}.{b64url_encode(PAYLOAD + b' ')}.{signature}"
        jws = parse_device_jws(changed, typ=ASSERTION_TYPE, max_chars=1024)

        with pytest.raises(SealError, match="bad-signature"):
            verify_device_jws(jws, public_key())


class TestDevicePublicKey:
    def jwk(self) -> dict[str, JsonValue]:
        point = public_key()
        coordinates = {"x": b64url_encode(point[1:33]), "y": b64url_encode(point[33:])}
        return {"kty": "EC", "crv": "P-256", **coordinates}

    def test_a_key_becomes_its_point(self) -> None:
        assert device_public_key(self.jwk()) == public_key()

    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"kty": "RSA"}, id="another type"),
            pytest.param({"crv": "P-384"}, id="another curve"),
            pytest.param({"x": b64url_encode(bytes(32))}, id="no point on the curve"),
            pytest.param({"d": "AA"}, id="a private key"),
        ],
    )
    def test_another_key_is_refused(self, changed: dict[str, JsonValue]) -> None:
        with pytest.raises(SealError) as caught:
            device_public_key(self.jwk() | changed)
        assert caught.value.code == "bad-key"
