"""Mixed loading by labels, at the edges of the table and of what it is asked about."""

import pytest

from tests.harness.mixed_loads import (
    explosive,
    found,
    judge,
    load_of,
    nitrate,
    packages,
    toxic,
)
from waybill.codec import JsonValue
from waybill.rules.facts import Answer, CarriageMode, GoodsFacts
from waybill.rules.finding import Outcome

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
TANK, BULK = CarriageMode.TANK, CarriageMode.BULK
NOT_SUBJECT = {"list_status": "not_subject", "not_subject_declared": Answer.YES}


def pair(one: str, other: str, *positions: int) -> dict[str, JsonValue]:
    return {"un_numbers": [one, other], "positions": list(positions or (1, 2))}


class TestLabels:
    """ADR 7.5.2.1."""

    @pytest.mark.parametrize(
        ("lines", "outcome", "reason", "facts"),
        [
            pytest.param(
                (packages(),), NOT_APPLICABLE, "nothing_beside", {}, id="goods by themselves"
            ),
            pytest.param(
                (packages(2), toxic(1)), PASSED, "together", pair("1888", "1203"), id="by position"
            ),
            pytest.param(
                (explosive(), packages(2)), FAILED, "prohibited", pair("0081", "1203"), id="1 and 3"
            ),
            pytest.param(
                (explosive(1, "1.4S", "0323"), packages(2)),
                PASSED,
                "by_note",
                pair("0323", "1203") | {"note": "a"},
                id="1.4S and 3, note a",
            ),
            pytest.param(
                (explosive(1, "1.4G", "0336"), packages(2)),
                FAILED,
                "prohibited",
                pair("0336", "1203"),
                id="1.4G is no 1.4S",
            ),
            pytest.param(
                (explosive(), nitrate()),
                PASSED,
                "as_explosives",
                pair("0081", "1942"),
                id="blasting explosives and ammonium nitrate, note d",
            ),
            pytest.param(
                (explosive(), nitrate(un_number="1477")),
                UNKNOWN,
                "name_unsettled",
                pair("0081", "1477"),
                id="nitrates of any kind, note d",
            ),
            pytest.param(
                (explosive(1, "1.1D", "0004"), nitrate()),
                FAILED,
                "prohibited",
                pair("0004", "1942"),
                id="no blasting explosives",
            ),
            pytest.param(
                (packages(labels=("4.1", "1"), division="4.1"), toxic(2)),
                FAILED,
                "prohibited",
                pair("1203", "1888"),
                id="4.1 with the hazard of an explosive",
            ),
            pytest.param(
                (explosive(), explosive(2, "1.1A", "0074")),
                NOT_APPLICABLE,
                "groups_decide",
                pair("0081", "0074"),
                id="two explosives are for the groups",
            ),
            pytest.param(
                (packages(), explosive(2), explosive(3)),
                FAILED,
                "prohibited",
                pair("1203", "0081"),
                id="the gravest pair is named",
            ),
            pytest.param(
                (packages(), toxic(2), explosive(3, "1.4S", "0323")),
                PASSED,
                "together",
                pair("1203", "1888"),
                id="of equals the first pair is named",
            ),
        ],
    )
    def test_two_goods(
        self,
        lines: tuple[GoodsFacts, ...],
        outcome: Outcome,
        reason: str,
        facts: dict[str, JsonValue],
    ) -> None:
        finding = judge("MIX-01.labels", load_of(*lines))

        assert finding == found("MIX-01.labels", outcome, reason, facts)

    @pytest.mark.parametrize(
        ("unlabelled", "beside", "outcome", "reason"),
        [
            pytest.param({}, packages(2), PASSED, "together", id="neither can be an explosive"),
            pytest.param({}, explosive(2), UNKNOWN, "label_unknown", id="beside an explosive"),
            pytest.param(
                {"division": ""}, packages(2), UNKNOWN, "label_unknown", id="of no known class"
            ),
            pytest.param(
                {"division": "1.1D"}, packages(2), UNKNOWN, "label_unknown", id="an explosive"
            ),
            pytest.param(
                {"subsidiary_hazards": ("1",)},
                packages(2),
                UNKNOWN,
                "label_unknown",
                id="with the hazard of an explosive",
            ),
            pytest.param(
                {},
                packages(2, labels=("5.2", "1"), division="5.2"),
                UNKNOWN,
                "label_unknown",
                id="beside the hazard of an explosive",
            ),
            pytest.param(
                {"division": "1.1D", "classification_code": "1.1D"},
                explosive(2),
                UNKNOWN,
                "label_unknown",
                id="an explosive beside an explosive",
            ),
            pytest.param(
                {"labels": ("8", "1")},
                explosive(2, "1.4S", "0323"),
                UNKNOWN,
                "label_unknown",
                id="a hazard of an explosive without a group",
            ),
            pytest.param(
                {"labels": ("?",)}, packages(2), PASSED, "together", id="a label nobody knows"
            ),
        ],
    )
    def test_goods_without_a_known_label(
        self,
        unlabelled: dict[str, JsonValue],
        beside: GoodsFacts,
        outcome: Outcome,
        reason: str,
    ) -> None:
        line = packages(**{"labels": (), **unlabelled})

        finding = judge("MIX-01.labels", load_of(line, beside))

        about = pair("1203", beside.un_number)
        assert finding == found("MIX-01.labels", outcome, reason, about)

    @pytest.mark.parametrize(
        ("one", "other", "outcome", "reason"),
        [
            pytest.param({"mode": TANK}, {"mode": TANK}, NOT_APPLICABLE, "nothing_beside", id="2"),
            pytest.param({"mode": TANK}, {}, FAILED, "prohibited", id="packages beside a tank"),
            pytest.param({}, {"mode": TANK}, FAILED, "prohibited", id="a tank beside packages"),
            pytest.param({"mode": BULK}, {"mode": TANK}, FAILED, "prohibited", id="bulk"),
            pytest.param({"mode": BULK}, {"mode": BULK}, FAILED, "prohibited", id="two in bulk"),
            pytest.param(
                {"mode": TANK, "division": "1.5D"},
                {"mode": TANK},
                FAILED,
                "prohibited",
                id="explosives in a tank",
            ),
            pytest.param(
                {"mode": TANK},
                {"mode": TANK, "division": ""},
                FAILED,
                "prohibited",
                id="a class that nobody knows in a tank",
            ),
            pytest.param(NOT_SUBJECT, {}, NOT_APPLICABLE, "nothing_beside", id="not subject"),
            pytest.param(
                NOT_SUBJECT | {"not_subject_declared": Answer.ASK},
                {},
                FAILED,
                "prohibited",
                id="not declared as not subject",
            ),
            pytest.param(
                {"not_subject_declared": Answer.YES}, {}, FAILED, "prohibited", id="subject anyway"
            ),
        ],
    )
    def test_what_stands_side_by_side(
        self,
        one: dict[str, JsonValue],
        other: dict[str, JsonValue],
        outcome: Outcome,
        reason: str,
    ) -> None:
        hazard = {"labels": ("4.1", "1"), "division": "4.1"}

        finding = judge("MIX-01.labels", load_of(packages(**(hazard | one)), packages(2, **other)))

        about = pair("1203", "1203") if reason == "prohibited" else {}
        assert finding == found("MIX-01.labels", outcome, reason, about)

    def test_an_edition_of_the_list_that_is_not_there_is_never_passed_over(self) -> None:
        facts = load_of(packages(), toxic(2, list_edition="1999"))

        with pytest.raises(LookupError):
            judge("MIX-01.labels", facts)
