"""Papers as PDF: A4, black on white, with an embedded Chinese font and none of the system's.

The layouts are the templates in `api/print`; they get their content as data, so that no text of a
user is ever read as markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import typst
from pylopdf_fonts_zh_cn import sans_path

from api.rendering.qr import Level, qr_svg
from api.rendering.wording import (
    cubic_metres,
    describe_item,
    local_time,
    packaging_words,
    spaced_plate,
)
from waybill.codec import JsonValue
from waybill.document import GoodsItem, Party, Permit, Place, Unit
from waybill.goods.catalogue import GoodsList, load
from waybill.goods.wording import description_en, description_zh, quantity_words
from waybill.registry.kinds import TankKind
from waybill.registry.labels import label_of
from waybill.rules.facts import Regime
from waybill.rules.lifecycle import STATUS_ZH, WaybillStatus
from waybill.services.waybills.printing import PrintedPerson, PrintedWaybill

TEMPLATES: Final = Path(__file__).parents[1] / "print"
ERASED: Final = "（已删除或限制 withheld）"

PICTURE_PPI: Final = 144.0

PrintData: TypeAlias = dict[str, JsonValue]
Form: TypeAlias = Literal["pdf", "png"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One code card on a sheet. `name` is a plate, a tank number or a masked name."""

    kind_zh: str
    kind_en: str
    name: str
    detail: str
    qr_text: str
    valid_until: datetime


def waybill_pdf(printed: PrintedWaybill) -> bytes:
    """Return the printed waybill."""
    (paper,) = typeset("waybill.typ", waybill_data(printed), {"qr": printed.qr_text})
    return paper


def cards_pdf(cards: Sequence[Card], *, organisation: str, printed_at: datetime) -> bytes:
    """Return a sheet of code cards, eight to a page, to be cut apart."""
    (paper,) = typeset("cards.typ", *cards_data(cards, organisation, printed_at))
    return paper


def cards_data(
    cards: Sequence[Card], organisation: str, printed_at: datetime
) -> tuple[PrintData, dict[str, str]]:
    """Return every text of a sheet of cards, and the texts of its codes by name."""
    data: PrintData = {
        "organisation": organisation,
        "printed_at": local_time(printed_at),
        "cards": [
            {
                "kind_zh": card.kind_zh,
                "kind_en": card.kind_en,
                "name": card.name,
                "detail": card.detail,
                "valid_until": local_time(card.valid_until)[:10],
                "qr": f"qr{number}",
            }
            for number, card in enumerate(cards)
        ],
    }
    return data, {f"qr{number}": card.qr_text for number, card in enumerate(cards)}


def waybill_data(printed: PrintedWaybill) -> PrintData:
    """Return every text of a printed waybill, ready to be set."""
    content = printed.content
    goods_list = load(content.list_edition)
    tank_kind = content.tank.kind if content.tank else None
    return {
        "number": content.number,
        "revision": content.revision,
        "digest": printed.digest,
        "stamp": printed.status is WaybillStatus.CANCELLED,
        "stamp_note": _stamp_note(printed),
        "status": f"{STATUS_ZH[printed.status]} {printed.status.value}",
        "masked": printed.masked,
        "printed_at": local_time(printed.printed_at),
        "valid": f"{local_time(content.valid_from)} – {local_time(content.valid_until)}",
        "planned_loading_at": local_time(content.planned_loading_at),
        "consignor": _party(content.consignor),
        "consignee": _party(content.consignee),
        "loader": _party(content.loader),
        "carrier": _party(content.carrier),
        "loading_place": _place(content.loading_place),
        "destination": _place(content.destination),
        "city_delivery": content.city_delivery,
        "vehicle": _unit(content.vehicle),
        "trailer": _unit(content.trailer) if content.trailer else None,
        "tank": (
            {
                "number": content.tank.number,
                "kind": _both(label_of(content.tank.kind).zh, label_of(content.tank.kind).en),
                "capacity": cubic_metres(content.tank.capacity_l),
            }
            if content.tank
            else None
        ),
        "driver": _person(printed.driver, content.driver.reference),
        "escort": _person(printed.escort, content.escort.reference),
        "goods": [_goods(item, goods_list, tank_kind) for item in content.goods],
        "list_edition": content.list_edition,
        "emergency_phone": content.emergency_phone,
        "limited": any(item.regime == Regime.LIMITED for item in content.goods),
        "excepted": any(item.regime == Regime.EXCEPTED for item in content.goods),
        "permits": [_permit(permit) for permit in content.permits],
        "remarks": content.remarks,
        "dispatcher": _shown(printed.dispatcher),
        "issued_at": local_time(content.issued_at),
        "accepted_findings": list(content.accepted_findings),
    }


def _stamp_note(printed: PrintedWaybill) -> str:
    if printed.cancelled_at is None:
        return ""
    return f"{local_time(printed.cancelled_at)} {printed.cancel_reason}"


def _party(party: Party) -> PrintData:
    return {
        "name": party.name,
        "uscc": party.uscc,
        "phone": party.phone,
        "licence_number": party.licence_number,
    }


def _permit(permit: Permit) -> str:
    """Return a permit on one line: kind, number, last valid day."""
    label = label_of(permit.kind)
    until = f" ≤ {permit.valid_until.isoformat()}" if permit.valid_until else ""
    return f"{label.zh} {label.en} {permit.number}{until}"


def _place(place: Place) -> PrintData:
    return {"area_code": place.area_code, "address": place.address, "name": place.name}


def _unit(unit: Unit) -> PrintData:
    colour = label_of(unit.plate_colour)
    return {
        "plate": spaced_plate(unit.plate),
        "colour": _both(f"{colour.zh}牌", colour.en),
        "certificate_number": unit.certificate_number,
    }


def _person(person: PrintedPerson, reference: str) -> PrintData:
    return {
        "name": _shown(person.name),
        "phone": _shown(person.phone),
        "certificate_number": _shown(person.certificate_number),
        "reference": reference,
    }


def _shown(value: str | None) -> str:
    return ERASED if value is None else value


def _goods(item: GoodsItem, goods_list: GoodsList, tank_kind: TankKind | None) -> PrintData:
    goods = describe_item(item, goods_list.get(item.entry_key), tank_kind)
    return {
        "position": item.position,
        "zh": description_zh(goods),
        "en": description_en(goods),
        "concentration": item.concentration,
        "packaging": list(packaging_words(goods, item.mode)),
        "quantity": "—" if goods.empty_uncleaned else quantity_words(goods),
    }


def _both(zh: str, en: str) -> str:
    return f"{zh} {en}"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(sans_path().parent)],
    )


@cache
def _template(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


def typeset(
    template: str, data: PrintData, codes: Mapping[str, str], *, form: Form = "pdf"
) -> tuple[bytes, ...]:
    """Set a template of `api/print` with its content.

    Args:
        template: name of the file.
        data: what the template shows.
        codes: the texts of QR codes, by the names under which the template places them.
        form: `pdf` gives one document, `png` one picture a page at 144 pixels an inch.
    """
    # Level Q: paper gets wet, creased and oily.
    pictures = {name: qr_svg(text, level=Level.Q) for name, text in codes.items()}
    # A compiler of its own for each paper: one cannot be used by two threads at once.
    compiler = typst.Compiler(font_paths=_fonts(), root=str(TEMPLATES))
    paper = compiler.compile(
        _template(template),
        format=form,
        ppi=PICTURE_PPI,
        sys_inputs={
            "data": json.dumps(data, ensure_ascii=False),
            "codes": json.dumps(pictures, ensure_ascii=False),
        },
    )
    if isinstance(paper, bytes):
        return (paper,)
    return tuple(paper or ())
