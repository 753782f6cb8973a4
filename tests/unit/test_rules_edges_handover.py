"""Hand-over, papers, photos and a plant's items, at their edges and one step to either side."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pytest

from tests.harness.rule_facts import AT, goods, waybill
from tests.harness.rule_scenarios_handover import (
    CHLORINE,
    HOT,
    SAMPLE,
    also,
    override,
    photo,
    plant_item,
    unanswered,
)
from tests.harness.rule_trips import answer, loaded_trip, loading, packages_trip, trip
from waybill.rules.assess import assess
from waybill.rules.evidence import EvidenceItem
from waybill.rules.explain import explain
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, PhysicalState
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.questions import (
    Condition,
    all_photos,
    all_questions,
    photos_of,
    questions_of,
)
from waybill.rules.register import REGISTER, current_edition, get_rule
from waybill.rules.signs import (
    Mark,
    Plate,
    Sign,
    labels_of,
    marks_for,
    orange_plates_for,
    placards_for,
)

SECOND = timedelta(seconds=1)
DIESEL = {"un_number": "1202", "hazard_identification_number": "30", "packing_group": "III"}


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def tank_trip(*lines: GoodsFacts) -> Facts:
    return trip(goods=tuple(replace(line, position=n) for n, line in enumerate(lines, 1)))


def box(**changes: object) -> GoodsFacts:
    return goods(**{"mode": CarriageMode.PACKAGES, **changes})


def boxes(*lines: GoodsFacts) -> Facts:
    return packages_trip(goods=lines)


class TestOrangePlates:
    """ADR 5.3.2.1."""

    @pytest.mark.parametrize(
        ("facts", "plates"),
        [
            pytest.param(
                tank_trip(goods()),
                (Plate(hazard_identification_number="33", un_number="1203"),),
                id="one substance in the tank",
            ),
            pytest.param(
                tank_trip(goods(compartment=1), goods(compartment=2)),
                (Plate(hazard_identification_number="33", un_number="1203"),),
                id="one substance in two compartments",
            ),
            pytest.param(
                tank_trip(
                    goods(compartment=3),
                    goods(compartment=1, **DIESEL),
                    goods(compartment=2),
                    goods(compartment=2),
                ),
                (
                    Plate(),
                    Plate(
                        hazard_identification_number="33",
                        un_number="1203",
                        compartments=(2, 3),
                    ),
                    Plate(
                        hazard_identification_number="30",
                        un_number="1202",
                        compartments=(1,),
                    ),
                ),
                id="two substances: plain in front, numbers at their compartments",
            ),
            pytest.param(boxes(box()), (Plate(),), id="packages"),
            pytest.param(
                tank_trip(goods(), box()),
                (Plate(), Plate(hazard_identification_number="33", un_number="1203")),
                id="packages beside a tank",
            ),
            pytest.param(
                tank_trip(box(), goods(position=2)),
                (Plate(), Plate(hazard_identification_number="33", un_number="1203")),
                id="packages that are listed first hide no tank",
            ),
            pytest.param(
                boxes(goods(mode=CarriageMode.BULK, hazard_identification_number="40")),
                (Plate(hazard_identification_number="40", un_number="1203"),),
                id="bulk with a number",
            ),
            pytest.param(
                boxes(goods(mode=CarriageMode.BULK, hazard_identification_number="")),
                (Plate(),),
                id="bulk without a number",
            ),
            pytest.param(trip(goods=()), (Plate(),), id="nothing known"),
        ],
    )
    def test_plates_are_those_of_the_goods(self, facts: Facts, plates: tuple[Plate, ...]) -> None:
        assert orange_plates_for(facts) == plates

    @pytest.mark.parametrize(
        ("plate", "text"),
        [
            (Plate(), "blank"),
            (Plate(hazard_identification_number="33", un_number="1203"), "33/1203"),
            (
                Plate(hazard_identification_number="X423", un_number="1428", compartments=(1, 2)),
                "1, 2: X423/1428",
            ),
        ],
    )
    def test_a_plate_reads_as_it_is_seen(self, plate: Plate, text: str) -> None:
        assert plate.text == text

    def test_a_finding_says_what_must_be_seen(self) -> None:
        facts = tank_trip(goods(compartment=1), goods(compartment=2, **DIESEL))

        assert judge("HAND-01.orange_plates", unanswered(facts)) == Finding(
            code="HAND-01.orange_plates",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.UNKNOWN,
            reason="not_answered",
            facts={
                "questions": ["orange_plates"],
                "plates": ["blank", "1: 33/1203", "2: 30/1202"],
            },
        )

    def test_it_reads_in_chinese(self) -> None:
        facts = boxes(box())

        words = explain(judge("HAND-01.orange_plates", facts), "zh")

        assert words.seen == "矩形标志牌已核对：无编号矩形标志牌。"

    def test_a_yes_does_not_help_where_the_number_is_not_known(self) -> None:
        facts = tank_trip(goods(), goods(hazard_identification_number=""))

        assert judge("HAND-01.orange_plates", facts) == Finding(
            code="HAND-01.orange_plates",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.UNKNOWN,
            reason="number_unknown",
            facts={},
        )


class TestPlacards:
    """ADR 5.3.1."""

    @pytest.mark.parametrize(
        ("facts", "placards"),
        [
            pytest.param(tank_trip(goods()), (Sign(label="3"),), id="petrol"),
            pytest.param(
                tank_trip(goods(**CHLORINE)),
                (Sign(label="2.3"), Sign(label="5.1"), Sign(label="8")),
                id="chlorine in a tank with its subsidiary hazards",
            ),
            pytest.param(
                boxes(box(**{**CHLORINE, "mode": CarriageMode.PACKAGES})),
                (Sign(label="2.3"),),
                id="chlorine in packages by its class",
            ),
            pytest.param(
                tank_trip(goods(), goods(**DIESEL)), (Sign(label="3"),), id="each label once"
            ),
            pytest.param(
                boxes(box(labels=("7X",), division="7")), (Sign(label="7"),), id="radioactive"
            ),
            pytest.param(
                boxes(box(labels=("7X", "8"), division="7", subsidiary_hazards=("8",))),
                (Sign(label="7"), Sign(label="8")),
                id="radioactive packages with a subsidiary hazard",
            ),
            pytest.param(
                boxes(box(labels=("9A",), division="9")), (Sign(label="9"),), id="batteries"
            ),
            pytest.param(
                tank_trip(goods(labels=("see", "5.2.2.1.12"), subsidiary_hazards=("6.1",))),
                (Sign(label="3"), Sign(label="6.1")),
                id="labels that point elsewhere",
            ),
            pytest.param(
                tank_trip(goods(labels=(), division="")), (), id="a class that is not known"
            ),
            pytest.param(
                boxes(goods(**SAMPLE)), (Sign(label="1", division="1.1D"),), id="explosives"
            ),
            pytest.param(
                boxes(goods(**SAMPLE), goods(**{**SAMPLE, "division": "1.3C"})),
                (Sign(label="1", division="1.1"),),
                id="two divisions: the most dangerous, without its group",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.5D", "labels": ("1.5",)}),
                    goods(**{**SAMPLE, "division": "1.2G"}),
                ),
                (Sign(label="1", division="1.1"),),
                id="1.5 beside 1.2 is shown as 1.1",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.5D", "labels": ("1.5",)}),
                    goods(**{**SAMPLE, "division": "1.3G"}),
                ),
                (Sign(label="1.5", division="1.5"),),
                id="1.5 beside 1.3",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "division": "1.4G", "labels": ("1.4",)})),
                (Sign(label="1.4", division="1.4G"),),
                id="1.4G",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "division": "1.4S", "labels": ("1.4",)})),
                (),
                id="1.4S alone",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.4S", "labels": ("1.4",)}),
                    goods(**{**SAMPLE, "division": "1.4G", "labels": ("1.4",)}),
                ),
                (Sign(label="1.4", division="1.4G"),),
                id="1.4S beside 1.4G",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "un_number": "0190", "division": "", "labels": ()})),
                (Sign(label="1"),),
                id="a sample of explosives",
            ),
            pytest.param(
                tank_trip(goods(division="5.2", labels=("5.2", "1"))),
                (Sign(label="5.2"), Sign(label="1")),
                id="a peroxide that explodes",
            ),
            pytest.param(trip(goods=()), (), id="nothing known"),
        ],
    )
    def test_placards_are_those_of_the_goods(
        self, facts: Facts, placards: tuple[Sign, ...]
    ) -> None:
        assert placards_for(facts) == placards

    def test_a_sign_is_named_by_its_division(self) -> None:
        assert [Sign(label="1", division="1.1D").text, Sign(label="3").text] == ["1.1D", "3"]

    @pytest.mark.parametrize(
        ("division", "label"),
        [("1.1", "1"), ("1.2D", "1"), ("1.3C", "1"), ("1.4S", "1.4"), ("1.5D", "1.5")],
    )
    def test_explosives_of_the_first_divisions_share_a_label(
        self, division: str, label: str
    ) -> None:
        assert labels_of(box(labels=(), division=division, subsidiary_hazards=())) == (label,)

    def test_a_label_may_have_another_placard(self) -> None:
        batteries = box(labels=("9A", "3"), division="9", subsidiary_hazards=())

        assert labels_of(batteries) == ("9", "3")

    def test_hazards_stand_in_for_labels_that_are_missing(self) -> None:
        line = box(labels=(), division="1.3G", subsidiary_hazards=("8", "8", "none"))

        assert labels_of(line) == ("1", "8")


class TestMarks:
    """ADR 5.3.3 and 5.3.6."""

    @pytest.mark.parametrize(
        ("changes", "marks"),
        [
            pytest.param({"filling_temperature_c": Decimal("99.9")}, (), id="just below 100 °C"),
            pytest.param(
                {"filling_temperature_c": Decimal(100)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="exactly 100 °C",
            ),
            pytest.param(
                {"physical_state": PhysicalState.SOLID, "filling_temperature_c": Decimal("239.9")},
                (),
                id="a solid just below 240 °C",
            ),
            pytest.param(
                {"physical_state": PhysicalState.SOLID, "filling_temperature_c": Decimal(240)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="a solid of exactly 240 °C",
            ),
            pytest.param(
                {"physical_state": PhysicalState.ASK, "filling_temperature_c": Decimal(300)},
                (),
                id="a state that is not known",
            ),
            pytest.param({"filling_temperature_c": None}, (), id="a temperature not known"),
            pytest.param(
                {**HOT, "filling_temperature_c": None},
                (Mark.ELEVATED_TEMPERATURE,),
                id="UN 3257 is always hot",
            ),
            pytest.param({"un_number": "3082"}, (Mark.ENVIRONMENTALLY_HAZARDOUS,), id="UN 3082"),
            pytest.param(
                {"un_number": "3077", "mode": CarriageMode.BULK},
                (Mark.ENVIRONMENTALLY_HAZARDOUS,),
                id="UN 3077 in bulk",
            ),
            pytest.param(
                {"un_number": "3082", "mode": CarriageMode.PACKAGES}, (), id="in packages"
            ),
        ],
    )
    def test_marks_are_those_of_the_goods(
        self, changes: dict[str, object], marks: tuple[Mark, ...]
    ) -> None:
        assert marks_for(tank_trip(goods(**changes))) == marks


class TestQuestions:
    """Which questions apply."""

    def test_ids_are_unique_and_rules_exist(self) -> None:
        rules = {(rule.code, phase) for rule in REGISTER for phase in rule.phases}

        assert len({each.id for each in all_questions()}) == len(all_questions())
        assert all((each.rule, each.phase) in rules for each in all_questions())
        assert all((each.zh, each.en, each.source_zh, each.source_en) for each in all_questions())

    def test_every_condition_is_used(self) -> None:
        asked = {condition for each in all_questions() for condition in each.when}
        shown = {condition for each in all_photos() for condition in each.when}

        assert asked | shown == set(Condition)

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), True, id="class 3 in a tank"),
            pytest.param(goods(division="2.1", labels=("2.1",)), True, id="2.1"),
            pytest.param(goods(division="8", labels=("8",)), False, id="class 8"),
            pytest.param(
                goods(division="8", labels=("8",), subsidiary_hazards=("3",)), True, id="8 with 3"
            ),
            pytest.param(goods(division="8", labels=("8", "3")), True, id="8 with the label 3"),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1361"), True, id="carbon II"
            ),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1361", packing_group="III"),
                False,
                id="carbon III",
            ),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1362"), False, id="UN 1362"
            ),
            pytest.param(goods(division="", labels=()), True, id="class not known"),
            pytest.param(box(), False, id="packages"),
        ],
    )
    def test_a_tank_with_what_a_spark_could_light_is_earthed(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", trip(goods=(line,)))}

        assert ("earthing" in found) is asked

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(division="6.1"), True, id="6.1"),
            pytest.param(goods(subsidiary_hazards=("6.1",)), True, id="3 with 6.1"),
            pytest.param(goods(division="2.3"), True, id="2.3"),
            pytest.param(goods(highly_toxic=Answer.ASK), True, id="perhaps highly toxic"),
            pytest.param(goods(division=""), True, id="class not known"),
        ],
    )
    def test_toxic_goods_ask_for_escape_masks(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", trip(goods=(line,)))}

        assert ("escape_mask" in found) is asked

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(highly_toxic=Answer.YES), True, id="highly toxic"),
            pytest.param(goods(highly_toxic=Answer.ASK), True, id="perhaps highly toxic"),
            pytest.param(
                goods(highly_toxic=Answer.ASK, highly_toxic_declared=Answer.NO),
                False,
                id="declared not highly toxic",
            ),
            pytest.param(goods(division="1.4S"), True, id="explosive"),
            pytest.param(goods(division=""), True, id="class not known"),
            pytest.param(goods(division="2.3"), False, id="a toxic gas that is not 剧毒"),
        ],
    )
    def test_explosives_and_highly_toxic_goods_need_the_safety_board(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        outcome = judge("HAND-01.safety_board", unanswered(trip(goods=(line,)))).outcome

        assert outcome is (Outcome.UNKNOWN if asked else Outcome.NOT_APPLICABLE)

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(division="6.1", packing_group="I"), True, id="6.1 I"),
            pytest.param(goods(division="6.1", packing_group="II"), False, id="6.1 II"),
            pytest.param(goods(division="8", packing_group="I"), False, id="8 I"),
            pytest.param(goods(division="2.3"), True, id="2.3"),
            pytest.param(goods(division="1.4G"), True, id="1.4"),
            pytest.param(goods(division=""), True, id="class not known"),
            pytest.param(goods(highly_toxic=Answer.YES), True, id="highly toxic"),
        ],
    )
    def test_risk_asks_for_photos(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = [each.shows for each in photos_of(trip(goods=(line,)))]

        assert found == (["orange_plates", "seals", "closures"] if asked else [])

    @pytest.mark.parametrize(
        ("name_en", "asked"),
        [
            ("ORGANIC PEROXIDE TYPE B, LIQUID, TEMPERATURE CONTROLLED", True),
            ("ORGANIC PEROXIDE TYPE B, LIQUID", False),
        ],
    )
    def test_goods_that_are_kept_cold_ask_for_the_temperature(
        self,
        name_en: str,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", boxes(box(name_en=name_en)))}

        assert ("temperature_control" in found) is asked

    def test_of_goods_that_are_not_known_everything_is_asked(self) -> None:
        found = [each.id for each in questions_of("HAND-02.before", trip(goods=()))]

        assert found == [
            "engine_off",
            "wheel_chocks",
            "extinguishers",
            "emergency_equipment",
            "ppe",
            "escape_mask",
            "earthing",
            "tank_empty_or_known",
            "load_space_clean",
            "temperature_control",
            "no_damage",
            "no_leak",
        ]


class TestAnswers:
    """A list passes when everything that applies was answered yes."""

    def test_a_no_is_named_before_what_is_missing(self) -> None:
        facts = also(unanswered(trip()), answer("ppe", "no"), answer("earthing"))

        assert judge("HAND-02.before", facts) == Finding(
            code="HAND-02.before",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.FAILED,
            reason="answered_no",
            facts={"questions": ["ppe"]},
        )

    def test_what_is_missing_is_named(self) -> None:
        facts = also(unanswered(packages_trip()), answer("safety_data_sheet"))

        assert judge("DOC-03.safety_data_sheet", facts) == Finding(
            code="DOC-03.safety_data_sheet",
            version=1,
            severity=Severity.WARN,
            outcome=Outcome.UNKNOWN,
            reason="not_answered",
            facts={"questions": ["label"]},
        )

    @pytest.mark.parametrize(
        ("answers", "outcome"),
        [(("no", "yes"), Outcome.PASSED), (("yes", "no"), Outcome.FAILED)],
        ids=["put right", "spoiled"],
    )
    def test_the_later_answer_holds(
        self, answers: tuple[Literal["yes", "no"], ...], outcome: Outcome
    ) -> None:
        facts = also(trip(), *(answer("no_leak", given) for given in answers))

        assert judge("HAND-02.before", facts).outcome is outcome

    def test_an_answer_that_does_not_apply_is_not_asked_for(self) -> None:
        facts = also(trip(), answer("load_space_clean", "no"), answer("escape_mask", "no"))

        assert judge("HAND-02.before", facts).outcome is Outcome.PASSED

    def test_questions_read_as_they_were_asked(self) -> None:
        facts = also(trip(), answer("ppe", "no"))

        words = explain(judge("HAND-02.before", facts), "zh")

        assert words.seen == "回答为“否”：人员已穿戴防护用品，车上防护用品齐全？"


class TestAfterLoading:
    """What is asked after loading was answered after it."""

    @pytest.mark.parametrize(
        ("at", "outcome"),
        [
            pytest.param(loading().finished_at, Outcome.PASSED, id="when loading ended"),
            pytest.param(loading().finished_at - SECOND, Outcome.UNKNOWN, id="a second before"),
        ],
    )
    def test_an_answer_counts_from_the_end_of_loading(self, at: object, outcome: Outcome) -> None:
        facts = also(loaded_trip(), answer("closures_shut", at=at))

        finding = judge("HAND-02.after", facts)

        named = ["closures_shut"] if outcome is Outcome.UNKNOWN else [
            "closures_shut", "valves_sealed", "hoses_removed", "earthing_removed", "no_leak_after"
        ]  # fmt: skip
        assert (finding.outcome, finding.facts) == (outcome, {"questions": named})

    @pytest.mark.parametrize(
        ("cleared_at", "outcome"),
        [
            pytest.param(AT, Outcome.PASSED, id="cleared when answered"),
            pytest.param(AT + SECOND, Outcome.UNKNOWN, id="answered before the clearance"),
        ],
    )
    def test_an_answer_counts_from_the_clearance(
        self, cleared_at: object, outcome: Outcome
    ) -> None:
        facts = loaded_trip(waybill=waybill(cleared_at=cleared_at))

        assert judge("HAND-02.after", facts).outcome is outcome

    def test_without_clearance_and_record_any_answer_counts(self) -> None:
        assert judge("HAND-02.after", trip()).outcome is Outcome.PASSED

    @pytest.mark.parametrize(
        ("taken", "finding"),
        [
            pytest.param(loading().finished_at, ("photos_taken", 3), id="when loading ended"),
            pytest.param(
                loading().finished_at - SECOND, ("photos_missing", 1), id="a second before"
            ),
        ],
    )
    def test_a_photo_of_seals_counts_from_the_end_of_loading(
        self, taken: object, finding: tuple[str, int]
    ) -> None:
        facts = also(
            loaded_trip(goods=(goods(**CHLORINE),)),
            photo("orange_plates", at=AT - timedelta(hours=2)),
            photo("closures"),
            photo("seals", at=taken),
        )

        found = judge("AFTER-01.photos", facts)

        named = found.facts["photos"]
        assert isinstance(named, list)
        assert (found.reason, len(named)) == finding


class TestPlantItems:
    """A plant's items, and who may let them pass."""

    BOTH: tuple[EvidenceItem, ...] = (override("user-1"), override("user-2"))

    def item_trip(self, *items: EvidenceItem, **changes: object) -> Facts:
        return also(trip(plant_items=(plant_item(**changes),)), *items)

    @pytest.mark.parametrize(
        ("items", "reason"),
        [
            pytest.param((), "not_answered", id="nothing"),
            pytest.param((override("user-1"),), "not_answered", id="one override"),
            pytest.param(
                (override("user-1"), override("user-1")), "not_answered", id="one account twice"
            ),
            pytest.param((override("user-1"), override("user-2")), "overridden", id="two accounts"),
            pytest.param(
                (override("user-1"), override("user-2", item="item-2")),
                "not_answered",
                id="two accounts, but not for one item",
            ),
            pytest.param(
                (answer("item-1", "no"), override("user-1")), "answered_no", id="no and one"
            ),
            pytest.param((answer("item-1", "no"), *BOTH), "overridden", id="no and two"),
            pytest.param((*BOTH, answer("item-1")), "fulfilled", id="yes needs no override"),
        ],
    )
    def test_two_accounts_let_an_item_pass(
        self, items: tuple[EvidenceItem, ...], reason: str
    ) -> None:
        assert judge("PLANT-01.before", self.item_trip(*items)).reason == reason

    @pytest.mark.parametrize(
        ("items", "reason"),
        [
            pytest.param((answer("item-1"),), "photo_missing", id="yes without photo"),
            pytest.param((photo("item-1"),), "not_answered", id="photo without answer"),
            pytest.param((answer("item-1"), photo("item-1")), "fulfilled", id="both"),
            pytest.param((answer("item-1"), photo("item-2")), "photo_missing", id="of another"),
            pytest.param((answer("item-1"), *BOTH), "overridden", id="overridden without photo"),
            pytest.param((answer("item-1", "no"), photo("item-1")), "answered_no", id="no"),
        ],
    )
    def test_a_photo_belongs_to_the_answer_where_it_is_asked_for(
        self, items: tuple[EvidenceItem, ...], reason: str
    ) -> None:
        assert judge("PLANT-01.before", self.item_trip(*items, photo=True)).reason == reason

    def test_the_gravest_items_are_named(self) -> None:
        items = tuple(
            plant_item(id=f"item-{n}", question_zh=f"问题{n}？", question_en=f"Question {n}?")
            for n in range(1, 5)
        )
        facts = also(
            trip(plant_items=items),
            answer("item-2", "no"),
            answer("item-3"),
            answer("item-4", "no"),
        )

        assert judge("PLANT-01.before", facts) == Finding(
            code="PLANT-01.before",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.FAILED,
            reason="answered_no",
            facts={
                "items": ["item-2", "item-4"],
                "items_zh": ["问题2？", "问题4？"],
                "items_en": ["Question 2?", "Question 4?"],
            },
        )

    def test_overridden_items_are_named_and_counted(self) -> None:
        items = (plant_item(), plant_item(id="item-2"))
        facts = also(trip(plant_items=items), *self.BOTH, answer("item-2"))

        assert judge("PLANT-01.before", facts) == Finding(
            code="PLANT-01.before",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.PASSED,
            reason="overridden",
            facts={
                "items": ["item-1"],
                "items_zh": ["鹤位编号与派车单一致？"],
                "items_en": ["Is the loading arm that of the order?"],
                "count": 1,
            },
        )

    def test_advice_never_stops(self) -> None:
        facts = self.item_trip(answer("item-1", "no"), stops=False)

        verdict = assess(facts, at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition())

        assert [(f.code, f.severity) for f in verdict.standing] == [
            ("PLANT-01.advice_before", Severity.WARN)
        ]
        assert verdict.clears

    def test_an_item_after_loading_is_answered_after_it(self) -> None:
        early = answer("item-1", at=loading().finished_at - SECOND)
        facts = also(loaded_trip(plant_items=(plant_item(phase=Phase.AFTER_LOADING),)), early)

        assert judge("PLANT-01.after", facts).reason == "not_answered"
        assert judge("PLANT-01.before", facts).reason == "no_items"

    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            pytest.param(loading().finished_at - SECOND, "photo_missing", id="a second before"),
            pytest.param(loading().finished_at, "fulfilled", id="when loading ended"),
        ],
    )
    def test_a_photo_of_an_item_after_loading_is_taken_after_it(
        self, at: object, reason: str
    ) -> None:
        item = plant_item(phase=Phase.AFTER_LOADING, photo=True)
        facts = also(loaded_trip(plant_items=(item,)), answer("item-1"), photo("item-1", at=at))

        assert judge("PLANT-01.after", facts).reason == reason

    @pytest.mark.parametrize("question", ["orange_plates", "no_leak", "consignment_list"])
    def test_nobody_overrides_the_law(self, question: str) -> None:
        both = (override("user-1", item=question), override("user-2", item=question))
        facts = also(trip(), answer(question, "no"), *both)

        verdict = assess(facts, at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition())

        assert [f.reason for f in verdict.standing] == ["answered_no"]
        assert not verdict.clears
