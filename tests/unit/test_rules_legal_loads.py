"""Typical legal loads, with rows of the real list: each is cleared wherever it is judged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from tests.harness.legal_loads import (
    GAS,
    LIQUID,
    LORRY_PAPERS,
    PHOTOS,
    SOLID,
    RecordT,
    box,
    container,
    d,
    held,
    line,
    lorry,
    of_scope,
    permit,
)
from tests.harness.rule_facts import (
    AT,
    carrier,
    certificate,
    driver,
    escort,
    tank,
    trailer,
    waybill,
)
from tests.harness.rule_trips import (
    ESCORT_PRESENT,
    ESCORT_SCAN,
    loading,
    trip,
)
from waybill.registry.kinds import (
    CertificateKind,
    PermitKind,
    TankKind,
    UnitBody,
    VehicleApproval,
)
from waybill.rules.assess import assess
from waybill.rules.evidence import Evidence, LoadedLine
from waybill.rules.facts import (
    Facts,
    LastCargoFacts,
    Regime,
)
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.register import current_edition


def petrol() -> Facts:
    goods = line(
        "1203", quantity_kg=d("28000"), physical_state=LIQUID, density_kg_l=d("0.75"),
        density_50_kg_l=d("0.72"), filling_temperature_c=d("20"),
    )  # fmt: skip
    return of_scope(trip(goods=(goods,)), "危险货物运输(3类)")


def petrol_in_a_tank_of_unknown_heating() -> Facts:
    return replace(petrol(), tank=tank(heated=None))


def chlorine() -> Facts:
    goods = line(
        "1017", quantity_kg=d("20000"), physical_state=GAS, density_kg_l=d("1.425"),
        density_50_kg_l=d("1.32"), filling_temperature_c=d("15"),
    )  # fmt: skip
    may = permit(
        PermitKind.HIGHLY_TOXIC_PASS, "320000123", un_numbers=("1017",), quantity_kg=d("20000")
    )
    vessel = container(
        "1017", capacity_l=d("17000"), tank_code="P22DH(M)", test_pressure_bar=d("22")
    )
    facts = trip(
        goods=(goods,),
        tank=vessel,
        trailer=trailer(body=UnitBody.CONTAINER_CARRIER),
        waybill=waybill(permits=(may,)),
    )
    return of_scope(facts, "危险货物运输(2类3项),剧毒化学品", "highly_toxic")


def liquefied_petroleum_gas() -> Facts:
    goods = line(
        "1965", quantity_kg=d("25000"), physical_state=GAS, technical_name="丙烷",
        density_kg_l=d("0.508"), density_50_kg_l=d("0.449"), filling_temperature_c=d("15"),
    )  # fmt: skip
    vessel = held(
        "1965",
        "丙烷",
        kind=TankKind.MOBILE_PRESSURE_VESSEL,
        capacity_l=d("59500"),
        tank_code="P27BN(M)",
        test_pressure_bar=d("27"),
        max_filling_kg=d("25000"),
        certificates=(
            certificate(CertificateKind.TANK_INSPECTION),
            certificate(CertificateKind.USE_REGISTRATION),
        ),
    )
    return of_scope(trip(goods=(goods,), tank=vessel), "危险货物运输(2类1项)")


def molten_sulphur() -> Facts:
    goods = line(
        "2448", quantity_kg=d("28000"), physical_state=LIQUID, density_kg_l=d("1.87"),
        density_50_kg_l=d("1.85"), filling_temperature_c=d("140"), viscosity_mm2_s=d("7"),
    )  # fmt: skip
    vessel = held("2448", capacity_l=d("18000"), tank_code="LGBV", heated=True)
    return of_scope(trip(goods=(goods,), tank=vessel), "危险货物运输(4类1项)")


def flammable_liquid_nos() -> Facts:
    goods = line(
        "1993-ii-4125", quantity_kg=d("28000"), physical_state=LIQUID, density_kg_l=d("0.86"),
        density_50_kg_l=d("0.83"), filling_temperature_c=d("20"), technical_name="含有二甲苯",
    )  # fmt: skip
    vessel = held("1993-ii-4125", "含有二甲苯", capacity_l=d("36000"))
    return of_scope(trip(goods=(goods,), tank=vessel), "危险货物运输(3类)")


def sulphuric_acid() -> Facts:
    goods = line(
        "1830", quantity_kg=d("28000"), physical_state=LIQUID, density_kg_l=d("1.84"),
        density_50_kg_l=d("1.81"), filling_temperature_c=d("20"),
    )  # fmt: skip
    vessel = held("1830", capacity_l=d("17000"), tank_code="L4BN")
    return of_scope(trip(goods=(goods,), tank=vessel), "危险货物运输(8类)")


def flammable_beside_corrosive() -> Facts:
    lines = (
        box("1263-ii-7541", quantity_kg=d("2000"), physical_state=LIQUID),
        box("1824-ii", 2, quantity_kg=d("3000"), physical_state=LIQUID),
    )
    return of_scope(lorry(*lines), "危险货物运输(3类,8类)")


def fireworks() -> Facts:
    goods = box("0336", quantity_kg=d("4000"), physical_state=SOLID, net_explosive_mass_kg=d("900"))
    may = permit(
        PermitKind.FIREWORKS, "苏烟运 2026-0123", un_numbers=("0336",), quantity_kg=d("4000")
    )
    facts = lorry(goods, approval=VehicleApproval.EX_II)
    facts = replace(facts, waybill=replace(facts.waybill, permits=(may,)))
    return of_scope(facts, "危险货物运输(1类4项)", "explosive")


def paint_in_limited_quantities() -> Facts:
    """Return what an ordinary haulier does: no escort comes, nobody has dangerous goods papers."""
    goods = box(
        "1263-ii-7541", quantity_kg=d("3000"), physical_state=LIQUID, packages=200,
        regime=Regime.LIMITED, inner_l=d("5"), package_gross_kg=d("20"), gross_mass_kg=d("3500"),
    )  # fmt: skip
    facts = of_scope(lorry(goods), "")
    seen = [i for i in facts.evidence.items if i not in (ESCORT_SCAN, ESCORT_PRESENT)]
    return replace(
        facts,
        carrier=carrier(certificates=()),
        tractor=facts.tractor and _plain(facts.tractor),
        driver=_plain(driver()),
        escort=escort(certificates=()),
        evidence=Evidence(items=tuple(seen)),
    )


def _plain(record: RecordT) -> RecordT:
    papers = tuple(paper for paper in record.certificates if paper.kind in LORRY_PAPERS)
    return replace(record, certificates=papers)


def empty_tank() -> Facts:
    """Return a petrol tank on its way back: of what is left nobody knows density or warmth."""
    goods = line("1203", quantity_kg=d("50"), physical_state=LIQUID, empty_uncleaned=True)
    unrecorded = tank(last_cargoes=())
    declared = LastCargoFacts(compartment=0, entry_key="1203", un_number="1203")
    facts = trip(goods=(goods,), tank=unrecorded, waybill=waybill(last_cargoes=(declared,)))
    return of_scope(facts, "危险货物运输(3类)")


LOADS: Final[list[Callable[[], Facts]]] = [
    petrol,
    petrol_in_a_tank_of_unknown_heating,
    chlorine,
    liquefied_petroleum_gas,
    molten_sulphur,
    flammable_liquid_nos,
    sulphuric_acid,
    flammable_beside_corrosive,
    fireworks,
    paint_in_limited_quantities,
    empty_tank,
]


def in_phase(facts: Facts, phase: Phase) -> Facts:
    """Return a trip as it stands in a phase: nothing seen yet, at the bay, loaded, on the road."""
    if phase in (Phase.ISSUE, Phase.DAY_BEFORE):
        return replace(facts, evidence=Evidence())
    if phase is Phase.ROADSIDE:
        return replace(facts, waybill=replace(facts.waybill, status=WaybillStatus.RELEASED))
    if phase is Phase.BEFORE_LOADING:
        return facts
    lines = tuple(
        LoadedLine(position=each.position, quantity_kg=each.quantity_kg) for each in facts.goods
    )
    record = loading(lines=lines, gross_mass_kg=None)
    return replace(
        facts,
        waybill=replace(facts.waybill, status=WaybillStatus.CLEARED, redeemed=True),
        evidence=Evidence(items=(*facts.evidence.items, record, *PHOTOS)),
    )


@pytest.mark.parametrize("phase", sorted(Phase))
@pytest.mark.parametrize("load_of", LOADS, ids=[made.__name__ for made in LOADS])
def test_a_legal_load_is_cleared(load_of: Callable[[], Facts], phase: Phase) -> None:
    facts = in_phase(load_of(), phase)

    verdict = assess(facts, at=AT, phase=phase, edition=current_edition())

    blocking = [(f.code, f.reason, dict(f.facts)) for f in verdict.findings if f.blocks]
    assert verdict.clears, blocking
