"""Keys: read strictly, named by themselves, in force only when they are."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.harness.sealed_codes import NOW, signing_key, vectors
from waybill.codec import JsonValue, b64url_encode
from waybill.sealing import (
    KeyTable,
    SealError,
    SigningKey,
    VerifyingKey,
    generate_key,
    jwks_document,
    key_id,
    load_key,
    parse_jwk,
    parse_jwks,
    parse_pem,
    save_key,
    to_pem,
)

SECOND = timedelta(seconds=1)


def jwk(**changes: JsonValue) -> dict[str, JsonValue]:
    keys = vectors()["trusted_keys"]["keys"]
    assert isinstance(keys, list)
    assert isinstance(keys[0], dict)
    return {**keys[0], **changes}


def refusal(document: JsonValue) -> str:
    with pytest.raises(SealError) as caught:
        parse_jwks(document)
    return caught.value.code


class TestKeyId:
    def test_it_is_k_and_five_hex_digits_of_the_thumbprint(self) -> None:
        # RFC 7638 thumbprint of the vectors' key, computed with another library:
        # c9cd429afbeb6578013034e488d27e40ec3f99d74681fa358da2b3297b6bb9ee
        assert key_id(parse_jwk(jwk()).public_key) == "kc9cd4"

    def test_a_generated_key_is_named_after_itself(self) -> None:
        key = generate_key()

        assert key.kid == key_id(key.private_key.public_key())

    @pytest.mark.parametrize("kid", ["", "a b", "k" * 33, "钥匙"])
    def test_a_name_that_does_not_fit_in_a_code_is_refused(self, kid: str) -> None:
        with pytest.raises(SealError, match="bad-key"):
            SigningKey(kid=kid, private_key=signing_key().private_key)

    def test_another_curve_is_refused(self) -> None:
        other = ec.generate_private_key(ec.SECP384R1())

        with pytest.raises(SealError, match="secp384r1"):
            SigningKey(kid="k1", private_key=other)
        with pytest.raises(SealError, match="secp384r1"):
            VerifyingKey(kid="k1", public_key=other.public_key())


class TestJwks:
    def test_what_is_published_is_read_back(self) -> None:
        keys = (generate_key().verifying_key(), generate_key().verifying_key())

        assert parse_jwks(jwks_document(keys)).keys == keys

    def test_it_holds_public_members_only(self) -> None:
        assert parse_jwk(jwk()).jwk == jwk()

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param([], id="a list"),
            pytest.param({}, id="no keys"),
            pytest.param({"keys": {}}, id="keys are no list"),
            pytest.param({"keys": ["k"]}, id="a key is no object"),
            pytest.param({"keys": [jwk(d="AA")]}, id="a private key"),
            pytest.param({"keys": [jwk(kty="RSA")]}, id="another type"),
            pytest.param({"keys": [jwk(crv="P-384")]}, id="another curve"),
            pytest.param({"keys": [jwk(use="enc")]}, id="for encryption"),
            pytest.param({"keys": [jwk(alg="ES384")]}, id="another algorithm"),
            pytest.param({"keys": [jwk(kid=1)]}, id="a name that is no text"),
            pytest.param({"keys": [jwk(kid="a b")]}, id="a name with a space"),
            pytest.param({"keys": [jwk(x=None)]}, id="no coordinate"),
            pytest.param({"keys": [jwk(x="AA==")]}, id="a padded coordinate"),
            pytest.param({"keys": [jwk(x="AAAA")]}, id="a short coordinate"),
            pytest.param({"keys": [jwk(x=b64url_encode(bytes(32)))]}, id="off the curve"),
        ],
    )
    def test_a_key_that_is_not_ours_is_refused(self, document: JsonValue) -> None:
        assert refusal(document) == "bad-key"

    def test_two_keys_of_one_name_are_refused(self) -> None:
        assert refusal({"keys": [jwk(), jwk()]}) == "duplicate-key"


class TestKeyTable:
    def test_it_gives_the_key_of_a_name(self) -> None:
        key = generate_key().verifying_key()

        assert KeyTable([key]).get(key.kid) is key

    def test_an_unknown_name_is_refused(self) -> None:
        with pytest.raises(SealError) as caught:
            KeyTable().get("kzzzz")

        error = caught.value
        assert (error.code, error.subject, error.message_zh, error.message_en) == (
            "unknown-key",
            "kzzzz",
            "签名密钥不在信任名单内（kzzzz）。",
            "The signing key is not on the trust list (kzzzz).",
        )


class TestVerifyUsable:
    @staticmethod
    def key(**dates: object) -> VerifyingKey:
        public_key = signing_key().private_key.public_key()
        return VerifyingKey(kid="k1", public_key=public_key, **dates)  # type: ignore[arg-type]

    def test_a_key_without_dates_is_always_usable(self) -> None:
        self.key().verify_usable(signed_at=NOW, at=NOW)

    def test_dates_are_inclusive_and_read_with_a_minute_of_grace(self) -> None:
        key = self.key(not_before=NOW, not_after=NOW)

        key.verify_usable(signed_at=NOW - 60 * SECOND, at=NOW)
        key.verify_usable(signed_at=NOW + 60 * SECOND, at=NOW)

    @pytest.mark.parametrize("seconds", [-61, 61])
    def test_a_signature_outside_the_dates_is_refused(self, seconds: int) -> None:
        key = self.key(not_before=NOW, not_after=NOW)

        with pytest.raises(SealError, match="key-not-in-force"):
            key.verify_usable(signed_at=NOW + seconds * SECOND, at=NOW)

    def test_revocation_counts_from_its_moment_on_and_for_earlier_signatures_too(self) -> None:
        key = self.key(revoked_at=NOW)

        key.verify_usable(signed_at=NOW - 9 * SECOND, at=NOW - SECOND)
        with pytest.raises(SealError, match="key-revoked"):
            key.verify_usable(signed_at=NOW - 9 * SECOND, at=NOW)


class TestDistrusting:
    """What is looked at later than it was shown."""

    @pytest.mark.parametrize(
        ("revoked_at", "believed"),
        [
            pytest.param(None, True, id="never revoked"),
            pytest.param(NOW, False, id="revoked by then"),
            pytest.param(NOW + timedelta(seconds=1), True, id="revoked later"),
        ],
    )
    def test_a_revoked_key_was_good_at_no_moment(
        self, revoked_at: datetime | None, *, believed: bool
    ) -> None:
        table = KeyTable([replace(signing_key().verifying_key(), revoked_at=revoked_at)])
        shown_at = NOW - timedelta(hours=1)

        key = table.distrusting(NOW).get(signing_key().kid)

        refused = nullcontext() if believed else pytest.raises(SealError, match="key-revoked")
        with refused:
            key.verify_usable(signed_at=shown_at, at=shown_at)


class TestPem:
    @pytest.mark.parametrize("password", [None, b"correct horse"])
    def test_a_key_is_read_back(self, password: bytes | None) -> None:
        pem = to_pem(signing_key(), password=password)

        assert parse_pem(pem, password=password).verifying_key() == signing_key().verifying_key()

    def test_a_key_may_keep_another_name(self) -> None:
        assert parse_pem(to_pem(signing_key()), kid="k-2026").kid == "k-2026"

    @pytest.mark.parametrize(
        ("pem", "password"),
        [
            pytest.param(b"", None, id="nothing"),
            pytest.param(b"-" * 5000, None, id="too long"),
            pytest.param(to_pem(signing_key(), password=b"one"), b"two", id="wrong password"),
            pytest.param(to_pem(signing_key(), password=b"one"), None, id="no password"),
            pytest.param(
                ed25519.Ed25519PrivateKey.generate().private_bytes(
                    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
                ),
                None,
                id="another kind of key",
            ),
        ],
    )
    def test_anything_else_is_refused(self, pem: bytes, password: bytes | None) -> None:
        with pytest.raises(SealError, match="bad-key"):
            parse_pem(pem, password=password)

    def test_a_file_is_for_its_owner_only_and_never_overwritten(self, tmp_path: Path) -> None:
        path = tmp_path / "key.pem"

        save_key(path, signing_key())

        assert path.stat().st_mode & 0o777 == 0o600
        assert load_key(path).verifying_key() == signing_key().verifying_key()
        with pytest.raises(FileExistsError):
            save_key(path, signing_key())
