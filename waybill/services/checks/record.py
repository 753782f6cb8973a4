"""The loading record (装货记录) as it is signed at release."""

from collections.abc import Sequence
from datetime import datetime

from waybill.document import FORMAT_VERSION, GoodsItem, LoadedItem, LoadingRecord, WaybillContent
from waybill.rules.evidence import LoadedLine, LoadingItem
from waybill.services.dossier import SUPERVISOR_MARK, Dossier
from waybill.services.verdicts import Verdict
from waybill.storage.records import CheckRecord, ClearanceRecord
from waybill.units import plain_decimal


def record_of(
    dossier: Dossier,
    check: CheckRecord,
    clearance: ClearanceRecord,
    *,
    content: WaybillContent,
    loading: LoadingItem,
    verdict: Verdict,
    at: datetime,
) -> LoadingRecord:
    """Return what will be signed: what was loaded, on which vehicle, under whose eyes."""
    supervisor = dossier.people.get(clearance.supervisor_id)
    return LoadingRecord(
        v=FORMAT_VERSION,
        waybill_id=content.id,
        waybill_number=content.number,
        revision=content.revision,
        waybill_digest=dossier.revision.digest if dossier.revision else "",
        check_id=str(check.id),
        verdict_digest=verdict.digest,
        loader=content.loader,
        carrier=content.carrier,
        consignor=content.consignor,
        facility_id=str(check.facility_id),
        bay_id=str(check.bay_id),
        vehicle=content.vehicle,
        trailer=content.trailer,
        driver=content.driver.reference,
        supervisor=SUPERVISOR_MARK + supervisor.reference if supervisor else "",
        started_at=loading.started_at,
        finished_at=loading.finished_at,
        released_at=at,
        loaded=_loaded(content.goods, loading.lines, str(check.bay_id)),
        gross_mass_kg=loading.gross_mass_kg and plain_decimal(loading.gross_mass_kg),
        seals=loading.seals,
        no_seal_reason=loading.no_seal_reason,
    )


def _loaded(
    goods: Sequence[GoodsItem], lines: Sequence[LoadedLine], bay_id: str
) -> tuple[LoadedItem, ...]:
    loaded = {line.position: line for line in lines}
    return tuple(_loaded_item(item, loaded[item.position], bay_id) for item in goods)


def _loaded_item(item: GoodsItem, line: LoadedLine, bay_id: str) -> LoadedItem:
    return LoadedItem(
        position=item.position,
        entry_key=item.entry_key,
        un_number=item.un_number,
        name_zh=item.name_zh,
        hazard_class=item.hazard_class,
        quantity_kg=plain_decimal(line.quantity_kg),
        quantity_l=plain_decimal(line.quantity_l),
        temperature_c=plain_decimal(line.temperature_c),
        density_kg_l=plain_decimal(line.density_kg_l),
        bay_id=line.bay_id or bay_id,
        short_reason=line.short_reason or "",
    )
