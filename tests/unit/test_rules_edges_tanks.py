"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, certificate, goods, substance, tank, trailer, waybill
from tests.harness.rule_scenarios_tanks import (
    CHLORINE,
    PROPANE,
    SULPHURIC_ACID,
    TWO_COMPARTMENTS,
    cargo,
    cleaning,
    container,
    declared,
    portable,
    vessel,
)
from tests.harness.rule_trips import trip
from waybill.registry.kinds import CertificateKind, CertificateStatus, TankKind, UnitBody
from waybill.rules.facts import (
    Answer,
    CargoFacts,
    CarriageMode,
    CertificateFacts,
    Facts,
    GoodsFacts,
    PhysicalState,
    TankFacts,
)
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule
from waybill.rules.tank_fitness import own_code

LIQUID, SOLID, ASK = PhysicalState.LIQUID, PhysicalState.SOLID, PhysicalState.ASK
YESTERDAY = AT - timedelta(days=1)


def fitness(held: TankFacts, **line: object) -> Finding:
    return get_rule("TNK-02.approved", 2).check(trip(tank=held, goods=(goods(**line),)), AT)


def finding(code: str, version: int, outcome: Outcome, reason: str, **facts: object) -> Finding:
    return Finding(
        code=code,
        version=version,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts=facts,  # type: ignore[arg-type]
    )


class TestLists:
    @pytest.mark.parametrize("kind", [TankKind.ATMOSPHERIC_TANK, TankKind.MOBILE_PRESSURE_VESSEL])
    def test_a_list_is_asked_not_the_code(self, kind: TankKind) -> None:
        held = vessel(kind=kind, approved_substances=(substance("1203"),), tank_code=None)

        assert fitness(held).reason == "approved"
        assert fitness(held, un_number="1202").reason == "not_on_list"

    def test_a_pressure_vessel_without_registration_is_not_asked_further(self) -> None:
        assert fitness(vessel(certificates=()), **PROPANE).reason == "certificate_missing"

    def test_the_worst_line_decides(self) -> None:
        lines = (goods(), goods(position=2, un_number="1230"))

        found = get_rule("TNK-02.approved", 2).check(trip(goods=lines), AT)

        assert (found.reason, found.facts["position"]) == ("not_on_list", 2)


class TestContainers:
    @pytest.mark.parametrize(
        ("own", "needed", "state", "reason", "why"),
        [
            ("LGBF", "LGBF", LIQUID, "fits", "same_code"),
            ("L4BN", "LGBF", LIQUID, "fits", "higher_code"),
            ("LGBF", "L4BN", LIQUID, "does_not_fit", "lower_code"),
            ("SGAN", "SGAN L4BN", SOLID, "fits", "same_code"),
            ("L4BN", "SGAN L4BN", LIQUID, "fits", "same_code"),
            ("SGAN", "SGAN L4BN", LIQUID, "does_not_fit", "solid_tank_for_liquid"),
            ("SGAN", "SGAN L4BN", ASK, "fit_unsettled", "state_unknown"),
            ("L4BN", "SGAN", SOLID, "fit_unsettled", "liquid_tank_for_solid"),
            ("L4BN", "?", LIQUID, "fit_unsettled", "code_unreadable"),
        ],
    )
    def test_the_code_decides_by_state(
        self, own: str, needed: str, state: PhysicalState, reason: str, why: str
    ) -> None:
        found = fitness(container(tank_code=own), tank_code=needed, physical_state=state)

        outcome = {"fits": Outcome.PASSED, "does_not_fit": Outcome.FAILED}
        assert found == finding(
            "TNK-02.approved",
            2,
            outcome.get(reason, Outcome.UNKNOWN),
            reason,
            subject="tank",
            holder="HA-0001",
            tank_kind="tank_container",
            un_number="1203",
            position=1,
            needed=needed,
            tank_code=own,
            why=why,
        )

    @pytest.mark.parametrize(
        ("listed", "reason"),
        [
            pytest.param((substance("1203"),), "named_in_approval", id="named"),
            pytest.param((substance("1202"),), "fit_unsettled", id="another named"),
            pytest.param(
                (substance("1203", packing_groups=("I",)),), "fit_unsettled", id="another group"
            ),
            pytest.param((), "fit_unsettled", id="none named"),
        ],
    )
    def test_the_mark_plus_asks_for_the_name_in_the_approval(
        self, listed: tuple[object, ...], reason: str
    ) -> None:
        held = container(tank_code="L4BH", approved_substances=listed)

        assert fitness(held, tank_code="L4BH(+)").reason == reason

    def test_a_name_does_not_make_a_lower_code_enough(self) -> None:
        assert fitness(container(tank_code="LGBF"), tank_code="L4BH(+)").reason == "does_not_fit"

    @pytest.mark.parametrize(
        ("changes", "reason", "why"),
        [
            ({"tank_code": "P23BN"}, "fits", "gas_pressure_met"),
            ({"tank_code": "P20BN"}, "does_not_fit", "pressure_too_low"),
            ({"tank_code": "PxBN"}, "fits", "gas_pressure_met"),
            ({"test_pressure_bar": Decimal(20)}, "does_not_fit", "pressure_too_low"),
            ({"test_pressure_bar": Decimal("21.5")}, "does_not_fit", "pressure_too_low"),
            (
                {"test_pressure_bar": Decimal("21.5"), "insulated": True},
                "fits",
                "gas_pressure_met",
            ),
            (
                {"test_pressure_bar": Decimal("21.5"), "insulated": None},
                "fit_unsettled",
                "insulation_unknown",
            ),
            ({"test_pressure_bar": None}, "fit_unsettled", "own_pressure_unknown"),
            ({"tank_code": "P23BN(M)"}, "fits", "gas_pressure_met"),
            ({"tank_code": "LGBF"}, "does_not_fit", "other_kind"),
        ],
    )
    def test_the_pressure_of_a_gas_is_looked_up(
        self, changes: dict[str, object], reason: str, why: str
    ) -> None:
        held = container(
            **{"tank_code": "PxBN", "test_pressure_bar": Decimal(23), "insulated": False, **changes}
        )

        found = fitness(held, **PROPANE)

        assert (found.reason, found.facts["why"]) == (reason, why)

    @pytest.mark.parametrize(
        ("tank_code", "pressure", "code"),
        [
            ("PxBN", Decimal("23.00"), "P23BN"),
            ("PxBH(M)", Decimal("2.5"), "P2.5BH(M)"),
            ("PxBN", None, "PxBN"),
            ("P10BN", Decimal(23), "P10BN"),
            ("LGBF", Decimal(23), "LGBF"),
            ("xLGBF", Decimal(23), "xLGBF"),
            ("PxxBN", Decimal(5), "PxxBN"),
        ],
    )
    def test_an_open_code_takes_the_test_pressure(
        self, tank_code: str, pressure: Decimal | None, code: str
    ) -> None:
        assert own_code(tank_code, pressure) == code

    @pytest.mark.parametrize(
        ("own", "needed", "reason"),
        [(None, "LGBF", "code_missing"), ("LGBF", "", "no_code_in_list")],
    )
    def test_nothing_to_compare(self, own: str | None, needed: str, reason: str) -> None:
        assert fitness(container(tank_code=own), tank_code=needed).reason == reason


ASKING = {"portable_tank_instruction": "T4", "portable_tank_provisions": ("TP32",)}
PORTABLE = {
    "subject": "tank",
    "holder": "HA-0001",
    "tank_kind": "portable_tank",
    "un_number": "1203",
    "position": 1,
}


class TestPortableTanks:
    @pytest.mark.parametrize(
        ("own", "needed", "reason", "why"),
        [
            ("T4", "T4", "fits", "same_instruction"),
            ("T11", "T4", "fits", "higher_instruction"),
            ("T3", "T4", "does_not_fit", "lower_instruction"),
            ("T22", "T23", "does_not_fit", "lower_instruction"),
            ("T23", "T4", "does_not_fit", "lower_instruction"),
            ("T75", "T75", "fits", "same_instruction"),
            ("T99", "T4", "fit_unsettled", "instruction_unreadable"),
        ],
    )
    def test_the_hierarchy_of_instructions(
        self, own: str, needed: str, reason: str, why: str
    ) -> None:
        found = fitness(portable(portable_tank_instruction=own), portable_tank_instruction=needed)

        assert (found.reason, found.facts["why"]) == (reason, why)
        assert (found.facts["needed"], found.facts["tank_code"]) == (needed, own)

    def test_no_instruction_of_its_own_leaves_it_open(self) -> None:
        found = fitness(portable(portable_tank_instruction=None), **ASKING)

        assert found == finding(
            "TNK-02.approved", 2, Outcome.UNKNOWN, "code_missing", **PORTABLE, needed="T4"
        )

    def test_goods_without_instruction_go_in_no_portable_tank(self) -> None:
        found = fitness(portable(), **{**ASKING, "portable_tank_instruction": ""})

        assert found == finding("TNK-02.approved", 2, Outcome.FAILED, "no_code_in_list", **PORTABLE)

    def test_a_pressure_that_is_not_on_record_leaves_it_open(self) -> None:
        held = portable(portable_tank_instruction="T50", test_pressure_bar=Decimal(25))

        assert fitness(replace(held, insulated=None), **PROPANE) == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "pressure_unsettled",
            **{**PORTABLE, "un_number": "1978"},
        )
        assert fitness(replace(held, test_pressure_bar=None), **PROPANE) == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "pressure_unsettled",
            **{**PORTABLE, "un_number": "1978"},
        )

    @pytest.mark.parametrize(
        ("provision", "changes", "listed", "reason"),
        [
            ("TP1", {}, False, "fits"),
            ("TP7", {}, False, "fits"),
            ("TP8", {}, False, "fits"),
            ("TP33", {"physical_state": SOLID}, False, "fits"),
            ("TP33", {"physical_state": LIQUID}, True, "provision_asks"),
            ("TP33", {"physical_state": ASK}, True, "provision_asks"),
            ("TP31", {"physical_state": SOLID}, False, "fits"),
            ("TP31", {"physical_state": LIQUID}, True, "provision_not_met"),
            ("TP31", {"physical_state": ASK}, True, "provision_asks"),
            ("TP9", {}, False, "provision_asks"),
            ("TP9", {}, True, "fits"),
            ("TP32", {}, False, "provision_asks"),
            ("TP32", {}, True, "fits"),
            ("TP77", {}, False, "provision_asks"),
        ],
    )
    def test_provisions(
        self,
        provision: str,
        changes: dict[str, object],
        listed: bool,  # noqa: FBT001  a fact
        reason: str,
    ) -> None:
        held = portable(approved_substances=(substance("1203"),) if listed else ())

        found = fitness(held, portable_tank_provisions=(provision,), **changes)

        assert found.reason == reason

    @pytest.mark.parametrize("provision", ["TP20", "TP30"])
    @pytest.mark.parametrize(
        ("insulated", "reason"),
        [(True, "fits"), (False, "provision_not_met"), (None, "provision_asks")],
    )
    def test_insulated_tanks_only(
        self,
        provision: str,
        insulated: bool | None,  # noqa: FBT001  a fact
        reason: str,
    ) -> None:
        held = portable(insulated=insulated)

        assert fitness(held, portable_tank_provisions=(provision,)).reason == reason

    def test_a_provision_is_said_in_words(self) -> None:
        found = fitness(portable(insulated=None), portable_tank_provisions=("TP30",))

        assert found == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "provision_asks",
            subject="tank",
            holder="HA-0001",
            tank_kind="portable_tank",
            un_number="1203",
            position=1,
            provision="TP30",
            words_zh="仅用隔热罐运输",
            words_en="Carried in insulated tanks",
        )

    @pytest.mark.parametrize(
        ("insulated", "test_bar", "reason"),
        [
            pytest.param(True, "21.45", "fits", id="1.3 times 16.5 bar"),
            pytest.param(True, "21.44", "pressure_too_low", id="just below"),
            pytest.param(False, "29.25", "fits", id="bare: 1.3 times the greatest, 22.5 bar"),
            pytest.param(False, "29.24", "pressure_unsettled", id="bare: between"),
            pytest.param(False, "23.4", "pressure_unsettled", id="bare: 1.3 times the least"),
            pytest.param(False, "23.39", "pressure_too_low", id="bare: below the least"),
            pytest.param(None, "29.25", "fits", id="not known: the greatest"),
            pytest.param(None, "21.45", "pressure_unsettled", id="not known: the least"),
            pytest.param(None, "21.44", "pressure_too_low", id="not known: below the least"),
        ],
    )
    def test_the_working_pressure_of_propane(
        self,
        insulated: bool | None,  # noqa: FBT001  a fact
        test_bar: str,
        reason: str,
    ) -> None:
        held = portable(
            portable_tank_instruction="T50",
            test_pressure_bar=Decimal(test_bar),
            insulated=insulated,
        )

        assert fitness(held, **PROPANE).reason == reason

    @pytest.mark.parametrize(
        ("listed", "test_bar", "reason"),
        [
            pytest.param("1978", None, "fits", id="the approval names the gas"),
            pytest.param("1965", None, "pressure_unsettled", id="it names another"),
            pytest.param("1978", Decimal(10), "pressure_too_low", id="named, and yet too low"),
        ],
    )
    def test_an_approval_settles_what_the_table_leaves_open(
        self, listed: str, test_bar: Decimal | None, reason: str
    ) -> None:
        held = portable(
            portable_tank_instruction="T50",
            test_pressure_bar=test_bar,
            approved_substances=(substance(listed),),
        )

        assert fitness(held, **PROPANE).reason == reason

    @pytest.mark.parametrize("un_number", ["1965", "1066", "1010"])
    def test_a_gas_whose_working_pressure_the_table_does_not_say(self, un_number: str) -> None:
        held = portable(portable_tank_instruction="T50", test_pressure_bar=Decimal(40))

        assert fitness(held, **{**PROPANE, "un_number": un_number}).reason == "pressure_unsettled"

    def test_pressure_is_asked_of_gases_only(self) -> None:
        assert fitness(portable(portable_tank_instruction="T22")).reason == "fits"


TOXIC = {"highly_toxic": Answer.YES}
MAYBE = {"highly_toxic": Answer.ASK}
EXPLOSIVE = {"division": "1.1D", "un_number": "0331"}
ACID_II = {**SULPHURIC_ACID, "packing_group": "II"}


def caps(facts: Facts) -> Finding:
    return get_rule("TNK-03.volume", 1).check(facts, AT)


class TestTankCaps:
    @pytest.mark.parametrize(
        ("line", "capacity_l", "reason", "limit_l"),
        [
            pytest.param(SULPHURIC_ACID, "20000", "tank_within_cap", "20000", id="20 m³"),
            pytest.param(SULPHURIC_ACID, "20000.1", "tank_too_large", "20000", id="over 20 m³"),
            pytest.param(EXPLOSIVE, "20000", "tank_within_cap", "20000", id="explosive"),
            pytest.param(EXPLOSIVE, "20000.1", "tank_too_large", "20000", id="explosive, over"),
            pytest.param(TOXIC, "10000", "tank_within_cap", "10000", id="10 m³"),
            pytest.param(TOXIC, "10000.1", "tank_too_large", "10000", id="over 10 m³"),
            pytest.param(MAYBE, "10000", "tank_within_cap", "20000", id="perhaps toxic"),
            pytest.param(MAYBE, "10000.1", "highly_toxic_unknown", "10000", id="perhaps, over"),
            pytest.param(
                {**SULPHURIC_ACID, **TOXIC}, "10000.1", "tank_too_large", "10000", id="both"
            ),
            pytest.param(
                {**SULPHURIC_ACID, **MAYBE},
                "20000",
                "highly_toxic_unknown",
                "10000",
                id="corrosive, perhaps toxic",
            ),
            pytest.param(
                {**SULPHURIC_ACID, **MAYBE}, "20000.1", "tank_too_large", "20000", id="corrosive"
            ),
            pytest.param(ACID_II, "42000", "no_capped_goods", None, id="packing group II"),
            pytest.param({"packing_group": "I"}, "42000", "no_capped_goods", None, id="class 3, I"),
        ],
    )
    @pytest.mark.parametrize("kind", [TankKind.ATMOSPHERIC_TANK, TankKind.MOBILE_PRESSURE_VESSEL])
    def test_the_cap_itself_is_allowed(
        self,
        line: dict[str, object],
        capacity_l: str,
        reason: str,
        limit_l: str | None,
        kind: TankKind,
    ) -> None:
        held = tank(kind=kind, capacity_l=Decimal(capacity_l))

        found = caps(trip(tank=held, goods=(goods(**line),)))

        assert (found.reason, found.facts.get("limit_l")) == (reason, limit_l)

    @pytest.mark.parametrize("held", [container(), portable()])
    def test_tank_containers_are_excepted(self, held: TankFacts) -> None:
        facts = trip(tank=replace(held, capacity_l=Decimal(30000)), goods=(goods(**CHLORINE),))

        assert caps(facts) == finding(
            "TNK-03.volume",
            1,
            Outcome.NOT_APPLICABLE,
            "tank_excepted",
            position=1,
            un_number="1017",
            holder="HA-0001",
            capacity_l="30000",
        )

    def test_a_refusal_says_what_it_judged(self) -> None:
        assert caps(trip(goods=(goods(**TOXIC),))) == finding(
            "TNK-03.volume",
            1,
            Outcome.FAILED,
            "tank_too_large",
            position=1,
            un_number="1203",
            holder="HA-0001",
            capacity_l="42000",
            limit_l="10000",
        )

    def test_the_worst_line_decides(self) -> None:
        lines = (
            goods(quantity_kg=Decimal(100), **TOXIC),
            goods(position=2, mode=CarriageMode.PACKAGES, **TOXIC),
        )

        found = caps(trip(tank=tank(capacity_l=Decimal(10000)), goods=lines))

        assert (found.reason, found.facts["position"]) == ("vehicle_too_large", 2)


class TestVehicleCaps:
    @pytest.mark.parametrize(
        ("line", "body", "rated", "reason"),
        [
            pytest.param(TOXIC, UnitBody.VAN, "10000", "vehicle_within_cap", id="10 t"),
            pytest.param(TOXIC, UnitBody.VAN, "10000.1", "vehicle_too_large", id="over 10 t"),
            pytest.param(EXPLOSIVE, UnitBody.OPEN, "10000.1", "vehicle_too_large", id="explosive"),
            pytest.param(SULPHURIC_ACID, UnitBody.VAN, "10001", "vehicle_too_large", id="acid"),
            pytest.param(MAYBE, UnitBody.VAN, "10000", "vehicle_within_cap", id="perhaps toxic"),
            pytest.param(MAYBE, UnitBody.VAN, "10000.1", "toxicity_unknown", id="perhaps, over"),
            pytest.param(TOXIC, None, "10000", "vehicle_within_cap", id="small, body unknown"),
            pytest.param(TOXIC, None, "10000.1", "body_unknown", id="body unknown"),
            pytest.param(MAYBE, None, "10000.1", "body_unknown", id="perhaps, body unknown"),
            pytest.param(TOXIC, UnitBody.VAN, None, "rated_load_unknown", id="load unknown"),
            pytest.param(
                TOXIC, UnitBody.CONTAINER_CARRIER, None, "container_carrier", id="carrier"
            ),
            pytest.param(ACID_II, UnitBody.VAN, "29000", "no_capped_goods", id="group II"),
        ],
    )
    def test_the_cap_itself_is_allowed(
        self, line: dict[str, object], body: UnitBody | None, rated: str | None, reason: str
    ) -> None:
        unit = trailer(body=body, rated_load_kg=None if rated is None else Decimal(rated))
        facts = trip(trailer=unit, goods=(goods(mode=CarriageMode.PACKAGES, **line),))

        assert caps(facts).reason == reason

    def test_a_refusal_says_what_it_judged(self) -> None:
        facts = trip(
            trailer=trailer(body=UnitBody.VAN), goods=(goods(mode=CarriageMode.BULK, **TOXIC),)
        )

        assert caps(facts) == finding(
            "TNK-03.volume",
            1,
            Outcome.FAILED,
            "vehicle_too_large",
            position=1,
            un_number="1203",
            holder="苏H1234挂",
            rated_kg="29000",
            limit_kg="10000",
        )


def after(facts: Facts, at: datetime = AT) -> Finding:
    return get_rule("TNK-04.last_cargo", 1).check(facts, at)


def held_before(
    *cargoes: CargoFacts,
    line: GoodsFacts | None = None,
    certificates: tuple[CertificateFacts, ...] = (),
    **changes: object,
) -> Facts:
    held = tank(last_cargoes=cargoes, certificates=certificates, **changes)
    return trip(tank=held, goods=(line or goods(),))


def cleaned_on(first: date | None, **changes: object) -> CertificateFacts:
    return certificate(CertificateKind.TANK_CLEANING, valid_from=first, **changes)


LOADED_ON = date(2026, 11, 20)
NOS = {"special_provisions": ("274",), "technical_name": "石脑油"}


class TestLastCargo:
    @pytest.mark.parametrize(
        ("previous", "line", "reason"),
        [
            pytest.param(cargo("1203"), {}, "same_goods", id="same row"),
            pytest.param(cargo("1203", entry_key="1203-iii"), {}, "same_number", id="same number"),
            pytest.param(cargo("1202"), {}, "not_cleaned", id="another number"),
            pytest.param(
                cargo("1203", technical_name="石脑油 "), NOS, "same_goods", id="n.o.s., same name"
            ),
            pytest.param(
                cargo("1203", technical_name="苯"), NOS, "technical_name_unsettled", id="other name"
            ),
            pytest.param(cargo("1203"), NOS, "technical_name_unsettled", id="name not kept"),
            pytest.param(
                cargo("1203"),
                {"special_provisions": ("318",)},
                "technical_name_unsettled",
                id="neither name known",
            ),
            pytest.param(
                cargo("1203", technical_name="石脑油", entry_key="1203-iii"),
                NOS,
                "technical_name_unsettled",
                id="n.o.s., another row",
            ),
        ],
    )
    def test_what_may_follow(
        self, previous: CargoFacts, line: dict[str, object], reason: str
    ) -> None:
        assert after(held_before(previous, line=goods(**line))).reason == reason

    def test_a_technical_name_that_is_equal_is_believed(self) -> None:
        previous = cargo("1203", technical_name="石脑油")

        assert after(held_before(previous, line=goods(**NOS))) == finding(
            "TNK-04.last_cargo",
            1,
            Outcome.PASSED,
            "same_goods",
            position=1,
            un_number="1203",
            compartment=0,
            last_un_number="1203",
            loaded_at="2026-11-20T06:05:00+00:00",
        )

    @pytest.mark.parametrize(
        ("certificates", "reason"),
        [
            pytest.param((cleaned_on(LOADED_ON),), "cleaned", id="on the day of loading"),
            pytest.param(
                (cleaned_on(LOADED_ON - timedelta(days=1)),), "not_cleaned", id="the day before"
            ),
            pytest.param((cleaned_on(None),), "not_cleaned", id="no first day"),
            pytest.param(
                (cleaned_on(AT.date() + timedelta(days=1)),), "not_cleaned", id="from tomorrow"
            ),
            pytest.param(
                (cleaned_on(LOADED_ON, valid_until=AT.date()),), "cleaned", id="until today"
            ),
            pytest.param(
                (cleaned_on(LOADED_ON, valid_until=YESTERDAY.date()),), "not_cleaned", id="past"
            ),
            pytest.param(
                (cleaned_on(LOADED_ON, valid_until=None),), "not_cleaned", id="no last day"
            ),
            pytest.param(
                (cleaned_on(LOADED_ON, status=CertificateStatus.REVOKED),),
                "not_cleaned",
                id="revoked",
            ),
            pytest.param(
                (
                    cleaned_on(LOADED_ON),
                    cleaned_on(LOADED_ON, status=CertificateStatus.SUSPENDED),
                ),
                "not_cleaned",
                id="another is suspended",
            ),
            pytest.param(
                (certificate(CertificateKind.TANK_INSPECTION, valid_from=LOADED_ON),),
                "not_cleaned",
                id="another paper",
            ),
        ],
    )
    def test_cleaning_certificates(
        self, certificates: tuple[CertificateFacts, ...], reason: str
    ) -> None:
        facts = held_before(cargo("1202"), certificates=certificates)

        assert after(facts).reason == reason

    def test_the_day_of_loading_is_that_of_shanghai(self) -> None:
        late = datetime.fromisoformat("2026-11-20T23:30:00+08:00")
        early = datetime.fromisoformat("2026-11-21T00:30:00+08:00")
        papers = (cleaned_on(LOADED_ON),)

        def judge(loaded_at: datetime) -> str:
            previous = cargo("1202", loaded_at=loaded_at)
            return after(held_before(previous, certificates=papers)).reason

        assert (judge(late), judge(early)) == ("cleaned", "not_cleaned")

    def test_the_newest_cargo_counts_whatever_the_order(self) -> None:
        old = cargo("1202", loaded_at=AT - timedelta(days=9))

        assert after(held_before(cargo("1203"), old)).reason == "same_goods"
        assert after(held_before(old, cargo("1203"))).reason == "same_goods"

    def test_each_compartment_has_its_own(self) -> None:
        cargoes = (cargo("1203", compartment=1), cargo("1202", compartment=2))

        def judge(compartment: int) -> Finding:
            line = goods(compartment=compartment)
            return after(held_before(*cargoes, line=line, compartments=TWO_COMPARTMENTS))

        assert judge(1).reason == "same_goods"
        assert judge(2) == finding(
            "TNK-04.last_cargo",
            1,
            Outcome.FAILED,
            "not_cleaned",
            position=1,
            un_number="1203",
            compartment=2,
            last_un_number="1202",
            loaded_at="2026-11-20T06:05:00+00:00",
        )
        assert judge(3).reason == "compartment_unsettled"

    def test_a_tank_that_was_one_shell_held_it_in_every_compartment(self) -> None:
        whole = cargo("1202", compartment=0)
        line = goods(compartment=2)

        assert (
            after(held_before(whole, line=line, compartments=TWO_COMPARTMENTS)).reason
            == "not_cleaned"
        )
        assert (
            after(held_before(cargo("1203", compartment=1), cargo("1202", compartment=2))).reason
            == "not_cleaned"
        )

    def test_a_line_without_a_compartment_does_not_hide_another(self) -> None:
        lines = (goods(compartment=9), goods(position=2, compartment=2))
        held = tank(compartments=TWO_COMPARTMENTS, last_cargoes=(cargo("1202", compartment=2),))

        assert after(trip(tank=held, goods=lines)).reason == "not_cleaned"


class TestDeclaredCargo:
    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared("1203"),), "same_goods", id="same row"),
            pytest.param((declared("1203", entry_key="1203-ii"),), "same_number", id="number"),
            pytest.param((declared("1202"),), "not_cleaned", id="another"),
            pytest.param((declared(nothing=True),), "declared_empty", id="nothing"),
            pytest.param((declared("1203", compartment=5),), "same_goods", id="one shell"),
            pytest.param((declared("1203"), declared("1202")), "not_cleaned", id="the worst"),
            pytest.param((), "last_cargo_unknown", id="none"),
        ],
    )
    def test_it_counts_where_the_register_knows_nothing(
        self, cargoes: tuple[object, ...], reason: str
    ) -> None:
        facts = trip(tank=tank(last_cargoes=()), waybill=waybill(last_cargoes=cargoes))

        assert after(facts).reason == reason

    def test_it_says_that_it_was_typed(self) -> None:
        facts = trip(tank=tank(last_cargoes=()), waybill=waybill(last_cargoes=(declared("1203"),)))

        assert after(facts) == finding(
            "TNK-04.last_cargo",
            1,
            Outcome.PASSED,
            "same_goods",
            position=1,
            un_number="1203",
            compartment=0,
            provenance="typed",
            last_un_number="1203",
        )

    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared(nothing=True),), "cleaned", id="nothing"),
            pytest.param((declared("1202"),), "cleaning_unsettled", id="another"),
            pytest.param((declared("1203"),), "same_goods", id="the same"),
            pytest.param((), "last_cargo_unknown", id="none"),
        ],
    )
    def test_with_a_cleaning_certificate(self, cargoes: tuple[object, ...], reason: str) -> None:
        held = replace(cleaning(), last_cargoes=())

        found = after(trip(tank=held, waybill=waybill(last_cargoes=cargoes)))

        assert found.reason == reason

    def test_a_certificate_without_first_day_is_shown_without(self) -> None:
        held = replace(cleaning(valid_from=None), last_cargoes=())
        facts = trip(tank=held, waybill=waybill(last_cargoes=(declared(nothing=True),)))

        assert after(facts).facts == {
            "position": 1,
            "un_number": "1203",
            "compartment": 0,
            "provenance": "typed",
            "certificate_id": "cert-tank_cleaning",
            "valid_from": "",
        }

    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared("1202"),), "declaration_contradicts", id="another"),
            pytest.param(
                (declared("1203"), declared("1202")), "declaration_contradicts", id="one of two"
            ),
            pytest.param((declared("1203"),), "same_goods", id="the same"),
            pytest.param((declared(nothing=True),), "same_goods", id="nothing"),
        ],
    )
    def test_the_register_goes_first(self, cargoes: tuple[object, ...], reason: str) -> None:
        assert after(trip(waybill=waybill(last_cargoes=cargoes))).reason == reason

    def test_a_contradiction_is_not_cleaned_away(self) -> None:
        facts = trip(tank=cleaning(), waybill=waybill(last_cargoes=(declared("1202"),)))

        assert after(facts).reason == "declaration_contradicts"

    def test_nothing_does_not_undo_what_the_register_knows(self) -> None:
        facts = trip(
            tank=tank(last_cargoes=(cargo("1202"),)),
            waybill=waybill(last_cargoes=(declared(nothing=True),)),
        )

        assert after(facts).reason == "not_cleaned"

    def test_of_another_compartment_it_says_nothing(self) -> None:
        held = tank(compartments=TWO_COMPARTMENTS, last_cargoes=())
        other = (declared("1203", compartment=1),)

        found = after(
            trip(tank=held, goods=(goods(compartment=2),), waybill=waybill(last_cargoes=other))
        )

        assert (found.reason, found.facts["compartment"]) == ("last_cargo_unknown", 2)

    def test_of_its_own_compartment_it_says_what_was_in_it(self) -> None:
        held = tank(compartments=TWO_COMPARTMENTS, last_cargoes=())
        both = (declared("1203", compartment=2), declared("1202", compartment=1))

        found = after(
            trip(tank=held, goods=(goods(compartment=2),), waybill=waybill(last_cargoes=both))
        )

        assert (found.reason, found.facts["compartment"]) == ("same_goods", 2)
