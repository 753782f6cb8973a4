"""Idiomatic Flask: flask-smorest, marshmallow, SQLAlchemy's ORM, psycopg."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

from tests.benchmarks.twins.ground import (
    LONGEST,
    NUMBERS,
    TEXTS,
    database,
    judge,
    read_token,
    sign,
)


class Base(DeclarativeBase):
    """The twin's tables."""


class Vehicle(Base):
    __tablename__ = "vehicle"
    plate: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    inspection_until: Mapped[date]
    insurance_until: Mapped[date]
    review_until: Mapped[date]
    scope: Mapped[str]


class Person(Base):
    __tablename__ = "person"
    reference: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    licence_until: Mapped[date]
    qualification_until: Mapped[date]


class Tank(Base):
    __tablename__ = "tank"
    number: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    inspection_until: Mapped[date]
    capacity_l: Mapped[int]
    rated_kg: Mapped[int]
    substances: Mapped[str]


class DangerousGoods(Base):
    __tablename__ = "dangerous_goods"
    un_number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    class_name: Mapped[str]
    packing_group: Mapped[str]
    tank_code: Mapped[str]


class Goods(Base):
    __tablename__ = "waybill_goods"
    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    un_number: Mapped[str] = mapped_column(ForeignKey("dangerous_goods.un_number"))
    quantity_kg: Mapped[int]


class Waybill(Base):
    __tablename__ = "waybill"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    status: Mapped[str]
    vehicle_plate: Mapped[str] = mapped_column(ForeignKey("vehicle.plate"))
    driver_reference: Mapped[str] = mapped_column(ForeignKey("person.reference"))
    escort_reference: Mapped[str] = mapped_column(ForeignKey("person.reference"))
    tank_number: Mapped[str] = mapped_column(ForeignKey("tank.number"))
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    signature: Mapped[str]
    vehicle: Mapped[Vehicle] = relationship()
    driver: Mapped[Person] = relationship(foreign_keys=[driver_reference])
    escort: Mapped[Person] = relationship(foreign_keys=[escort_reference])
    tank: Mapped[Tank] = relationship()
    goods: Mapped[list[Goods]] = relationship()


class LoadingCheck(Base):
    __tablename__ = "loading_check"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"))
    checked_at: Mapped[datetime]
    passed: Mapped[bool]
    findings: Mapped[list[Any]] = mapped_column(JSONB)


class Event(Base):
    __tablename__ = "event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ScanSchema(Schema):
    token = fields.String(required=True)


class FindingSchema(Schema):
    code = fields.String()
    passed = fields.Boolean()


class CheckSchema(Schema):
    id = fields.UUID()
    passed = fields.Boolean()
    findings = fields.List(fields.Nested(FindingSchema))


class LineSchema(Schema):
    un_number = fields.String(required=True, validate=validate.Regexp(r"\d{4}"))
    quantity_kg = fields.Integer(required=True, validate=validate.Range(min=1))


IssueSchema = Schema.from_dict(
    {name: fields.String(required=True, validate=validate.Length(max=LONGEST)) for name in TEXTS}
    | {name: fields.Integer(required=True, validate=validate.Range(min=0)) for name in NUMBERS}
    | {
        "vehicle": fields.String(required=True),
        "driver": fields.String(required=True),
        "escort": fields.String(required=True),
        "tank": fields.String(required=True),
        "valid_until": fields.AwareDateTime(required=True),
        "goods": fields.List(fields.Nested(LineSchema), required=True),
    },
    name="IssueSchema",
)


class IssuedSchema(Schema):
    id = fields.UUID()
    number = fields.String()
    signature = fields.String()


engine = create_engine(database().replace("postgresql:", "postgresql+psycopg:"), pool_size=8)
blueprint = Blueprint("twin", __name__)


@blueprint.post("/scan")
@blueprint.arguments(ScanSchema)
@blueprint.response(201, CheckSchema)
def scan(wanted: dict[str, Any]) -> LoadingCheck:
    """Judge what a token names."""
    claims = read_token(wanted["token"])
    with Session(engine, expire_on_commit=False) as session:
        options = [
            joinedload(Waybill.vehicle),
            joinedload(Waybill.driver),
            joinedload(Waybill.escort),
            joinedload(Waybill.tank),
            selectinload(Waybill.goods),
        ]
        found = session.get_one(Waybill, UUID(claims["sub"]), options=options)
        findings = judge(seen(found))
        now = datetime.now(UTC)
        passed = all(each["passed"] for each in findings)
        check = LoadingCheck(
            id=uuid4(), waybill_id=found.id, checked_at=now, passed=passed, findings=findings
        )
        body = {"waybill": str(found.id), "findings": findings}
        session.add_all([check, Event(id=uuid4(), recorded_at=now, kind="scan", body=body)])
        session.commit()
        return check


def seen(found: Waybill) -> dict[str, Any]:
    """Return what the rules are asked about."""
    return {
        "status": found.status,
        "vehicle_status": found.vehicle.status,
        "inspection_until": found.vehicle.inspection_until,
        "insurance_until": found.vehicle.insurance_until,
        "review_until": found.vehicle.review_until,
        "scope": found.vehicle.scope,
        "driver": found.driver_reference,
        "escort": found.escort_reference,
        "driver_until": min(found.driver.licence_until, found.driver.qualification_until),
        "escort_until": found.escort.qualification_until,
        "tank_status": found.tank.status,
        "tank_until": found.tank.inspection_until,
        "rated_kg": found.tank.rated_kg,
        "substances": found.tank.substances,
        "un_numbers": [line.un_number for line in found.goods],
        "quantities": [line.quantity_kg for line in found.goods],
    }


@blueprint.post("/issue")
@blueprint.arguments(IssueSchema)
@blueprint.response(201, IssuedSchema)
def issue(wanted: dict[str, Any]) -> Waybill:
    """Sign a waybill."""
    with Session(engine, expire_on_commit=False) as session:
        made = write(session, wanted)
        session.commit()
        return made


def write(session: Session, wanted: dict[str, Any]) -> Waybill:
    """Add a signed waybill with its goods and its event."""
    identity, now = uuid4(), datetime.now(UTC)
    listed = [session.get_one(DangerousGoods, line["un_number"]) for line in wanted["goods"]]
    content = {
        **wanted,
        "valid_until": wanted["valid_until"].isoformat(),
        "id": str(identity),
        "named": [each.name for each in listed],
    }
    made = Waybill(
        id=identity,
        number=identity.hex,
        status="issued",
        vehicle_plate=wanted["vehicle"],
        driver_reference=wanted["driver"],
        escort_reference=wanted["escort"],
        tank_number=wanted["tank"],
        issued_at=now,
        valid_until=wanted["valid_until"],
        content=content,
        signature=sign(content),
        goods=[Goods(position=at, **line) for at, line in enumerate(wanted["goods"], 1)],
    )
    session.add(made)
    session.add(Event(id=uuid4(), recorded_at=now, kind="issue", body={"waybill": str(identity)}))
    return made


application = Flask(__name__)
application.config |= {"API_TITLE": "twin", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
Api(application).register_blueprint(blueprint)
