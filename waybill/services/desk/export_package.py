"""What an export is packed into: its files, a manifest that names them all, and its signature."""

import hashlib
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.codec import JsonValue, b64url_encode, canonical_json
from waybill.sealing import SigningKey, sign_bytes
from waybill.storage.log_tree import Head, Identity, current_identity, find_head

MANIFEST_TYPE: Final = "wb-exp+jws"
"""The type in the signature's header: a manifest is never taken for a waybill."""
MANIFEST_VERSION: Final = 1
READ_BYTES: Final = 1 << 20
README: Final = """\
manifest.json names every file with its size and SHA-256. manifest.jws signs its exact bytes: a
detached JWS (RFC 7515, appendix F); put base64url(manifest.json) between the two dots and verify
it with the key `kid` of /.well-known/jwks.json, algorithm ES256, type wb-exp+jws.

Each row has the salt and the exact body of its event. The entry of the log at its index is
{"v":1,"id":ID,"body":SHA-256(salt || body)}. proofs.ndjson leads from that entry, hash by hash from
the leaf's sibling up (RFC 6962, section 2.1.1), to the root in checkpoint, which the log signed.

manifest.json 列出每个文件的大小和 SHA-256；manifest.jws 是对其原始字节的签名（ES256，分离式 JWS）。
每一行都带有事件的盐和正文，可据此重算留痕条目；再用 proofs.ndjson 中的路径算到 checkpoint 中的根，
证明其确在留痕之中。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a manifest tells of an export beside its files."""

    export_id: UUID
    issuer: str
    owner_id: UUID
    requested_at: datetime
    made_at: datetime
    filters: Mapping[str, JsonValue]
    rows: int
    newest: UUID | None
    oldest: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A finished package; `size` in bytes, `sha256` hexadecimal."""

    size: int
    sha256: str


def newest_tree(session: Session) -> tuple[Identity, Head] | None:
    """Return the log's present origin and its newest checkpoint, `None` before its first."""
    identity = current_identity(session)
    head = None if identity is None else find_head(session, identity.epoch)
    return None if identity is None or head is None else (identity, head)


def pack(
    files: Sequence[Path],
    target: Path,
    told: Told,
    checkpoint: Head | None,
    key: SigningKey,
) -> Packed:
    """Write the package beside its place and move it there whole, never a part of it."""
    manifest = canonical_json(_manifest(files, told, checkpoint))
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        package.writestr("README.txt", README)
        package.writestr("manifest.json", manifest)
        package.writestr("manifest.jws", sign_bytes(manifest, key=key, typ=MANIFEST_TYPE))
        if checkpoint is not None:
            package.writestr("checkpoint", checkpoint.note)
        for file in files:
            package.write(file, file.name)
    packed = Packed(size=part.stat().st_size, sha256=digest_of(part))
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(target)
    return packed


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(files: Sequence[Path], told: Told, checkpoint: Head | None) -> dict[str, JsonValue]:
    log: JsonValue = None
    if checkpoint is not None:
        log = {"size": checkpoint.size, "root": b64url_encode(checkpoint.root)}
    return {
        "v": MANIFEST_VERSION,
        "export": str(told.export_id),
        "issuer": told.issuer,
        "requested_by": str(told.owner_id),
        "requested_at": _moment(told.requested_at),
        "made_at": _moment(told.made_at),
        "search": told.filters,
        "rows": told.rows,
        "newest": str(told.newest) if told.newest else None,
        "oldest": str(told.oldest) if told.oldest else None,
        "log": log,
        "files": [
            {"name": file.name, "size": file.stat().st_size, "sha256": digest_of(file)}
            for file in files
        ],
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
