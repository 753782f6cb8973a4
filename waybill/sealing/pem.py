"""Private keys as PEM text and as files."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from waybill.sealing.errors import SealError
from waybill.sealing.keys import SigningKey, key_id

MAX_PEM_BYTES: Final = 4096
OWNER_ONLY: Final = 0o600


def to_pem(key: SigningKey, *, password: bytes | None = None) -> bytes:
    """Return the private key as PKCS #8 PEM, encrypted where a password is given."""
    encryption: KeySerializationEncryption = (
        NoEncryption() if password is None else BestAvailableEncryption(password)
    )
    return key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def parse_pem(pem: bytes, *, password: bytes | None = None, kid: str | None = None) -> SigningKey:
    """Read a private P-256 key; without `kid` it is named after its thumbprint.

    Raises:
        SealError: `bad-key`: not PEM, another kind of key, or the wrong password.
    """
    if len(pem) > MAX_PEM_BYTES:
        raise SealError("bad-key")
    try:
        private_key = load_pem_private_key(pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealError("bad-key") from error
    if not isinstance(private_key, ec.EllipticCurvePrivateKey):
        raise SealError("bad-key")
    return SigningKey(kid=kid or key_id(private_key.public_key()), private_key=private_key)


def save_key(path: Path, key: SigningKey, *, password: bytes | None = None) -> None:
    """Write a private key to a new file that only its owner may read.

    Raises:
        FileExistsError: there is a file already; a key is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(to_pem(key, password=password))


def load_key(path: Path, *, password: bytes | None = None, kid: str | None = None) -> SigningKey:
    """Read a private key from a file.

    Raises:
        SealError: `bad-key`.
        OSError: the file cannot be read.
    """
    return parse_pem(path.read_bytes(), password=password, kid=kid)
