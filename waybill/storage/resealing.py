"""Giving the vault of personal values another key: each value is opened, checked and sealed anew.

The rows may not be changed otherwise, so the trigger that says so is lifted for this transaction.
That takes the right of whoever owns the tables.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, LargeBinary, Row, bindparam, select, text, type_coerce, update
from sqlalchemy.orm import Session

from waybill.storage.log import PersonalValueRow
from waybill.storage.personal import NONCE_BYTES, SALT_BYTES, commit, context_of

PAGE: Final = 1000
_SQLITE_TRIGGER: Final = "pii_append_only_update"
_TRIGGER: Final = "pii_erase_only"
_SEALED: Final = type_coerce(PersonalValueRow.sealed, LargeBinary).label("sealed")
"""Not empty where it is asked for: erased values are left out."""


class ResealError(ValueError):
    """A value does not open under the old key, or is not what its commitment says."""


def reseal_values(session: Session, old: bytes, new: bytes) -> int:
    """Seal every stored value under a new key, all or none; return how many there are.

    Raises:
        ResealError: names the first commitment whose value does not hold; nothing is changed.
    """
    opener, sealer = AESGCM(old), AESGCM(new)
    count, after = 0, ""
    with _rewriting(session.connection()):
        while rows := _page(session, after):
            changes = [_resealed(row, opener, sealer) for row in rows]
            session.connection().execute(
                update(PersonalValueRow.__table__)  # type: ignore[arg-type]  # a table, as mapped
                .where(PersonalValueRow.commitment == bindparam("of"))
                .values(sealed=bindparam("anew")),
                changes,
            )
            count, after = count + len(rows), rows[-1].commitment
    return count


def _page(session: Session, after: str) -> Sequence[Row[str, str, bytes]]:
    return session.execute(
        select(PersonalValueRow.commitment, PersonalValueRow.field, _SEALED)
        .where(PersonalValueRow.commitment > after, PersonalValueRow.sealed.is_not(None))
        .order_by(PersonalValueRow.commitment)
        .limit(PAGE)
    ).all()


def _resealed(row: Row[str, str, bytes], opener: AESGCM, sealer: AESGCM) -> dict[str, object]:
    context = context_of(row.commitment, row.field)
    try:
        plain = opener.decrypt(row.sealed[:NONCE_BYTES], row.sealed[NONCE_BYTES:], context)
    except InvalidTag as error:
        raise ResealError(f"{row.commitment} does not open under the old key") from error
    if commit(plain[:SALT_BYTES], row.field, plain[SALT_BYTES:].decode()) != row.commitment:
        raise ResealError(f"{row.commitment} is not the commitment to its value")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return {"of": row.commitment, "anew": nonce + sealer.encrypt(nonce, plain, context)}


@contextmanager
def _rewriting(connection: Connection) -> Iterator[None]:
    """Lift the trigger; where the block fails, the transaction that is rolled back restores it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE pii DISABLE TRIGGER {_TRIGGER}"))
        yield
        connection.execute(text(f"ALTER TABLE pii ENABLE TRIGGER {_TRIGGER}"))
        return
    named = {"name": _SQLITE_TRIGGER}
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), named)
    connection.execute(text(f"DROP TRIGGER {_SQLITE_TRIGGER}"))
    yield
    connection.exec_driver_sql(str(made))
