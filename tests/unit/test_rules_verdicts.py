"""Verdicts as bytes and judged again, and what holds for all of them."""

import hashlib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import (
    AT,
    goods,
)
from tests.harness.rule_scenarios import SCENARIOS
from tests.harness.rule_trips import (
    BAY_ITEMS,
    trip,
)
from waybill.codec import new_id
from waybill.registry.kinds import PlateColour
from waybill.rules.assess import (
    Assessment,
    Difference,
    assess,
    findings_from_bytes,
    replay,
)
from waybill.rules.evidence import (
    AnswerItem,
    Evidence,
    EvidenceItem,
    PlateItem,
    PresenceItem,
    ScanItem,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Outcome, Phase, Severity
from waybill.rules.register import REGISTER, current_edition, get_rule
from waybill.services.verdicts import Verdict

EDITION = current_edition()


def judge(facts: Facts, phase: Phase = Phase.BEFORE_LOADING, at: datetime = AT) -> Assessment:
    return assess(facts, at=at, phase=phase, edition=EDITION)


def standing(assessment: Assessment) -> list[tuple[str, str]]:
    return [(finding.code, finding.reason) for finding in assessment.standing]


class TestBytes:
    def test_findings_read_back_as_they_were_written(self) -> None:
        assessment = judge(trip(escort=None))

        assert findings_from_bytes(assessment.findings_bytes()) == assessment.findings

    def test_the_digest_covers_facts_and_findings(self) -> None:
        assessment = judge(trip())
        verdict = Verdict(id=new_id(), assessment=assessment, judged=trip())
        content = trip().to_bytes() + b"\x00" + assessment.findings_bytes()

        assert verdict.digest == hashlib.sha256(content).hexdigest()

    @pytest.mark.parametrize("content", [b"{}", b"[1]", b"", b"[1.5]"])
    def test_foreign_bytes_are_no_findings(self, content: bytes) -> None:
        with pytest.raises(ValueError, match=r".+"):
            findings_from_bytes(content)

    @pytest.mark.parametrize("content", [b"{}", b"[]", b"not json"])
    def test_foreign_bytes_are_no_facts(self, content: bytes) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Facts.from_bytes(content)


class TestReplay:
    @pytest.mark.parametrize(("code", "reason"), sorted(SCENARIOS))
    def test_every_stored_verdict_comes_out_the_same(self, code: str, reason: str) -> None:
        facts = SCENARIOS[code, reason]
        phase = Phase.AFTER_LOADING if code.startswith("AFTER") else Phase.BEFORE_LOADING
        assessment = judge(facts, phase)

        differences = replay(
            facts.to_bytes(), assessment.findings_bytes(), phase=phase, at=AT, edition=EDITION
        )

        assert Facts.from_bytes(facts.to_bytes()) == facts
        assert differences == ()

    def test_a_changed_finding_is_named(self) -> None:
        assessment = judge(trip())
        changed = replace(assessment.findings[0], outcome=Outcome.FAILED)
        stored = replace(assessment, findings=(changed, *assessment.findings[2:]))

        differences = replay(
            trip().to_bytes(),
            stored.findings_bytes(),
            phase=Phase.BEFORE_LOADING,
            at=AT,
            edition=EDITION,
        )

        first, second = assessment.findings[:2]
        assert differences == (
            Difference(code=first.code, stored=changed, replayed=first),
            Difference(code=second.code, stored=None, replayed=second),
        )


def _worse(item: EvidenceItem) -> EvidenceItem:
    """Return the same piece of evidence, saying something else than the waybill."""
    fields = {name: getattr(item, name) for name in item.__struct_fields__}
    if isinstance(item, ScanItem):
        return ScanItem(**{**fields, "subject": "another"})
    if isinstance(item, PlateItem):
        return PlateItem(**{**fields, "plate_colour": PlateColour.BLUE})
    if isinstance(item, AnswerItem):
        return AnswerItem(**{**fields, "answer": "no"})
    assert isinstance(item, PresenceItem)
    return PresenceItem(**{**fields, "present": False})


slots = st.tuples(*(st.sampled_from([item, _worse(item), None]) for item in BAY_ITEMS))


@given(slots)
def test_only_the_whole_evidence_clears(items: tuple[EvidenceItem | None, ...]) -> None:
    given_items = tuple(item for item in items if item is not None)

    assert judge(trip(evidence=Evidence(items=given_items))).clears is (given_items == BAY_ITEMS)


@given(slots, st.integers(0, len(BAY_ITEMS) - 1))
def test_leaving_evidence_out_never_turns_a_refusal_into_a_clearance(
    items: tuple[EvidenceItem | None, ...], left_out: int
) -> None:
    before = tuple(item for item in items if item is not None)
    after = tuple(item for n, item in enumerate(items) if item is not None and n != left_out)

    refused = not judge(trip(evidence=Evidence(items=before))).clears

    assert not (refused and judge(trip(evidence=Evidence(items=after))).clears)


@given(st.sampled_from(sorted(SCENARIOS)), st.sampled_from(Phase))
def test_nothing_clears_while_a_stop_stands(key: tuple[str, str], phase: Phase) -> None:
    assessment = judge(SCENARIOS[key], phase)

    stopped = any(
        f.severity is Severity.STOP and f.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
        for f in assessment.findings
    )

    assert assessment.clears is not stopped


@given(st.integers(0, len(REGISTER) - 1), st.sampled_from([Outcome.FAILED, Outcome.UNKNOWN]))
def test_any_single_finding_that_stands_stops_the_load_unless_it_only_warns(
    place: int, outcome: Outcome
) -> None:
    whole = judge(trip())
    place %= len(whole.findings)
    spoiled = replace(whole.findings[place], outcome=outcome)

    findings = (*whole.findings[:place], spoiled, *whole.findings[place + 1 :])

    assert replace(whole, findings=findings).clears is (spoiled.severity is not Severity.STOP)


@given(st.decimals(min_value="0.001", max_value="60000", places=3))
def test_a_planned_mass_passes_up_to_the_limit_and_not_beyond(quantity_kg: Decimal) -> None:
    finding = get_rule("TNK-03.mass", 1).check(trip(goods=(goods(quantity_kg=quantity_kg),)), AT)

    assert (finding.outcome is Outcome.PASSED) is (quantity_kg <= Decimal(29000))
