"""FastAPI with pydantic and SQLAlchemy's ORM, over the tables of the idiomatic Flask twin."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, Field, create_model
from sqlalchemy.orm import Session, joinedload, selectinload

from tests.benchmarks.twins.ground import LONGEST, NUMBERS, TEXTS, judge, read_token
from tests.benchmarks.twins.smorest_orm import Event, LoadingCheck, Waybill, engine, seen, write

Text = Annotated[str, Field(max_length=LONGEST)]
Number = Annotated[int, Field(ge=0)]


class Scan(BaseModel):
    token: str


class Finding(BaseModel):
    code: str
    passed: bool


class Check(BaseModel):
    id: UUID
    passed: bool
    findings: list[Finding]


class Line(BaseModel):
    un_number: Annotated[str, Field(pattern=r"^\d{4}$")]
    quantity_kg: Annotated[int, Field(ge=1)]


_FIELDS: dict[str, Any] = (
    dict.fromkeys(TEXTS, (Text, ...))
    | dict.fromkeys(NUMBERS, (Number, ...))
    | dict.fromkeys(("vehicle", "driver", "escort", "tank"), (str, ...))
    | {"valid_until": (AwareDatetime, ...), "goods": (list[Line], ...)}
)
Issue = create_model("Issue", **_FIELDS)


class Issued(BaseModel):
    id: UUID
    number: str
    signature: str


application = FastAPI()


@application.post("/scan", status_code=201)
def scan(wanted: Scan) -> Check:
    """Judge what a token names."""
    claims = read_token(wanted.token)
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
        return Check.model_validate(check, from_attributes=True)


@application.post("/issue", status_code=201)
def issue(wanted: Issue) -> Issued:  # type: ignore[valid-type]  # made of the table of fields
    """Sign a waybill."""
    with Session(engine, expire_on_commit=False) as session:
        made = write(session, wanted.model_dump())  # type: ignore[attr-defined]
        session.commit()
        return Issued.model_validate(made, from_attributes=True)
