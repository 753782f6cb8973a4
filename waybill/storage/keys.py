"""Tables of keys: who signed, and which cards and keys no longer count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.storage.base import Base, JsonObject


class SigningKeyRow(Base):
    """A public key under which this or another installation signs. Private keys are files.

    `not_after` ends signing with it; `revoked_at` ends trust in everything it signed.
    """

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(40), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(60))
    jwk: Mapped[JsonObject]
    not_before: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    not_after: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
