"""Tables of what a plant asks beside the law, now and in each check, and of photos of checks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.kinds import AskedOf, ItemStatus
from waybill.rules.evidence import MAX_PHOTO_BYTES
from waybill.rules.finding import Phase
from waybill.storage.base import Base


class PlantItemRow(Base):
    """A question that a plant asks beside the law (企业自查项); its history stands in the log."""

    __tablename__ = "plant_item"
    __table_args__ = (
        CheckConstraint("phase IN ('before_loading', 'after_loading')", name="asked_at_the_bay"),
        Index("ix_plant_item_facility_id_id", "facility_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    phase: Mapped[Phase]
    question_zh: Mapped[str] = mapped_column(String(200))
    question_en: Mapped[str] = mapped_column(String(200))
    photo: Mapped[bool] = mapped_column(default=False)
    stops: Mapped[bool] = mapped_column(default=True)
    asked_of: Mapped[AskedOf] = mapped_column(default=AskedOf.LOADER)
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.ACTIVE)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class CheckPlantItemRow(Base):
    """An item as a check asks it: in the version of when the check was opened, come what may."""

    __tablename__ = "check_plant_item"

    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plant_item.id"), primary_key=True)
    version: Mapped[int]
    phase: Mapped[Phase]
    question_zh: Mapped[str] = mapped_column(String(200))
    question_en: Mapped[str] = mapped_column(String(200))
    photo: Mapped[bool]
    stops: Mapped[bool]
    asked_of: Mapped[AskedOf]


class CheckPhotoRow(Base):
    """A photo of a check, as it was kept; `sha256` is what evidence and log name it by.

    Once it is erased, `content` is empty; the digest stays, and with it every verdict and proof.
    Until `restricted_until` (Asia/Shanghai) it is there for a legal purpose alone.
    """

    __tablename__ = "check_photo"
    __table_args__ = (
        CheckConstraint(f"length(content) <= {MAX_PHOTO_BYTES}", name="content_length"),
        Index("ix_check_photo_check_id_sha256", "check_id", "sha256"),
        Index("ix_check_photo_sha256", "sha256"),
        Index(
            "ix_check_photo_recorded_at",
            "recorded_at",
            postgresql_where=text("erased_at IS NULL"),
            sqlite_where=text("erased_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"))
    shows: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, repr=False)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    restricted_until: Mapped[date | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
