"""Loads that must not clear for a reason beside the plain one, and legal ones that must."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    carrier,
    certificate,
    driver,
    escort,
    goods,
    substance,
    tank,
    tractor,
    trailer,
    unit,
    waybill,
)
from tests.harness.rule_trips import (
    DRIVER_SCAN,
    VEHICLE_SCAN,
    WAYBILL_SCAN,
    loaded_trip,
    loading,
    packages_trip,
    scan,
    trip,
    without,
)
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PersonRole,
    PlateColour,
    RecordStatus,
    TankKind,
    UnitBody,
    UnitKind,
)
from waybill.rules.assess import assess
from waybill.rules.evidence import Evidence, LoadedLine, Presentation, ScanItem, ScanKind
from waybill.rules.facts import Answer, CargoFacts, CompartmentFacts, Facts
from waybill.rules.finding import Phase
from waybill.rules.register import current_edition
from waybill.rules.scopes import covers

TYPED = Presentation.TYPED


def standing(facts: Facts, phase: Phase = Phase.BEFORE_LOADING) -> list[tuple[str, str]]:
    assessment = assess(facts, at=AT, phase=phase, edition=current_edition())
    return [(finding.code, finding.reason) for finding in assessment.standing]


def coded(*lines: tuple[str, str, int, str]) -> ScanItem:
    """Return the waybill's code with these goods."""
    return scan(ScanKind.WAYBILL, "waybill-1", revision=1, goods=lines)


class TestWeakProof:
    """A number that anybody can type does not undo what a signed code said."""

    @pytest.mark.parametrize(
        "refused",
        [
            pytest.param(scan(ScanKind.DRIVER, "", problem="bad-signature"), id="forged"),
            pytest.param(scan(ScanKind.DRIVER, "d1d1d1d1d1", card_version=1), id="another's"),
            pytest.param(scan(ScanKind.DRIVER, "d0d0d0d0d0", card_version=9), id="superseded"),
        ],
    )
    def test_a_refused_card_is_not_cured_by_typing(self, refused: ScanItem) -> None:
        typed = scan(ScanKind.DRIVER, "d0d0d0d0d0", presentation=TYPED)

        assert [code for code, _ in standing(trip(refused, typed))] == ["DOC-02.driver"]

    def test_a_card_that_holds_cures_it(self) -> None:
        refused = scan(ScanKind.DRIVER, "", problem="bad-signature")

        assert standing(trip(refused, DRIVER_SCAN)) == []

    def test_another_number_typed_after_a_good_card_stands(self) -> None:
        other = scan(ScanKind.VEHICLE, "苏H99999", presentation=TYPED)

        assert standing(trip(other)) == [("DOC-02.tractor", "differs")]

    def test_a_worn_code_may_be_typed_instead(self) -> None:
        worn = scan(
            ScanKind.VEHICLE, "", presentation=Presentation.PLAIN_CODE, problem="unknown-format"
        )
        typed = scan(ScanKind.VEHICLE, "苏H12345", presentation=TYPED)
        facts = trip(evidence=Evidence(items=(*without(VEHICLE_SCAN).items, worn, typed)))

        assert standing(facts) == []

    def test_a_typed_waybill_number_proves_nothing_after_the_code_too(self) -> None:
        typed = scan(ScanKind.WAYBILL, "waybill-1", presentation=TYPED)

        assert [code for code, _ in standing(trip(WAYBILL_SCAN, typed))] == [
            "DOC-01.signature",
            "DOC-02.goods",
        ]


class TestPapers:
    """Which certificate counts among several."""

    def licence(self, **changes: object) -> list[tuple[str, str]]:
        wide = carrier().certificates[0]
        other = replace(wide, id="cert-z", **changes)  # type: ignore[arg-type]
        return standing(trip(carrier=carrier(certificates=(wide, other))))

    def test_a_narrowed_scope_counts_from_its_first_day(self) -> None:
        assert self.licence(scope="危险货物运输(8类)", valid_from=TODAY) == [
            ("CAR-01.scope", "not_covered")
        ]

    def test_a_narrowed_scope_of_tomorrow_does_not_count_yet(self) -> None:
        tomorrow = TODAY + timedelta(days=1)

        assert self.licence(scope="危险货物运输(8类)", valid_from=tomorrow) == []

    def test_a_renewal_that_begins_today_is_enough(self) -> None:
        old = replace(carrier().certificates[0], valid_until=TODAY - timedelta(days=1))
        new = replace(carrier().certificates[0], id="cert-z", valid_from=TODAY)

        assert standing(trip(carrier=carrier(certificates=(old, new)))) == []

    def test_a_suspended_licence_beside_a_valid_one_bars(self) -> None:
        assert self.licence(status=CertificateStatus.SUSPENDED) == [
            ("CAR-01.licence", "certificate_suspended"),
            ("CAR-01.scope", "certificate_suspended"),
        ]

    def test_a_lost_endorsement_is_lost_although_the_old_card_runs_longer(self) -> None:
        kind = CertificateKind.DRIVER_QUALIFICATION
        old = certificate(kind, categories=("highly_toxic",), valid_until=date(2030, 1, 1))
        new = certificate(kind, id="cert-z", valid_from=TODAY)
        held = (certificate(CertificateKind.DRIVING_LICENCE), old, new)
        facts = trip(driver=driver(certificates=held), goods=(goods(highly_toxic=Answer.YES),))

        assert ("DRV-01.endorsement", "endorsement_missing") in standing(facts)


class TestHighlyToxic:
    """A declaration adds to the list and never takes away from it."""

    @pytest.mark.parametrize(
        ("listed", "declared", "reason"),
        [
            (Answer.YES, Answer.NO, "endorsement_missing"),
            (Answer.NO, Answer.YES, "endorsement_missing"),
            (Answer.ASK, Answer.YES, "endorsement_missing"),
            (Answer.ASK, Answer.ASK, "highly_toxic_undeclared"),
        ],
    )
    def test_the_graver_answer_counts(self, listed: Answer, declared: Answer, reason: str) -> None:
        line = goods(highly_toxic=listed, highly_toxic_declared=declared)

        assert ("DRV-01.endorsement", reason) in standing(trip(goods=(line,)))
        assert covers("危险货物运输(3类)(剧毒化学品除外)", line).value != "yes"


class TestCombination:
    """What stands in front of the loader is what the waybill describes."""

    def test_a_tractor_without_a_trailer_bears_nothing(self) -> None:
        facts = packages_trip(tractor=tractor(rated_load_kg=Decimal(29000)))

        assert standing(facts) == [("VEH-01.tractor", "trailer_not_named")]

    def test_one_vehicle_is_not_tractor_and_trailer(self) -> None:
        facts = trip(trailer=tractor(rated_load_kg=Decimal(40000)))

        assert ("VEH-01.trailer", "wrong_kind") in standing(facts)

    def test_a_vehicle_reregistered_with_another_colour_is_another_vehicle(self) -> None:
        facts = trip(tractor=tractor(plate_colour=PlateColour.BLUE))

        assert standing(facts) == [("DOC-02.tractor", "register_colour_differs")]


class TestLegalLoads:
    """Loads that nothing speaks against."""

    def test_a_rigid_tank_vehicle_needs_no_trailer(self) -> None:
        facts = packages_trip(
            waybill=waybill(trailer_plate=None, trailer_plate_colour=None),
            tractor=unit(UnitKind.RIGID, id="rigid-1", rated_load_kg=Decimal(29000)),
            tank=tank(mounted_on_id="rigid-1"),
            goods=(goods(),),
            evidence=Evidence(
                items=tuple(
                    item
                    for item in trip().evidence.items
                    if getattr(item, "kind", None) is not ScanKind.TRAILER
                    and getattr(item, "unit", None) != "trailer"
                )
            ),
        )

        assert standing(facts) == []

    def test_one_un_number_may_fill_two_compartments(self) -> None:
        two = tuple(CompartmentFacts(number=n, capacity_l=Decimal(21000)) for n in (1, 2))
        lines = tuple(goods(position=n, compartment=n, quantity_kg=Decimal(14000)) for n in (1, 2))
        code = coded(("1203", "II", 14000, "kg"), ("1203", "II", 14000, "kg"))

        assert standing(trip(code, goods=lines, tank=tank(compartments=two))) == []

    def test_liquefied_gas_goes_in_a_portable_tank_t50(self) -> None:
        line = goods(
            un_number="1965",
            division="2.1",
            classification_code="2F",
            packing_group="",
            tank_code="PxBN(M)",
            portable_tank_instruction="T50",
            quantity_kg=Decimal(20000),
        )
        portable = tank(
            kind=TankKind.PORTABLE_TANK,
            portable_tank_instruction="T50",
            approved_substances=(substance("1965"),),
            mounted_on_id=None,
            tare_kg=Decimal(7000),
            capacity_l=Decimal(30000),
            max_filling_kg=Decimal(20000),
            last_cargoes=(
                CargoFacts(compartment=0, entry_key="1203", un_number="1965", loaded_at=AT),
            ),
        )

        carrying = trailer(body=UnitBody.CONTAINER_CARRIER)
        code = coded(("1965", "", 20000, "kg"))

        assert standing(trip(code, goods=(line,), tank=portable, trailer=carrying)) == []

    def test_a_driver_who_is_an_escort_too_may_drive(self) -> None:
        both = (PersonRole.DRIVER, PersonRole.ESCORT)

        assert standing(trip(driver=driver(roles=both), escort=escort(roles=both))) == []


class TestRelease:
    """What may not leave although it was cleared."""

    def test_a_weight_that_cannot_be_compared_is_not_proven(self) -> None:
        facts = loaded_trip(tractor=tractor(tare_kg=None))

        assert standing(facts, Phase.AFTER_LOADING) == [("AFTER-01.weighbridge", "tares_unknown")]

    @pytest.mark.parametrize("quantity_kg", ["0", "-1", "NaN", "Infinity", "1E+30"])
    def test_impossible_quantities_are_not_released(self, quantity_kg: str) -> None:
        record = loading(lines=(LoadedLine(position=1, quantity_kg=Decimal(quantity_kg)),))

        assert standing(loaded_trip(record), Phase.AFTER_LOADING)

    def test_loading_may_begin_in_the_minute_of_the_clearance(self) -> None:
        began = AT - timedelta(minutes=40)
        cleared = waybill(
            status=loaded_trip().waybill.status,
            redeemed=True,
            cleared_at=began + timedelta(seconds=40),
        )
        whole_minute = began.replace(second=0)

        facts = loaded_trip(loading(started_at=whole_minute), waybill=cleared)

        assert standing(facts, Phase.AFTER_LOADING) == []

    def test_a_carrier_suspended_since_is_held(self) -> None:
        facts = loaded_trip(carrier=carrier(status=RecordStatus.SUSPENDED))

        assert standing(facts, Phase.AFTER_LOADING) == [("AFTER-01.standing", "record_suspended")]
