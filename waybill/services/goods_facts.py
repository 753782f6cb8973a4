"""From the goods lines of a waybill and the dangerous goods list to the facts that rules judge."""

from datetime import datetime

from waybill.clock import local_date
from waybill.document import GoodsItem
from waybill.goods.catalogue import GoodsList, catalogue, load
from waybill.rules.facts import Answer, CarriageMode, GoodsFacts
from waybill.services.dossier import Dossier
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.units import plain_decimal


def goods_of(dossier: Dossier, at: datetime) -> tuple[GoodsFacts, ...]:
    """Return the goods lines of a waybill with what the list says of each.

    A signed waybill is read with the edition it was signed under, a draft with that of its day.
    """
    if dossier.content is not None:
        goods_list = load(dossier.content.list_edition)
        return tuple(
            _goods_line(item.position, _line_of(item), goods_list) for item in dossier.content.goods
        )
    draft = Draft.from_json(dossier.waybill.draft)
    goods_list = list_on_loading_day(draft, at)
    return tuple(
        _goods_line(position, line, goods_list)
        for position, line in enumerate(draft.goods, start=1)
    )


def list_on_loading_day(draft: Draft, at: datetime) -> GoodsList:
    """Return the dangerous goods list in force when the goods will be loaded."""
    return catalogue(local_date(max(at, draft.planned_loading_at or at)))


def _line_of(item: GoodsItem) -> DraftGoods:
    """Return a signed goods line as it was written."""
    return DraftGoods(
        entry_key=item.entry_key,
        quantity_kg=item.quantity_kg,
        mode=CarriageMode(item.mode),
        quantity_l=item.quantity_l,
        compartment=item.compartment,
        packages=item.packages,
        technical_name=item.technical_name,
        concentration=item.concentration,
        highly_toxic_declared=Answer(item.highly_toxic_declared),
        not_subject_declared=Answer(item.not_subject_declared),
    )


def _goods_line(position: int, line: DraftGoods, goods_list: GoodsList) -> GoodsFacts:
    entry = goods_list.get(line.entry_key)
    return GoodsFacts(
        position=position,
        entry_key=entry.key,
        list_edition=goods_list.edition.name,
        un_number=entry.un_number,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        aliases_zh=entry.aliases_zh,
        division=entry.division or entry.hazard_class,
        classification_code=entry.classification_code,
        subsidiary_hazards=entry.subsidiary_hazards,
        packing_group=entry.packing_group.value if entry.packing_group else "",
        list_status=entry.status.value,
        highly_toxic=Answer(entry.highly_toxic),
        mode=line.mode,
        quantity_kg=plain_decimal(line.quantity_kg),
        tank_code=entry.tank_code,
        portable_tank_instruction=entry.portable_tank_instruction,
        bulk_provisions=(*entry.vc_bulk, *entry.bulk_container),
        vehicle_for_tank_carriage=entry.vehicle_for_tank_carriage,
        special_provisions=entry.special_provisions_adr,
        technical_name=line.technical_name,
        concentration=line.concentration,
        highly_toxic_declared=line.highly_toxic_declared,
        not_subject_declared=line.not_subject_declared,
        quantity_l=None if line.quantity_l is None else plain_decimal(line.quantity_l),
        compartment=line.compartment,
        packages=line.packages,
    )
