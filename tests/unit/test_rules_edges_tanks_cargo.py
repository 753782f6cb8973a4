"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from datetime import datetime, timedelta

import pytest

from tests.harness.rule_facts import AT, certificate, goods, tank
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import TWO_COMPARTMENTS, cargo
from tests.harness.tank_papers import (
    LOADED_ON,
    NOS,
    YESTERDAY,
    after,
    cleaned_on,
    finding,
    held_before,
)
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.rules.facts import (
    CargoFacts,
    CertificateFacts,
)
from waybill.rules.finding import Finding, Outcome


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
