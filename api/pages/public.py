"""Pages for everybody: what a scanned code says, and the emergency card of a UN number.

No account, no commercial data. What stands behind `#` in the address of a code is read on the
phone and never reaches us.
"""

import re
import unicodedata
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import find_actor, public
from api.language import say
from api.rendering.placards import orange_plate_svg, placards_svg
from api.runtime import runtime
from api.transactions import reading
from waybill.clock import local_date
from waybill.errors import NotFoundError
from waybill.goods.catalogue import catalogue
from waybill.goods.emergency import EmergencyCard, find_emergency_card
from waybill.qr_payload import QrError, QrKind
from waybill.registry.access import Permission
from waybill.services.waybills.queries import get_waybill

PAGE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "verified": (
        "签名真实，在有效期内。",
        "The signature is genuine and the code is in date.",
    ),
    "no-means": (
        "此浏览器不能核实签名，请换用新版浏览器。",
        "This browser cannot verify signatures: use a newer one.",
    ),
    "no-keys": (
        "没有取得公钥列表，请联网后重试。",
        "The list of public keys could not be had: try again with a network.",
    ),
    "emergency-card": ("应急卡", "Emergency card"),
    "packing-group": ("包装类别", "packing group"),
    f"kind-{QrKind.VEHICLE}": ("车辆卡", "Vehicle card"),
    f"kind-{QrKind.TRAILER}": ("挂车卡", "Trailer card"),
    f"kind-{QrKind.DRIVER}": ("驾驶人卡", "Driver card"),
    f"kind-{QrKind.ESCORT}": ("押运人员卡", "Escort card"),
    f"kind-{QrKind.TANK}": ("罐体卡", "Tank card"),
    f"kind-{QrKind.DOCUMENT}": ("证件卡", "Document card"),
    "released-verified": (
        "放行码签名真实。请核对车牌后放行；同一运单只放行一次。",
        "The release code is genuine. Compare the plates; a waybill is released once.",
    ),
    f"kind-{QrKind.SUPERVISOR}": ("装卸管理人员卡", "Loading supervisor card"),
}
_UN_NUMBER: Final = re.compile("[0-9]{4}")
_WITH_MARK: Final = re.compile("(?:UN|联合国编号)?[ .:：]*([0-9]{4})", re.IGNORECASE)

blueprint = Blueprint("public", __name__)


@blueprint.get("/q")
@public("any phone that scans a code opens this page")
def code() -> ResponseReturnValue:
    """Show the page that reads a code; the code itself stays on the phone."""
    words = {code: say(*texts) for code, texts in {**QrError.TEXTS, **PAGE_WORDS}.items()}
    return render_template(
        "public/q.html", words=words, signed_in=find_actor() is not None, typed="", wrong=False
    )


@blueprint.get("/emergency")
@public("anybody at an accident")
def look_up() -> ResponseReturnValue:
    """Ask for a UN number, or go on to its card."""
    typed = unicodedata.normalize("NFKC", request.args.get("un", "")).strip()
    found = _WITH_MARK.fullmatch(typed)
    if found:
        return redirect(url_for("public.emergency", un_number=found[1]), HTTPStatus.SEE_OTHER)
    page = render_template("public/emergency_form.html", typed=typed, wrong=bool(typed))
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK


@blueprint.get("/emergency/<un_number>")
@public("anybody at an accident")
def emergency(un_number: str) -> ResponseReturnValue:
    """Show the emergency card of a UN number; a number of no list is answered 404."""
    card = _card(un_number)
    if card is None:
        page = render_template(
            "public/emergency_form.html", typed="", wrong=False, unknown=un_number[:12]
        )
        return page, HTTPStatus.NOT_FOUND
    return render_template(
        "public/emergency.html",
        card=card,
        orange_plates=_orange_plates(card),
        placards=placards_svg(card.entries),
        prohibited=all(entry.is_prohibited for entry in card.entries),
        consignor_phone=_consignor_phone(card),
        typed="",
        wrong=False,
    )


def _card(un_number: str) -> EmergencyCard | None:
    if not _UN_NUMBER.fullmatch(un_number):
        return None
    return find_emergency_card(un_number, catalogue(local_date(runtime().clock.now())))


def _orange_plates(card: EmergencyCard) -> list[str]:
    numbers = card.hazard_identification_numbers or ("",)
    return [orange_plate_svg(number, card.un_number) for number in numbers]


def _consignor_phone(card: EmergencyCard) -> str:
    """Return the emergency telephone of `?waybill=`, for those signed in who may see that waybill.

    A waybill that is not theirs, or has other goods, changes nothing on the page.
    """
    found = find_actor()
    try:
        waybill_id = UUID(request.args.get("waybill", ""))
    except ValueError:
        return ""
    if found is None or Permission.READ_WAYBILL not in found.permissions:
        return ""
    try:
        with reading() as session:
            content = get_waybill(session, found, waybill_id).content
    except NotFoundError:
        return ""
    carried = {item.un_number for item in content.goods} if content else set()
    return content.emergency_phone if content and card.un_number in carried else ""
