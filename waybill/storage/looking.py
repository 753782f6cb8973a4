"""Tables against ticking without looking: tags at a bay, what a check asks for it, what was seen.

No rule reads them: facts and verdicts are made without them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.kinds import ItemStatus, TagPoint
from waybill.registry.looking import LookKind, TagSeen
from waybill.storage.base import Base, JsonObjects, Words


class PresenceTagRow(Base):
    """A tag (到位标签) at an inspection point of a bay: a code that is scanned where it hangs.

    Its code is made from its id under a key of the installation and is kept nowhere. One that was
    lost or copied is retired, and another is hung up in its place.
    """

    __tablename__ = "presence_tag"
    __table_args__ = (
        Index("ix_presence_tag_bay_id_id", "bay_id", "id"),
        Index("ix_presence_tag_facility_id_id", "facility_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    bay_id: Mapped[UUID] = mapped_column(ForeignKey("bay.id"))
    point: Mapped[TagPoint]
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.ACTIVE)
    retired_at: Mapped[datetime | None] = mapped_column(default=None)


class CheckLookingRow(Base):
    """What a check asks so that somebody looks, drawn when it was opened and never changed.

    `photos` are `{shows, why}`, `controls` `{id, right, choices}`, `tags` how many hung at the bay.
    """

    __tablename__ = "check_looking"

    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"), primary_key=True)
    edition: Mapped[str] = mapped_column(String(20))
    draw: Mapped[str] = mapped_column(String(64))
    points: Mapped[int]
    factors: Mapped[Words]
    photos: Mapped[JsonObjects]
    controls: Mapped[JsonObjects]
    tags: Mapped[int]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class CheckLookRow(Base):
    """One look that a check can show: a tag that was scanned, a control question answered.

    `name` is the tag's id or the question's, `seen` how a tag was found, `answer` and `correct`
    what was answered and whether it was so. `took_ms` is the time since it was shown, if told.
    """

    __tablename__ = "check_look"
    __table_args__ = (
        CheckConstraint("(kind = 'tag') = (seen IS NOT NULL)", name="tag_was_seen"),
        CheckConstraint("(kind = 'control') = (correct IS NOT NULL)", name="control_was_judged"),
        Index("ix_check_look_check_id_id", "check_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[LookKind]
    name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    seen: Mapped[TagSeen | None] = mapped_column(default=None)
    answer: Mapped[str | None] = mapped_column(String(20), default=None)
    correct: Mapped[bool | None] = mapped_column(default=None)
    took_ms: Mapped[int | None] = mapped_column(default=None)
