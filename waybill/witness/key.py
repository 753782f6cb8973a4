"""The witness's own key, a file of one line that only its owner may read.

It is written as Go's signed notes write a private key: `PRIVATE+KEY+name+id+base64`, where the
bytes are the algorithm's and the seed.
"""

import base64
import os
import re
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from waybill.codec import b64_decode
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import PUBLIC_KEY_BYTES, Algorithm, NoteSigner, refuse_bad_name

MAX_KEY_FILE_BYTES: Final = 1024
OWNER_ONLY: Final = 0o600

_PRIVATE: Final = re.compile(
    r"PRIVATE\+KEY\+(?P<name>[^ +]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})\n?"
)


def make_key(path: Path, name: str) -> NoteSigner:
    """Make a key for cosignatures and write it to a new file.

    Raises:
        NoteError: a name that no key may have.
        FileExistsError: there is a file already; a key is never overwritten.
    """
    refuse_bad_name(name)
    private_key = Ed25519PrivateKey.generate()
    signer = NoteSigner(name=name, private_key=private_key, algorithm=Algorithm.COSIGNATURE)
    material = base64.b64encode(bytes([signer.algorithm]) + private_key.private_bytes_raw())
    line = f"PRIVATE+KEY+{name}+{signer.verifier.key_id.hex()}+{material.decode()}\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return signer


def load_key(path: Path) -> NoteSigner:
    """Read a key as `make_key` wrote it.

    Raises:
        NoteError: others may read the file, or it holds no key for cosignatures.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & ~OWNER_ONLY:
            raise NoteError(f"others than its owner may use {path}; chmod 600 it")
        data = file.read(MAX_KEY_FILE_BYTES)
    found = _PRIVATE.fullmatch(data.decode(errors="replace"))
    if found is None:
        raise NoteError(f"{path} holds no key")
    try:
        material = b64_decode(found["key"])
    except ValueError as error:
        raise NoteError(f"{path} holds no key") from error
    if material[:1] != bytes([Algorithm.COSIGNATURE]) or len(material) != 1 + PUBLIC_KEY_BYTES:
        raise NoteError(f"{path} holds no key for cosignatures")
    signer = NoteSigner(
        name=found["name"],
        private_key=Ed25519PrivateKey.from_private_bytes(material[1:]),
        algorithm=Algorithm.COSIGNATURE,
    )
    if signer.verifier.key_id.hex() != found["id"]:
        raise NoteError(f"the id of the key in {path} is not that of its bytes")
    return signer
