"""Tables of identity: who may come in, with what, and how often they failed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.storage.base import Base, Words


class UserRow(Base):
    """An account of a person in an organisation. `person_id` links a supervisor to the register.

    `name_ref` is a commitment into `pii`; the user name is an account name, not a person's name.
    """

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), repr=False)
    role: Mapped[Role]
    name_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    active: Mapped[bool] = mapped_column(default=True)
    credentials_changed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class RefreshTokenRow(Base):
    """A refresh token or page session, known by its hash; one `family` per sign-in.

    A token that is used a second time revokes its whole family.
    """

    __tablename__ = "refresh_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    family: Mapped[UUID] = mapped_column(index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class ApiKeyRow(Base):
    """A key for a machine: acts for `user_id`, within `scopes` (permission names), until it ends.

    `prefix` is shown and looked up; of the secret only its SHA-256 is kept (it has 256 random
    bits, so a slow hash would protect nothing).
    """

    __tablename__ = "api_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    label: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)
    scopes: Mapped[Words]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInAttemptRow(Base):
    """A failed sign-in, counted per account name and per address (both as keyed hashes)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject_at", "subject", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IdempotencyKeyRow(Base):
    """The first answer to a write that carried an `Idempotency-Key`; a repeat gets it again.

    `body` is encrypted (AES-256-GCM), because an answer may name people.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created_at", "created_at"),)

    principal: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    created_at: Mapped[datetime]
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(default=None)
    headers: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, repr=False)
