"""Tables of the registry: organisations, facilities, vehicles, tanks, people, certificates.

Every record has a `version`, the second net under the row lock and the `ETag` of the API; each
earlier state of it stands in `registry_version`.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    Provenance,
    RecordStatus,
    SubjectKind,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.storage.base import Base, JsonObject, JsonObjects, Words

NOT_RETIRED = text("status <> 'retired'")


class OrganisationRow(Base):
    """An enterprise or authority (统一社会信用代码 names it) and what it does in the chain."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    created_at: Mapped[datetime]
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[Words]
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class FacilityRow(Base):
    """A place where a loader loads: its address and administrative area code (GB/T 2260).

    `latitude` and `longitude` are degrees (WGS 84) to three decimals, where they are known.
    `supervisor_consents`: no load is cleared here before the loading supervisor agreed to it.
    """

    __tablename__ = "facility"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))
    area_code: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(String(300))
    latitude: Mapped[Decimal | None] = mapped_column(default=None)
    longitude: Mapped[Decimal | None] = mapped_column(default=None)
    supervisor_consents: Mapped[bool] = mapped_column(default=False)
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class BayRow(Base):
    """A loading bay (装卸车位) of a facility."""

    __tablename__ = "bay"
    __table_args__ = (UniqueConstraint("facility_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    created_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(100))
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class VehicleRow(Base):
    """A tractor, a rigid vehicle or a trailer; plate and colour together identify it.

    `max_trailer_mass_kg` (准牵引总质量) belongs to a tractor, `tare_kg` (整备质量) to every unit.
    `card_version` is the version of the QR card that is valid now; an older card is refused.
    """

    __tablename__ = "vehicle"
    __table_args__ = (
        Index(
            "uq_vehicle_plate_plate_colour",
            "plate",
            "plate_colour",
            unique=True,
            postgresql_where=NOT_RETIRED,
            sqlite_where=NOT_RETIRED,
        ),
        Index("ix_vehicle_plate_plate_colour", "plate", "plate_colour"),
        Index("ix_vehicle_vin", "vin"),
        CheckConstraint("rated_load_kg IS NULL OR rated_load_kg > 0", name="rated_load_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    plate: Mapped[str] = mapped_column(String(10))
    plate_colour: Mapped[PlateColour]
    kind: Mapped[UnitKind]
    approval: Mapped[VehicleApproval]
    vin: Mapped[str] = mapped_column(String(17))
    first_registered_on: Mapped[date]
    rated_load_kg: Mapped[Decimal | None] = mapped_column(default=None)
    tare_kg: Mapped[Decimal | None] = mapped_column(default=None)
    max_trailer_mass_kg: Mapped[Decimal | None] = mapped_column(default=None)
    body: Mapped[UnitBody | None] = mapped_column(default=None)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.TYPED)
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    card_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class VehiclePositionRow(Base):
    """What the positioning device of a vehicle reported last; older reports are not kept."""

    __tablename__ = "vehicle_position"

    vehicle_id: Mapped[UUID] = mapped_column(ForeignKey("vehicle.id"), primary_key=True)
    reported_at: Mapped[datetime]
    online: Mapped[bool]
    latitude: Mapped[Decimal | None] = mapped_column(default=None)
    longitude: Mapped[Decimal | None] = mapped_column(default=None)


class TankRow(Base):
    """A tank and what its papers allow.

    `compartments` is a list of `{number, capacity_l, largest_section_l}`, `approved_substances`
    (适装介质; on a mobile pressure vessel the media of its 使用登记证) a list of
    `{un_number, packing_groups, technical_name, max_concentration, compartment}`; both as the
    certificate lists them, quantities as decimal text.
    """

    __tablename__ = "tank"
    __table_args__ = (
        Index(
            "uq_tank_number",
            "number",
            unique=True,
            postgresql_where=NOT_RETIRED,
            sqlite_where=NOT_RETIRED,
        ),
        Index("ix_tank_number", "number"),
        Index("ix_tank_mounted_on_id", "mounted_on_id"),
        CheckConstraint("capacity_l > 0", name="capacity_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[TankKind]
    capacity_l: Mapped[Decimal]
    compartments: Mapped[JsonObjects]
    approved_substances: Mapped[JsonObjects]
    tank_code: Mapped[str | None] = mapped_column(String(20), default=None)
    portable_tank_instruction: Mapped[str | None] = mapped_column(String(4), default=None)
    rated_load_kg: Mapped[Decimal | None] = mapped_column(default=None)
    tare_kg: Mapped[Decimal | None] = mapped_column(default=None)
    mounted_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicle.id"), default=None)
    test_pressure_bar: Mapped[Decimal | None] = mapped_column(default=None)
    max_filling_kg: Mapped[Decimal | None] = mapped_column(default=None)
    insulated: Mapped[bool | None] = mapped_column(default=None)
    heated: Mapped[bool | None] = mapped_column(default=None)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.TYPED)
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    card_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class PersonRow(Base):
    """A driver, escort or loading supervisor: a pseudonymous reference and pointers into `pii`.

    `reference` (10 hexadecimal characters) is what documents, QR codes and facts call the person.
    `*_ref` are commitments, hexadecimal; the values lie encrypted in `pii`. `id_number_index` is
    the keyed hash by which one person is found again within one organisation.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id_number_index"),
        Index("ix_person_id_number_index", "id_number_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    roles: Mapped[Words]
    name_ref: Mapped[str] = mapped_column(String(64))
    id_number_ref: Mapped[str] = mapped_column(String(64))
    id_number_index: Mapped[str] = mapped_column(String(64))
    phone_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.TYPED)
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.ACTIVE)
    card_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class CertificateRow(Base):
    """A certificate of an organisation, vehicle, tank or person.

    `number` is in clear for things and organisations; a person's stands as `number_ref`, a
    commitment. `categories` are endorsements of a person (`explosive`, `highly_toxic`,
    `radioactive`, driving classes such as `A2`). `valid_until` is the last valid day.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_subject_id", "subject_id"),
        CheckConstraint("(number IS NULL) <> (number_ref IS NULL)", name="one_number"),
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="dates_in_order",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[UUID]
    kind: Mapped[CertificateKind]
    issuer: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    number: Mapped[str | None] = mapped_column(String(60), default=None)
    number_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    scope: Mapped[str] = mapped_column(Text, default="")
    categories: Mapped[Words] = mapped_column(default_factory=list)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.TYPED)
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.VALID)
    status_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class RegistryVersionRow(Base):
    """What a record of the registry said in one version, who wrote it and in which event."""

    __tablename__ = "registry_version"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[SubjectKind]
    recorded_at: Mapped[datetime]
    snapshot: Mapped[JsonObject]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class BlackListingRow(Base):
    """An entry of the black list (黑名单): blocks from `valid_from` to `valid_until`, both days in.

    `valid_until` empty means until lifted.
    """

    __tablename__ = "black_listing"
    __table_args__ = (Index("ix_black_listing_subject_id", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    recorded_at: Mapped[datetime]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[UUID]
    decision_number: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(500))
    valid_from: Mapped[date]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    valid_until: Mapped[date | None] = mapped_column(default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
