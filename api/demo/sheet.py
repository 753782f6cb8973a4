"""The demonstration's page of codes: each case with everything that is scanned at the bay.

Made anew whenever the demonstration starts, kept as a file and served at `/demo`. It shows what a
driver would carry on paper; there is no sign-in before it, and only `waybill demo` serves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, Response
from jinja2 import Environment, PackageLoader
from sqlalchemy.orm import Session

from api.auth import public
from api.demo.case import Case, Twist
from api.demo.cases import CASES, OTHER_TRAILER_PLATE
from api.demo.tablets import Equipment
from api.demo.trips import Stage
from api.rendering.qr import qr_svg
from waybill.document import parse_waybill
from waybill.qr_payload import QrKind
from waybill.registry.access import Actor
from waybill.services.cards import Card, issue_person_card, issue_tank_card, issue_vehicle_card
from waybill.storage.waybills import WaybillRevisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of a case: what it is, the words beside it, its text and its picture."""

    label_zh: str
    label_en: str
    subject: str
    text: str
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A case with its waybill's number and its codes, in the order of the bay's check list."""

    case: Case
    number: str
    codes: tuple[Code, ...]


def write_page(
    session: Session,
    stage: Stage,
    trips: Mapping[str, UUID],
    equipment: Equipment,
    path: Path,
) -> None:
    """Write the page of codes of today's trips and of the tablets; cards are issued anew."""
    sheets = [
        _sheet(session, stage, case, trips[case.key])
        for case in CASES
        if case.twist is not Twist.NOT_ISSUED
    ]
    supervisor = _person(session, stage, "plant-supervisor", QrKind.SUPERVISOR, "plant")
    template = Environment(loader=PackageLoader("api"), autoescape=True).get_template(
        "demo/codes.html"
    )
    page = template.render(
        sheets=sheets,
        supervisor=supervisor,
        enrolments=[_code(label, "enrols a tablet", code, code) for label, code in equipment.codes],
        badges=[
            _code(f"工牌 {badge.account}", "badge", f"PIN {badge.pin}", badge.text)
            for badge in equipment.badges
        ],
    )
    path.write_text(page, encoding="utf-8")


def install_page(app: Flask, path: Path) -> None:
    """Serve the page at `/demo`."""
    blueprint = Blueprint("demo", __name__)

    @blueprint.get("/demo")
    @public("the demonstration's own page, served by `waybill demo` alone")
    def show() -> Response:
        return Response(path.read_text(encoding="utf-8"), mimetype="text/html")

    app.register_blueprint(blueprint)


def changed_in_one_digit(text: str) -> str:
    """Return a code's text with one digit in its middle changed, as a forger would try."""
    at = len(text) - 40
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def _sheet(session: Session, stage: Stage, case: Case, waybill_id: UUID) -> Sheet:
    revision = session.get_one(WaybillRevisionRow, (waybill_id, 1))
    content = parse_waybill(revision.document)
    text = revision.qr_text
    if case.twist is Twist.CHANGED_DIGIT:
        text = changed_in_one_digit(text)
    trailer = OTHER_TRAILER_PLATE if case.twist is Twist.OTHER_TRAILER else case.trailer
    return Sheet(
        case=case,
        number=content.number,
        codes=(
            _code("运单", "waybill", content.number, text),
            _vehicle(session, stage, case.owner, case.tractor),
            *([_vehicle(session, stage, case.owner, trailer)] if trailer else []),
            *([_tank(session, stage, case)] if case.tank else []),
            _person(session, stage, case.driver, QrKind.DRIVER, case.owner),
            _person(session, stage, case.escort, QrKind.ESCORT, case.owner),
        ),
    )


def _vehicle(session: Session, stage: Stage, owner: str, plate: str) -> Code:
    card = issue_vehicle_card(
        session, _holder(stage, owner), stage.register.vehicles[plate], terms=stage.terms
    )
    return _of_card(card)


def _tank(session: Session, stage: Stage, case: Case) -> Code:
    card = issue_tank_card(
        session, _holder(stage, case.owner), stage.register.tanks[case.tank], terms=stage.terms
    )
    return _of_card(card)


def _person(session: Session, stage: Stage, key: str, kind: QrKind, owner: str) -> Code:
    card = issue_person_card(
        session,
        _holder(stage, owner),
        stage.register.people[key],
        kind,
        terms=stage.terms,
    )
    return _of_card(card)


def _holder(stage: Stage, owner: str) -> Actor:
    users = stage.register.users
    return users["supervisor"] if owner == "plant" else users[_ACCOUNT_OF[owner]]


_ACCOUNT_OF: Final = {
    "anda": "carrier",
    "henglv": "carrier-henglv",
    "shuntong": "carrier-shuntong",
}

_LABELS: Final = {
    QrKind.VEHICLE: ("车辆", "vehicle"),
    QrKind.TRAILER: ("挂车", "trailer"),
    QrKind.TANK: ("罐体", "tank"),
    QrKind.DRIVER: ("驾驶员", "driver"),
    QrKind.ESCORT: ("押运员", "escort"),
    QrKind.SUPERVISOR: ("装卸管理人员", "loading supervisor"),
}


def _of_card(card: Card) -> Code:
    return _code(*_LABELS[card.kind], card.subject, card.qr_text)


def _code(label_zh: str, label_en: str, subject: str, text: str) -> Code:
    return Code(label_zh=label_zh, label_en=label_en, subject=subject, text=text, svg=qr_svg(text))
