"""Tables of the log and of personal values.

The tree commits to `{"v":1,"id":…,"body":SHA-256(salt ‖ body)}` of each event; body and salt are
shown by right. All of these are append-only, by trigger on both dialects and by grant on
PostgreSQL; only `event_pending` is emptied, by the sequencer, and `pii` erased, value and salt.
An event's pending row comes by trigger and goes only once the event has its entry, so no event can
be left out.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
)
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
    """The place of an event in the order of all events: contiguous from 0, each event once.

    It is the event's leaf in the tree of the first origin, and for ever: how a later origin's
    leaves lie among them, `waybill.storage.log_tree.Identity` says.
    """

    __tablename__ = "log_entry"

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)


class LogIdentityRow(Base):
    """One origin under which the log is published, 0 the first; the newest is current.

    A later one opens with its succession: event `event_id`, which has its place at
    `succession_index` in the order of all events and leaf 0 in the new tree.
    """

    __tablename__ = "log_identity"
    __table_args__ = (
        CheckConstraint(
            "(epoch = 0) = (event_id IS NULL) AND (epoch = 0) = (succession_index IS NULL)",
            name="succession",
        ),
    )

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(255), unique=True)
    recorded_at: Mapped[datetime]
    succession_index: Mapped[int | None] = mapped_column(BigInteger, default=None)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"), default=None)


class LogTileRow(Base):
    """A full tile of a tree (C2SP tlog-tiles): `level` -1 holds entries, 0 and up hashes.

    `root` is the hash above a tile of hashes, which stands in the tile above. What lies to the
    right of the last full tile is made from the events and these roots whenever it is asked for.
    """

    __tablename__ = "log_tile"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None)


class LogCheckpointRow(Base):
    """A signed note over size and root of a tree, as the log itself signed it."""

    __tablename__ = "log_checkpoint"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[bytes] = mapped_column(LargeBinary)


class LogCosignatureRow(Base):
    """A witness's signature of a checkpoint; joined to the note when it is served.

    `blob` is what stands behind the key's id: the moment in seconds and the signature.
    """

    __tablename__ = "log_cosignature"
    __table_args__ = (
        ForeignKeyConstraint(["epoch", "size"], ["log_checkpoint.epoch", "log_checkpoint.size"]),
        Index("ix_log_cosignature_epoch_name_size", "epoch", "name", "size"),
    )

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    key_id: Mapped[bytes] = mapped_column(LargeBinary(4), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    blob: Mapped[bytes] = mapped_column(LargeBinary)


class LogKeyRow(Base):
    """A key that signs checkpoints; the private half is a file, `log-` and its `kid`.

    It signs those larger than `from_size`, and none larger than `until_size` once it is retired,
    each in the tree of its origin.
    """

    __tablename__ = "log_key"

    kid: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    added_at: Mapped[datetime]
    from_epoch: Mapped[int]
    from_size: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    until_epoch: Mapped[int | None] = mapped_column(default=None)
    until_size: Mapped[int | None] = mapped_column(BigInteger, default=None)


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
