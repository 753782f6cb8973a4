"""Tables of the second step of signing in, and of accounts known to somebody else's log-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.factors import Door
from waybill.storage.base import Base


class TotpRow(Base):
    """The secret of an account's authenticator; it counts from `confirmed_at` on.

    The secret lies encrypted in `pii` under `secret_ref`. `last_step` is the newest step of 30
    seconds of which a code was taken: none of it or before it is taken again.
    """

    __tablename__ = "totp_factor"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    secret_ref: Mapped[str] = mapped_column(String(64), ForeignKey("pii.commitment"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    last_step: Mapped[int | None] = mapped_column(BigInteger, default=None)


class SecurityKeyRow(Base):
    """A WebAuthn credential: what the server keeps of it is public.

    `sign_count` is what the key counted at its last use; where a key counts at all, it only rises.
    """

    __tablename__ = "security_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048), repr=False)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCodeRow(Base):
    """A recovery code, good once; of the code a keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class HalfSignInRow(Base):
    """Somebody whose password was right and whose second step is still to come.

    It is no session: with its token nothing can be done but take that step. `provider` is whose
    log-in stood for the password, empty for a password. `failures` are steps that were wrong.
    """

    __tablename__ = "half_sign_in"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    door: Mapped[Door]
    provider: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)


class LinkedIdentityRow(Base):
    """An account that may come in through a provider's log-in, or is invited to.

    `subject_index` is a keyed hash of issuer and subject: who somebody is at the provider is not
    kept here. An invitation has a code instead, of which a keyed hash is kept, until somebody has
    come in with it.
    """

    __tablename__ = "linked_identity"
    __table_args__ = (
        UniqueConstraint("user_id", "issuer"),
        CheckConstraint("(subject_index IS NULL) <> (code_hash IS NULL)", name="linked_or_invited"),
        CheckConstraint("(code_hash IS NULL) = (expires_at IS NULL)", name="invitation_ends"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    issuer: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    subject_index: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    linked_at: Mapped[datetime | None] = mapped_column(default=None)
    code_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), unique=True, default=None, repr=False
    )
    expires_at: Mapped[datetime | None] = mapped_column(default=None)


class SsoAttemptRow(Base):
    """A log-in at a provider that has begun. Its row goes when it comes back: that happens once.

    State, nonce and code verifier are derived from the browser's token, of which the hash is kept.
    """

    __tablename__ = "sso_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    provider: Mapped[str] = mapped_column(String(40))
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None, repr=False)
    next_address: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(index=True)
