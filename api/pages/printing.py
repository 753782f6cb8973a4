"""Papers to print: the waybill, and the code cards of an organisation."""

import re
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import say
from api.rendering import pdf
from api.rendering.qr import Level, qr_svg
from api.rendering.wording import local_time, spaced_plate
from api.runtime import runtime
from api.signing import issue_terms
from api.transactions import transaction
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.qr_payload import QrKind
from waybill.registry.access import Permission
from waybill.services.card_sheet import KINDS, CardSheet, SheetCard, issue_card_sheet
from waybill.services.registry.organisations import get_organisation
from waybill.services.waybills.printing import print_waybill

PDF: Final = "application/pdf"
KIND_WORDS: Final = {
    QrKind.VEHICLE: ("车辆", "vehicle"),
    QrKind.TRAILER: ("挂车", "trailer"),
    QrKind.TANK: ("罐体", "tank"),
    QrKind.DRIVER: ("驾驶人", "driver"),
    QrKind.ESCORT: ("押运人员", "escort"),
    QrKind.SUPERVISOR: ("装卸管理人员", "loading supervisor"),
}
PLATED: Final = frozenset({QrKind.VEHICLE, QrKind.TRAILER})
_NOT_IN_FILE_NAMES: Final = re.compile("[^A-Za-z0-9-]")

blueprint = Blueprint("printing", __name__)


@blueprint.get("/waybills/<uuid:waybill_id>/print.pdf")
@requires(Permission.READ_WAYBILL)
def waybill(waybill_id: UUID) -> ResponseReturnValue:
    """Print a waybill; its crew stands in clear for its carrier alone, and each print is logged."""
    with transaction() as session:
        printed = print_waybill(
            session, actor(), waybill_id, vault=runtime().vault, clock=runtime().clock
        )
    return _paper(pdf.waybill_pdf(printed), name=f"waybill-{printed.content.number}")


@blueprint.get("/cards")
@requires(Permission.WRITE_REGISTRY)
def cards() -> ResponseReturnValue:
    """Show the cards of one's organisation, or of one kind by `?kind=`."""
    kind = _wanted_kind()
    organisation, sheet = _sheet(kind)
    return render_template(
        "cards.html",
        organisation=organisation,
        cards=[_shown(item) for item in sheet.cards],
        cut=sheet.cut,
        kind_words={each: say(*KIND_WORDS[each]) for each in KINDS},
        pdf=url_for("printing.cards_pdf", kind=kind),
    )


@blueprint.get("/cards.pdf")
@requires(Permission.WRITE_REGISTRY)
def cards_pdf() -> ResponseReturnValue:
    """Print the cards of one's organisation, eight to a page."""
    organisation, sheet = _sheet(_wanted_kind())
    printed = [_printed(item) for item in sheet.cards]
    paper = pdf.cards_pdf(printed, organisation=organisation, printed_at=runtime().clock.now())
    return _paper(paper, name="cards")


def _wanted_kind() -> QrKind | None:
    wanted = request.args.get("kind")
    if wanted is None:
        return None
    if wanted not in KINDS:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/kind",
                    code="unknown-kind",
                    message_zh="没有这种卡片。",
                    message_en="There are no cards of this kind.",
                )
            ]
        )
    return QrKind(wanted)


def _sheet(kind: QrKind | None) -> tuple[str, CardSheet]:
    who = actor()
    with transaction() as session:
        organisation = get_organisation(session, who, who.organisation_id).name
        sheet = issue_card_sheet(
            session, who, kind=kind, vault=runtime().vault, terms=issue_terms()
        )
    return organisation, sheet


def _printed(item: SheetCard) -> pdf.Card:
    zh, en = KIND_WORDS[item.card.kind]
    return pdf.Card(
        kind_zh=zh,
        kind_en=en,
        name=_name(item),
        detail=f"{item.detail.zh} {item.detail.en}".strip(),
        qr_text=item.card.qr_text,
        valid_until=item.card.valid_until,
    )


def _shown(item: SheetCard) -> dict[str, str]:
    return {
        "kind": item.card.kind,
        "name": _name(item),
        "detail": say(item.detail.zh, item.detail.en or item.detail.zh),
        "valid_until": local_time(item.card.valid_until)[:10],
        "svg": qr_svg(item.card.qr_text, level=Level.Q),
    }


def _name(item: SheetCard) -> str:
    return spaced_plate(item.name) if item.card.kind in PLATED else item.name


def _paper(content: bytes, *, name: str) -> Response:
    file_name = _NOT_IN_FILE_NAMES.sub("-", name)
    response = Response(content, mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    return response
