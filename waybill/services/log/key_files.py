"""The log's private keys: Ed25519, PKCS #8 PEM, files that only their owner reads."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from waybill.codec import sha256

MAX_PEM_BYTES: Final = 4096
OWNER_ONLY: Final = 0o600
KID_BYTES: Final = 8


def kid_of(public_key: bytes) -> str:
    """Return the short name of a public key: the first half of its SHA-256, hexadecimal."""
    return sha256(public_key)[:KID_BYTES].hex()


def key_path(key_dir: Path, kid: str) -> Path:
    """Return the file of a private key."""
    return key_dir / f"log-{kid}.pem"


def make_key(key_dir: Path) -> bytes:
    """Make a key pair, keep the private half in the folder, and return the public half."""
    private_key = Ed25519PrivateKey.generate()
    public_key = private_key.public_key().public_bytes_raw()
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = key_path(key_dir, kid_of(public_key))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return public_key


def load_log_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        ValueError: the file holds something else.
        OSError: it cannot be read.
    """
    pem = path.read_bytes()
    try:
        found = load_pem_private_key(pem, None) if len(pem) <= MAX_PEM_BYTES else None
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{path.name} is not a private key") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise ValueError(f"{path.name} is not an Ed25519 key")  # noqa: TRY004  the file is wrong, not the caller
    return found
