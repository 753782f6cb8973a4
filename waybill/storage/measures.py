"""Tables of the authority's measures: suspension, revocation and black list with four eyes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.measures import AppealOutcome, MeasureAct, MeasureKind, MeasureStatus
from waybill.storage.base import Base

LIVE_SUSPENSION = text(
    "kind = 'suspension' AND status IN ('proposed', 'interim', 'approved', 'lifting-proposed')"
)


class MeasureRow(Base):
    """A measure and where it stands.

    Nobody approves what is their own: the table itself refuses it. `in_effect` says that it bars
    its subject now, `status_before` what a suspended record was before, `black_listing_id` names
    the entry of the black list that it made. `appeal_ref` and
    `appeal_answer_ref` are commitments; the texts lie in `pii`.
    """

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("approved_by <> proposed_by", name="four_eyes"),
        CheckConstraint("lifted_by <> lifting_proposed_by", name="four_eyes_lifting"),
        CheckConstraint(
            "status NOT IN ('approved', 'lifting-proposed', 'lifted', 'expired')"
            " OR approved_by IS NOT NULL",
            name="approved_by_somebody",
        ),
        CheckConstraint("status <> 'lifted' OR lifted_by IS NOT NULL", name="lifted_by_somebody"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="dates_in_order"),
        Index(
            "uq_measure_subject_id_live_suspension",
            "subject_id",
            unique=True,
            postgresql_where=LIVE_SUSPENSION,
            sqlite_where=LIVE_SUSPENSION,
        ),
        Index("ix_measure_subject_id", "subject_id"),
        Index("ix_measure_status_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    kind: Mapped[MeasureKind]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(500))
    legal_basis: Mapped[str] = mapped_column(String(300))
    decision_number: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[MeasureStatus]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    published: Mapped[bool] = mapped_column(default=False)
    in_effect: Mapped[bool] = mapped_column(default=False)
    status_before: Mapped[RecordStatus | None] = mapped_column(default=None)
    interim_until: Mapped[datetime | None] = mapped_column(default=None)
    black_listing_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("black_listing.id"), unique=True, default=None
    )
    case_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("case_file.id"), index=True, default=None
    )
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    lifting_proposed_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("user_account.id"), default=None
    )
    lifting_reason: Mapped[str] = mapped_column(String(300), default="")
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    appeal_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    appeal_received_at: Mapped[datetime | None] = mapped_column(default=None)
    appeal_outcome: Mapped[AppealOutcome | None] = mapped_column(default=None)
    appeal_answer_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class MeasureStepRow(Base):
    """One thing that was done with a measure, with its event; never changed or removed."""

    __tablename__ = "measure_step"
    __table_args__ = (Index("ix_measure_step_measure_id_id", "measure_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"))
    at: Mapped[datetime]
    act: Mapped[MeasureAct]
    status: Mapped[MeasureStatus]
    reason: Mapped[str] = mapped_column(String(300))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
