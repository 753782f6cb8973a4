"""Tables of the log and of personal values.

The tree commits to `{"v":1,"id":…,"body":SHA-256(salt ‖ body)}` of each event; body and salt are
shown by right. All of these are append-only, by trigger on both dialects and by grant on
PostgreSQL; only `event_pending` is emptied, by the sequencer, and `pii` erased, value and salt.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.storage.base import Base


class EventRow(Base):
    """One thing that happened. `body` is canonical JSON, `salt` 32 random bytes."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("length(salt) = 32", name="salt_length"),
        Index("ix_event_recorded_at_id", "recorded_at", "id"),
        Index("ix_event_kind_id", "kind", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    recorded_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(60))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class EventSubjectRow(Base):
    """By what an event can be found: waybill, plate, facility, organisation, user.

    `subject_key` is the id, or the plate with its colour; never a personal value in clear.
    """

    __tablename__ = "event_subject"

    subject_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True, index=True)


class EventPendingRow(Base):
    """An event that is not in the tree yet. The sequencer takes rows by presence."""

    __tablename__ = "event_pending"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)


class LogEntryRow(Base):
    """The place of an event in the tree: contiguous from 0."""

    __tablename__ = "log_entry"

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)


class LogTileRow(Base):
    """A tile of the tree (C2SP tlog-tiles): `level` -1 holds entries, 0 and up hashes.

    A partial tile is replaced by appending a wider one; `width` is how many it holds.
    """

    __tablename__ = "log_tile"

    level: Mapped[int] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpointRow(Base):
    """A signed note over size and root of the tree."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[bytes] = mapped_column(LargeBinary)


class PersonalValueRow(Base):
    """A personal value, known elsewhere only by `commitment`.

    `commitment` is hexadecimal SHA-256(salt ‖ field ‖ 0x00 ‖ UTF-8 value). `sealed` holds salt and
    value encrypted (AES-256-GCM); erasure empties it and nothing else. `value_index` is an HMAC of
    the value under a key of its own, to find it again.
    """

    __tablename__ = "pii"

    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    recorded_at: Mapped[datetime]
    field: Mapped[str] = mapped_column(String(40))
    value_index: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
