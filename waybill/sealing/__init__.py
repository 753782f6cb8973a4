"""Keys, signing and verifying: ES256 through PyJWT, the algorithm pinned, keys parsed once."""

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
    "DOCUMENT_TYPE",
    "QR_TYPE",
    "Jws",
    "KeyTable",
    "SealError",
    "SigningKey",
    "VerifyingKey",
    "generate_key",
    "jwks_document",
    "key_id",
    "load_key",
    "parse_jwk",
    "parse_jwks",
    "parse_pem",
    "save_key",
    "sign_bytes",
    "sign_jws",
    "signer_of",
    "to_pem",
    "verify_bytes",
    "verify_signature",
]
