"""Hand-over, papers, photos and a plant's items, at their edges and one step to either side."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from tests.harness.rule_facts import AT, goods, waybill
from tests.harness.rule_scenarios_handover import (
    CHLORINE,
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
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.register import current_edition, get_rule

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

    @pytest.mark.parametrize(
        ("answers", "reason"),
        [
            pytest.param((("no", 1),), "answered_no", id="found wrong after it was let pass"),
            pytest.param((("no", 0),), "overridden", id="at the same moment"),
            pytest.param((("no", -1),), "overridden", id="before"),
            pytest.param((("no", -1), ("no", 1)), "overridden", id="said again"),
            pytest.param((("no", -1), ("yes", 1)), "fulfilled", id="cured after all"),
            pytest.param(
                (("no", -2), ("yes", -1), ("no", 1)), "answered_no", id="found wrong once more"
            ),
        ],
    )
    def test_who_lets_an_item_pass_knows_its_answer(
        self, answers: tuple[tuple[Literal["yes", "no"], int], ...], reason: str
    ) -> None:
        said = [answer("item-1", word, at=AT + n * SECOND) for word, n in answers]
        given = sorted((*self.BOTH, *said), key=lambda item: item.at)

        assert judge("PLANT-01.before", self.item_trip(*given)).reason == reason

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
