"""Which goods need which permits, and what an open need comes to."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, TODAY, goods
from tests.harness.rule_scenarios_permits import NEEDING, permit, permit_trip, precursor
from waybill.codec import JsonValue
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import Answer, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.permit_needs import FIREWORKS_UN_NUMBERS, FORMS
from waybill.rules.register import get_rule

TOXIC = "DOC-04.highly_toxic"
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    severity = get_rule(code, 1).severity
    return Finding(
        code=code, version=1, severity=severity, outcome=outcome, reason=reason, facts=facts
    )


def needed_by(line: GoodsFacts) -> dict[str, Answer]:
    """Return the permits that a line needs or may need."""
    answers = {code: form.needed(line) for code, form in FORMS.items()}
    return {code: answer for code, answer in answers.items() if answer is not Answer.NO}


class TestNeeds:
    @pytest.mark.parametrize(
        ("line", "needs"),
        [
            pytest.param(goods(), {}, id="petrol"),
            pytest.param(
                goods(highly_toxic=Answer.ASK, highly_toxic_declared=Answer.NO),
                {},
                id="declared no",
            ),
            pytest.param(
                goods(highly_toxic=Answer.ASK), {TOXIC: Answer.ASK}, id="nobody has declared"
            ),
            pytest.param(
                goods(highly_toxic_declared=Answer.YES), {TOXIC: Answer.YES}, id="declared yes"
            ),
            pytest.param(
                goods(un_number="0431", division="1.4G"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="pyrotechnic articles",
            ),
            pytest.param(
                goods(un_number="0190", division=""),
                {"DOC-04.civil_explosives": Answer.YES},
                id="a sample of explosives",
            ),
            pytest.param(
                goods(un_number="0332", division="1.5D"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="the number before fireworks",
            ),
            *(
                pytest.param(
                    goods(un_number=number, division="1.4G"),
                    {"DOC-04.fireworks": Answer.YES},
                    id=f"fireworks {number}",
                )
                for number in ("0333", "0334", "0335", "0336", "0337")
            ),
            pytest.param(
                goods(un_number="0338", division="1.4C"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="the number after fireworks",
            ),
            pytest.param(
                goods(un_number="2908", division="7"),
                {"DOC-04.radioactive": Answer.YES},
                id="an excepted package",
            ),
            pytest.param(
                goods(waste=True), {"DOC-04.waste_manifest": Answer.YES}, id="waste petrol"
            ),
            pytest.param(
                goods(controls=precursor("1-3")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="category 1",
            ),
            pytest.param(
                goods(controls=precursor("2-10")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="category 2",
            ),
            pytest.param(
                goods(controls=precursor("2-4-1")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="a number in three parts",
            ),
            pytest.param(
                goods(controls=precursor("3-1")),
                {"DOC-04.drug_precursor_record": Answer.YES},
                id="category 3",
            ),
            pytest.param(
                goods(controls=precursor("2-7", Answer.ASK)),
                {"DOC-04.drug_precursor": Answer.ASK},
                id="perhaps category 2",
            ),
            pytest.param(
                goods(controls=precursor("", Answer.ASK)), {}, id="not otherwise specified"
            ),
            pytest.param(
                goods(controls=precursor("2-7", Answer.NO)), {}, id="in another concentration"
            ),
            pytest.param(
                goods(controls=precursor("")),
                {
                    "DOC-04.drug_precursor": Answer.ASK,
                    "DOC-04.drug_precursor_record": Answer.ASK,
                },
                id="on the list without its number",
            ),
            pytest.param(
                goods(controls=()),
                {
                    "DOC-04.drug_precursor": Answer.ASK,
                    "DOC-04.drug_precursor_record": Answer.ASK,
                },
                id="nobody has looked it up",
            ),
        ],
    )
    def test_goods_need_their_permits(self, line: GoodsFacts, needs: dict[str, Answer]) -> None:
        assert needed_by(line) == needs

    def test_fireworks_are_five_numbers(self) -> None:
        assert sorted(FIREWORKS_UN_NUMBERS) == ["0333", "0334", "0335", "0336", "0337"]

    def test_an_open_need_passes_with_a_permit(self) -> None:
        line = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK)

        assert judge(TOXIC, permit_trip(TOXIC, permit(TOXIC), goods=(line,))) == found(
            TOXIC,
            Outcome.PASSED,
            "covered",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
            numbers=["320000123"],
            goods_kg="28000",
        )

    def test_an_open_need_is_unknown_with_a_permit_for_something_else(self) -> None:
        line = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK)
        other = permit(TOXIC, un_numbers=("1092",))

        assert judge(TOXIC, permit_trip(TOXIC, other, goods=(line,))) == found(
            TOXIC,
            Outcome.UNKNOWN,
            "need_unsettled",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_an_open_need_beside_a_certain_one_shares_its_quantity(self) -> None:
        asked = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK, position=2, quantity_kg=Decimal(1))
        facts = permit_trip(TOXIC, permit(TOXIC), goods=(NEEDING[TOXIC], asked))

        assert judge(TOXIC, facts) == found(
            TOXIC,
            Outcome.UNKNOWN,
            "need_unsettled",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_a_certain_need_that_fails_goes_before_an_open_one(self) -> None:
        asked = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK, position=2)
        facts = permit_trip(TOXIC, goods=(NEEDING[TOXIC], asked))

        assert judge(TOXIC, facts) == found(
            TOXIC,
            Outcome.FAILED,
            "permit_missing",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_a_permit_of_another_kind_does_not_count(self) -> None:
        other = permit(TOXIC, kind=PermitKind.RADIOACTIVE)

        assert judge(TOXIC, permit_trip(TOXIC, other)).reason == "permit_missing"

    @pytest.mark.parametrize("code", sorted(FORMS))
    def test_only_the_record_of_category_3_warns(self, code: str) -> None:
        warns = code == "DOC-04.drug_precursor_record"

        assert judge(code, permit_trip(code)).severity is (
            Severity.WARN if warns else Severity.STOP
        )
