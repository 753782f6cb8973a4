"""From the goods lines of a waybill and the dangerous goods list to the facts that rules judge."""

from datetime import datetime
from functools import lru_cache

from waybill.clock import local_date
from waybill.document import GoodsItem
from waybill.goods.catalogue import GoodsList, catalogue, load
from waybill.goods.controls import find_controls
from waybill.rules.facts import (
    Answer,
    CarriageMode,
    ControlFacts,
    GoodsFacts,
    PhysicalState,
    Regime,
)
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
            goods_line(item.position, _line_of(item), goods_list) for item in dossier.content.goods
        )
    draft = dossier.draft
    goods_list = list_on_loading_day(draft, at)
    return tuple(
        goods_line(position, line, goods_list) for position, line in enumerate(draft.goods, start=1)
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
        regime=Regime(item.regime),
        physical_state=PhysicalState(item.physical_state),
        waste=item.waste,
        empty_uncleaned=item.empty_uncleaned,
        shrink_wrapped=item.shrink_wrapped,
        density_kg_l=item.density_kg_l,
        density_50_kg_l=item.density_50_kg_l,
        filling_temperature_c=item.filling_temperature_c,
        viscosity_mm2_s=item.viscosity_mm2_s,
        gross_mass_kg=item.gross_mass_kg,
        package_gross_kg=item.package_gross_kg,
        package_net_l=item.package_net_l,
        package_net_kg=item.package_net_kg,
        inner_l=item.inner_l,
        inner_kg=item.inner_kg,
        net_explosive_mass_kg=item.net_explosive_mass_kg,
        drug_precursor_declared=Answer(item.drug_precursor_declared),
    )


def goods_line(position: int, line: DraftGoods, goods_list: GoodsList) -> GoodsFacts:
    """Return the facts of one goods line: what was declared, and the row of the list."""
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
        quantity_l=plain_decimal(line.quantity_l),
        compartment=line.compartment,
        packages=line.packages,
        labels=entry.labels,
        limited_quantity=entry.limited_quantity,
        excepted_quantity=entry.excepted_quantity,
        portable_tank_provisions=entry.portable_tank_special_provisions,
        tank_provisions=entry.tank_special_provisions,
        package_provisions=entry.v_packages,
        loading_provisions=entry.cv_loading,
        special_provisions_gb=entry.special_provisions_gb,
        transport_category=entry.transport_category,
        tunnel_restriction_code=entry.tunnel_restriction_code,
        hazard_identification_number=entry.hazard_identification_number,
        controls=controls_of(goods_list.edition.name, entry.key),
        regime=line.regime,
        physical_state=line.physical_state,
        waste=line.waste,
        empty_uncleaned=line.empty_uncleaned,
        shrink_wrapped=line.shrink_wrapped,
        density_kg_l=plain_decimal(line.density_kg_l),
        density_50_kg_l=plain_decimal(line.density_50_kg_l),
        filling_temperature_c=plain_decimal(line.filling_temperature_c),
        viscosity_mm2_s=plain_decimal(line.viscosity_mm2_s),
        gross_mass_kg=plain_decimal(line.gross_mass_kg),
        package_gross_kg=plain_decimal(line.package_gross_kg),
        package_net_l=plain_decimal(line.package_net_l),
        package_net_kg=plain_decimal(line.package_net_kg),
        inner_l=plain_decimal(line.inner_l),
        inner_kg=plain_decimal(line.inner_kg),
        net_explosive_mass_kg=plain_decimal(line.net_explosive_mass_kg),
        drug_precursor_declared=line.drug_precursor_declared,
    )


@lru_cache(maxsize=4096)
def controls_of(edition: str, entry_key: str) -> tuple[ControlFacts, ...]:
    """Return what the Chinese control lists say of a row; it never changes within an edition."""
    return tuple(
        ControlFacts(
            kind=control.kind.value,
            answer=Answer(control.answer),
            entries=control.entries,
            confirmed=control.confirmed,
            condition=control.condition,
        )
        for control in find_controls(load(edition).get(entry_key), edition)
    )
