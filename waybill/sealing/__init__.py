"""Keys, signing and verifying: ES256 through PyJWT, the algorithm pinned, keys parsed once."""

from waybill.sealing.device_jws import (
    ASSERTION_TYPE,
    DeviceJws,
    device_public_key,
    parse_device_jws,
    verify_device_jws,
)
from waybill.sealing.errors import SealError
from waybill.sealing.jws import (
    DOCUMENT_TYPE,
    QR_TYPE,
    Jws,
    sign_bytes,
    sign_jws,
    signer_of,
    verify_bytes,
    verify_signature,
)
from waybill.sealing.keys import (
    KeyTable,
    SigningKey,
    VerifyingKey,
    generate_key,
    jwks_document,
    key_id,
    parse_jwk,
    parse_jwks,
)
from waybill.sealing.pem import load_key, parse_pem, save_key, to_pem

__all__ = [
    "ASSERTION_TYPE",
    "DOCUMENT_TYPE",
    "QR_TYPE",
    "DeviceJws",
    "Jws",
    "KeyTable",
    "SealError",
    "SigningKey",
    "VerifyingKey",
    "device_public_key",
    "generate_key",
    "jwks_document",
    "key_id",
    "load_key",
    "parse_device_jws",
    "parse_jwk",
    "parse_jwks",
    "parse_pem",
    "save_key",
    "sign_bytes",
    "sign_jws",
    "signer_of",
    "to_pem",
    "verify_bytes",
    "verify_device_jws",
    "verify_signature",
]
