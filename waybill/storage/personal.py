"""Personal values: known by a commitment everywhere, readable only through the vault.

The commitment is SHA-256(salt ‖ field ‖ 0x00 ‖ UTF-8 value) with 32 random bytes of salt, so it
tells nothing by itself and survives the erasure of salt and value. Both lie encrypted with
AES-256-GCM, bound to commitment and field.
"""

import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from waybill.codec import sha256
from waybill.registry.personal import Holder
from waybill.storage.log import PersonalValueRow
from waybill.storage.personal_rows import PersonalHoldingRow
from waybill.storage.session import overwrite_erased

KEY_BYTES: Final = 32
SALT_BYTES: Final = 32
NONCE_BYTES: Final = 12


def commit(salt: bytes, field: str, value: str) -> str:
    """Return the commitment to a value, hexadecimal."""
    return sha256(salt + field.encode() + b"\x00" + value.encode()).hex()


class PersonalVault:
    """Encrypts, finds again and shows personal values. Each showing is the caller's to log."""

    def __init__(self, encryption_key: bytes, index_key: bytes) -> None:
        if len(encryption_key) != KEY_BYTES or len(index_key) != KEY_BYTES:
            raise ValueError("expected two keys of 32 bytes")
        self._cipher = AESGCM(encryption_key)
        self._index_key = index_key

    def index(self, field: str, value: str) -> str:
        """Return the keyed hash by which a value is found again."""
        message = field.encode() + b"\x00" + value.encode()
        return hmac.new(self._index_key, message, "sha256").hexdigest()

    def protect(
        self,
        session: Session,
        field: str,
        value: str,
        at: datetime,
        *,
        holder: Holder | None = None,
    ) -> str:
        """Store a value encrypted and return its commitment, hexadecimal.

        Without a holder nobody can ask to see or to erase it, and retention leaves it alone.
        """
        salt = secrets.token_bytes(SALT_BYTES)
        commitment = commit(salt, field, value)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(
            nonce, salt + value.encode(), context_of(commitment, field)
        )
        session.execute(
            insert(PersonalValueRow).values(
                commitment=commitment,
                recorded_at=at,
                field=field,
                value_index=self.index(field, value),
                sealed=sealed,
            )
        )
        if holder is not None:
            session.execute(
                insert(PersonalHoldingRow).values(
                    commitment=commitment,
                    holder_kind=holder.kind,
                    holder_id=holder.id,
                    organisation_id=holder.organisation_id,
                )
            )
        return commitment

    def reveal(self, session: Session, commitment: str) -> str | None:
        """Return the value behind a commitment, `None` when it is erased, restricted or unknown."""
        opened = self.open(session, (commitment,)).get(commitment)
        return None if opened is None else opened[1]

    def open(
        self, session: Session, commitments: tuple[str, ...], *, restricted: bool = False
    ) -> dict[str, tuple[bytes, str]]:
        """Return salt and value of each commitment that is stored and not erased.

        Values under restriction stay closed, also to be masked, unless they are asked for:
        `restricted` is for a legal purpose alone.

        Raises:
            cryptography.exceptions.InvalidTag: a row was altered, or the key is another.
        """
        wanted = (
            select(PersonalValueRow.commitment, PersonalValueRow.field, PersonalValueRow.sealed)
            .outerjoin(
                PersonalHoldingRow, PersonalHoldingRow.commitment == PersonalValueRow.commitment
            )
            .where(PersonalValueRow.commitment.in_(commitments))
        )
        if not restricted:
            wanted = wanted.where(PersonalHoldingRow.restricted_at.is_(None))
        opened = {}
        for commitment, field, sealed in session.execute(wanted):
            if sealed is None:
                continue
            nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            plain = self._cipher.decrypt(nonce, ciphertext, context_of(commitment, field))
            opened[commitment] = (plain[:SALT_BYTES], plain[SALT_BYTES:].decode())
        return opened


def erase_value(session: Session, commitment: str, at: datetime) -> None:
    """Destroy salt and value; the commitment stays, and with it every signature and proof."""
    overwrite_erased(session)
    session.execute(
        update(PersonalValueRow)
        .where(PersonalValueRow.commitment == commitment)
        .values(sealed=None, erased_at=at, value_index="")
    )


def supersede_value(session: Session, commitment: str, at: datetime) -> None:
    """Note that the register has another value, or none, in the place of this one."""
    session.execute(
        update(PersonalHoldingRow)
        .where(PersonalHoldingRow.commitment == commitment)
        .values(replaced_at=at)
    )


def context_of(commitment: str, field: str) -> bytes:
    """Return what a sealed value is bound to: in another place it does not open."""
    return f"{commitment}\x00{field}".encode()
