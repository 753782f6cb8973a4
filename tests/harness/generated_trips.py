"""Trips over the whole dangerous goods list, made up from a seed: `trips(seed, count)`.

Each is a plausible trip with one to four goods lines, complete in what the row and the way of
carriage ask for; every second one then gets one flaw: something is left out, wrong or too much.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final, TypeVar

from tests.harness.rule_facts import AT, substance, tank, tractor, trailer, unit, waybill
from tests.harness.rule_trips import packages_trip, scan, trip
from waybill.goods.catalogue import GoodsList, load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.registry.kinds import (
    CertificateKind,
    PermitKind,
    Provenance,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.evidence import AnswerItem, Evidence, ScanItem, ScanKind
from waybill.rules.facts import (
    Answer,
    CargoFacts,
    CarriageMode,
    CompartmentFacts,
    Facts,
    GoodsFacts,
    PartyFacts,
    PermitFacts,
    PersonFacts,
    PhysicalState,
    Regime,
    TankFacts,
    UnitFacts,
)
from waybill.rules.questions import all_questions
from waybill.services.goods_facts import goods_line
from waybill.services.waybills.draft import DraftGoods

EDITION: Final = "2025"
MAX_LINES: Final = 4
EVERYTHING: Final = "危险货物运输(1类,2类,3类,4类,5类,6类,7类,8类,9类),剧毒化学品"
ENDORSEMENTS: Final = ("explosive", "highly_toxic", "radioactive")
RecordT = TypeVar("RecordT", PartyFacts, UnitFacts, PersonFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedTrip:
    """A trip and the name of its flaw, empty for none."""

    facts: Facts
    flaw: str


def trips(seed: int, count: int) -> Iterator[GeneratedTrip]:
    """Make up so many trips, the same ones for the same seed."""
    random = Random(seed)  # noqa: S311  trips to judge, not secrets
    rows = load(EDITION)
    for _ in range(count):
        facts = _trip(random, rows)
        if random.random() < 0.5:
            flaw = random.choice(sorted(FLAWS))
            yield GeneratedTrip(facts=FLAWS[flaw](facts), flaw=flaw)
        else:
            yield GeneratedTrip(facts=facts, flaw="")


def _trip(random: Random, rows: GoodsList) -> Facts:
    entry = random.choice(rows.entries)
    if entry.allows_tank and random.random() < 0.6:
        return _may_carry_anything(_tank_trip(random, rows, entry))
    return _may_carry_anything(_packages_trip(random, rows, entry))


def _may_carry_anything(facts: Facts) -> Facts:
    """Give carrier, units and crew every scope and endorsement, and the trip every permit."""
    kinds = (CertificateKind.CARRIER_LICENCE, CertificateKind.ROAD_TRANSPORT_CERTIFICATE)
    return replace(
        facts,
        carrier=facts.carrier and _with(facts.carrier, kinds, scope=EVERYTHING),
        tractor=facts.tractor and _with(facts.tractor, kinds, scope=EVERYTHING),
        trailer=facts.trailer and _with(facts.trailer, kinds, scope=EVERYTHING),
        driver=facts.driver
        and _with(facts.driver, (CertificateKind.DRIVER_QUALIFICATION,), categories=ENDORSEMENTS),
        escort=facts.escort
        and _with(facts.escort, (CertificateKind.ESCORT_QUALIFICATION,), categories=ENDORSEMENTS),
        waybill=replace(facts.waybill, permits=tuple(_permit(kind, facts) for kind in PermitKind)),
        evidence=Evidence(items=(*facts.evidence.items, *_answers(), _scan(facts))),
    )


def _scan(facts: Facts) -> ScanItem:
    """Return the waybill's code with the goods of the trip."""
    return scan(
        ScanKind.WAYBILL,
        facts.waybill.id,
        revision=facts.waybill.revision,
        goods=tuple(
            (line.un_number, line.packing_group, int(line.quantity_kg), "kg")
            for line in facts.goods
        ),
    )


def _with(record: RecordT, kinds: tuple[CertificateKind, ...], **changes: object) -> RecordT:
    papers = tuple(
        replace(paper, **changes) if paper.kind in kinds else paper  # type: ignore[arg-type]
        for paper in record.certificates
    )
    return replace(record, certificates=papers)


def _permit(kind: PermitKind, facts: Facts) -> PermitFacts:
    numbers = {PermitKind.HIGHLY_TOXIC_PASS: "320000123"}
    return PermitFacts(
        kind=kind,
        number=numbers.get(kind, "32080020260001"),
        provenance=Provenance.TYPED,
        un_numbers=tuple(line.un_number for line in facts.goods),
        quantity_kg=Decimal(1_000_000),
        plates=(facts.waybill.vehicle_plate,),
        valid_from=AT.date(),
        valid_until=AT.date(),
        from_area_code=facts.waybill.loading_area_code,
        to_area_code=facts.waybill.destination_area_code,
    )


def _answers() -> tuple[AnswerItem, ...]:
    """Return a yes to every question that the law knows."""
    return tuple(
        AnswerItem(question=question.id, answer="yes", at=AT) for question in all_questions()
    )


def _tank_trip(random: Random, rows: GoodsList, entry: DangerousGoodsEntry) -> Facts:
    line = goods_line(1, _in_tank(random, entry), rows)
    vessel = _vessel(random, entry, line)
    demountable = vessel.kind in {TankKind.TANK_CONTAINER, TankKind.PORTABLE_TANK}
    approval = VehicleApproval.FL if line.vehicle_for_tank_carriage == "FL" else VehicleApproval.AT
    return trip(
        waybill=waybill(tank_number=vessel.number),
        tank=vessel,
        goods=(line,),
        tractor=tractor(approval=approval),
        trailer=trailer(
            approval=approval,
            body=UnitBody.CONTAINER_CARRIER if demountable else UnitBody.TANK,
        ),
    )


def _in_tank(random: Random, entry: DangerousGoodsEntry) -> DraftGoods:
    state = {"L": PhysicalState.LIQUID, "S": PhysicalState.SOLID}.get(
        entry.tank_code[:1], PhysicalState.GAS if entry.hazard_class == "2" else PhysicalState.ASK
    )
    density = Decimal(random.randint(650, 1800)) / 1000
    return DraftGoods(
        entry_key=entry.key,
        quantity_kg=Decimal(random.choice((2_000, 4_000, 5_000, 15_000, 20_000, 29_000))),
        mode=CarriageMode.TANK,
        physical_state=state,
        density_kg_l=density,
        density_50_kg_l=density * Decimal("0.96"),
        filling_temperature_c=Decimal(random.randint(-10, 35)),
        technical_name="二甲苯" if entry.needs_technical_name else "",
        highly_toxic_declared=random.choice((Answer.YES, Answer.NO)),
        not_subject_declared=Answer.YES,
        drug_precursor_declared=Answer.NO,
    )


def _vessel(random: Random, entry: DangerousGoodsEntry, line: GoodsFacts) -> TankFacts:
    kind = random.choice(sorted(TankKind))
    if kind is TankKind.PORTABLE_TANK and not entry.portable_tank_instruction:
        kind = TankKind.TANK_CONTAINER
    demountable = kind in {TankKind.TANK_CONTAINER, TankKind.PORTABLE_TANK}
    needed_l = line.quantity_kg / (line.density_kg_l or 1)
    capacity_l = (needed_l * Decimal(random.choice(("1.02", "1.12", "1.2", "2")))).quantize(1)
    base = tank()
    return replace(
        base,
        kind=kind,
        capacity_l=capacity_l,
        compartments=(
            CompartmentFacts(
                number=1,
                capacity_l=capacity_l,
                largest_section_l=min(capacity_l, Decimal(7_500)),
            ),
        ),
        approved_substances=(substance(entry.un_number), substance("1202")),
        tank_code=(entry.tank_codes or ("LGBF",))[0],
        portable_tank_instruction=entry.portable_tank_instruction or None,
        mounted_on_id=None if demountable else "trailer-1",
        tare_kg=Decimal(4_000) if demountable else None,
        test_pressure_bar=Decimal(random.choice((22, 30, 60))),
        max_filling_kg=Decimal(20_000),
        insulated=random.random() < 0.5,
        last_cargoes=(
            CargoFacts(
                compartment=0,
                entry_key=line.entry_key,
                un_number=line.un_number,
                loaded_at=AT - timedelta(days=3),
            ),
        ),
        certificates=(
            *base.certificates,
            replace(base.certificates[0], id="use", kind=CertificateKind.USE_REGISTRATION),
        ),
    )


def _packages_trip(random: Random, rows: GoodsList, entry: DangerousGoodsEntry) -> Facts:
    others = random.choices(rows.entries, k=random.randint(0, MAX_LINES - 1))
    lines = tuple(
        goods_line(position, _in_packages(random, each), rows)
        for position, each in enumerate((entry, *others), start=1)
    )
    vehicle = unit(
        UnitKind.RIGID,
        rated_load_kg=Decimal(random.choice((9_900, 9_900, 18_000))),
        body=random.choice((UnitBody.VAN, UnitBody.OPEN)),
        approval=random.choice((VehicleApproval.EX_II, VehicleApproval.EX_III)),
    )
    return packages_trip(goods=lines, tractor=vehicle)


def _in_packages(random: Random, entry: DangerousGoodsEntry) -> DraftGoods:
    quantity_kg = Decimal(random.randint(5, 4_000))
    return DraftGoods(
        entry_key=entry.key,
        quantity_kg=quantity_kg,
        mode=CarriageMode.PACKAGES,
        packaging="桶",
        packages=random.randint(1, 1_200),
        regime=random.choice((Regime.ORDINARY, Regime.ORDINARY, Regime.LIMITED, Regime.EXCEPTED)),
        physical_state=random.choice((PhysicalState.LIQUID, PhysicalState.SOLID)),
        gross_mass_kg=quantity_kg + 5,
        package_gross_kg=Decimal(random.randint(1, 40)),
        package_net_kg=Decimal("0.3"),
        package_net_l=Decimal("0.3"),
        inner_kg=Decimal("0.03"),
        inner_l=Decimal("0.03"),
        net_explosive_mass_kg=Decimal(random.randint(1, 2_000)),
        technical_name="二甲苯" if entry.needs_technical_name else "",
        highly_toxic_declared=random.choice((Answer.YES, Answer.NO)),
        not_subject_declared=Answer.YES,
        drug_precursor_declared=Answer.NO,
        waste=random.random() < 0.05,
    )


def _each_line(facts: Facts, **changes: object) -> Facts:
    lines = tuple(replace(line, **changes) for line in facts.goods)  # type: ignore[arg-type]
    return replace(facts, goods=lines)


def _tank_with(facts: Facts, **changes: object) -> Facts:
    if facts.tank is None:
        return facts
    return replace(facts, tank=replace(facts.tank, **changes))  # type: ignore[arg-type]


def _heavier(facts: Facts) -> Facts:
    lines = tuple(replace(line, quantity_kg=line.quantity_kg * 3) for line in facts.goods)
    return replace(facts, goods=lines)


FLAWS: Final[dict[str, Callable[[Facts], Facts]]] = {
    "no driver": lambda facts: replace(facts, driver=None),
    "no carrier": lambda facts: replace(facts, carrier=None),
    "no tank on record": lambda facts: replace(facts, tank=None),
    "no evidence": lambda facts: replace(facts, evidence=Evidence()),
    "no goods": lambda facts: replace(facts, goods=()),
    "no figures": lambda facts: replace(facts, figures=""),
    "no density": lambda facts: _each_line(facts, density_kg_l=None),
    "no temperature": lambda facts: _each_line(facts, filling_temperature_c=None),
    "no explosive mass": lambda facts: _each_line(facts, net_explosive_mass_kg=None),
    "no labels": lambda facts: _each_line(facts, labels=()),
    "nothing declared highly toxic or not": lambda facts: _each_line(
        facts, highly_toxic_declared=Answer.ASK
    ),
    "nothing approved": lambda facts: _tank_with(facts, approved_substances=()),
    "no sections on record": lambda facts: _tank_with(facts, compartments=()),
    "no tank code": lambda facts: _tank_with(facts, tank_code=None),
    "no last cargo": lambda facts: _tank_with(facts, last_cargoes=()),
    "no papers of the tank": lambda facts: _tank_with(facts, certificates=()),
    "three times as heavy": _heavier,
    "approval unknown": lambda facts: replace(
        facts,
        tractor=facts.tractor and replace(facts.tractor, approval=VehicleApproval.NONE),
    ),
}
"""One thing wrong with a trip each, by name."""
