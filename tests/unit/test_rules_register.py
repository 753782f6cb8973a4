"""The register: which rules hold when, and that what was published stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from waybill.rules import register
from waybill.rules.finding import Phase, Severity
from waybill.rules.limits import LIMITS
from waybill.rules.register import (
    BLOCKING_AT_ISSUE,
    EDITIONS,
    REGISTER,
    current_edition,
    get_rule,
    rules_in_force,
)

TODAY = date(2026, 11, 22)
AT_BAY_ONLY = {
    "VEH-05.tractor", "VEH-05.trailer", "ESC-01.present", "SUP-01.named", "SUP-01.employer",
    "DOC-01.signature", "DOC-01.state", "DOC-01.loader", "DOC-02.tractor", "DOC-02.trailer",
    "DOC-02.tank", "DOC-02.driver", "DOC-02.escort", "DOC-02.goods",
}  # fmt: skip
TANK_CODES = {
    "TNK-03.filling", "TNK-03.surge", "TNK-03.volume", "TNK-04.last_cargo",
    "AFTER-01.filling", "AFTER-01.surge",
}  # fmt: skip


def codes(phase: Phase, on: date = TODAY) -> set[str]:
    return {rule.code for rule in rules_in_force(on, phase, "2026-11")}


def test_no_version_of_a_rule_stands_twice() -> None:
    keys = [(rule.code, rule.version) for rule in REGISTER]

    assert len(set(keys)) == len(keys)


def test_issue_asks_for_nothing_that_only_the_bay_can_show() -> None:
    assert codes(Phase.BEFORE_LOADING) - codes(Phase.ISSUE) == AT_BAY_ONLY
    assert codes(Phase.ISSUE) <= codes(Phase.BEFORE_LOADING)


def test_the_edition_that_completes_the_catalogue_asks_at_the_bay_for_the_hand_over() -> None:
    added = {
        rule.code: rule.phases
        for rule in REGISTER
        if rule.edition == "2026-11-26"
        and rule.code.partition(".")[0] in {"HAND-01", "HAND-02", "DOC-03", "PLANT-01", "AFTER-01"}
    }
    bay, after = {Phase.BEFORE_LOADING}, {Phase.AFTER_LOADING}

    assert added == {
        "HAND-01.orange_plates": bay | {Phase.ROADSIDE},
        "HAND-01.placards": bay | {Phase.ROADSIDE},
        "HAND-01.marks": bay | {Phase.ROADSIDE},
        "HAND-01.safety_board": bay | {Phase.ROADSIDE},
        "HAND-01.lamp": bay | {Phase.ROADSIDE},
        "HAND-02.before": bay,
        "HAND-02.after": after,
        "DOC-03.emergency_phone": bay | {Phase.ISSUE, Phase.DAY_BEFORE},
        "DOC-03.consignment_list": bay,
        "DOC-03.instructions_in_writing": bay,
        "DOC-03.safety_data_sheet": bay,
        "PLANT-01.before": bay,
        "PLANT-01.after": after,
        "PLANT-01.advice_before": bay,
        "PLANT-01.advice_after": after,
        "AFTER-01.photos": after,
        "AFTER-01.filling": after,
        "AFTER-01.surge": after,
        "AFTER-01.weighbridge": after,
        "AFTER-01.standing": after,
    }


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        pytest.param(date(2025, 3, 31), True, id="the last day of the former standard"),
        pytest.param(date(2025, 4, 1), False, id="the first day of the standard without a lamp"),
    ],
)
def test_the_lamp_is_asked_for_as_long_as_the_standard_did(on: date, asked: bool) -> None:  # noqa: FBT001  a truth to compare with
    rules = {rule.code for rule in rules_in_force(on, Phase.BEFORE_LOADING, "2026-11-26")}

    assert ("HAND-01.lamp" in rules, "HAND-01.orange_plates" in rules) == (asked, not asked)


def test_after_loading_load_standing_and_black_list_are_judged() -> None:
    assert codes(Phase.AFTER_LOADING) == {
        "CAR-01.black_list",
        "AFTER-01.state",
        "AFTER-01.quantity",
        "AFTER-01.mass",
        "AFTER-01.weighbridge",
        "AFTER-01.seals",
        "AFTER-01.times",
        "AFTER-01.standing",
    }


def test_every_rule_of_the_law_stops_but_those_that_warn_or_inform() -> None:
    warning = {rule.code for rule in REGISTER if rule.severity is Severity.WARN}
    informing = {rule.code for rule in REGISTER if rule.severity is Severity.INFO}

    assert warning == {
        "VEH-06.positioning",
        "DRV-01.licence_class",
        "DOC-04.drug_precursor_record",
        "DOC-04.controls",
        "DOC-03.safety_data_sheet",
        "PLANT-01.advice_before",
        "PLANT-01.advice_after",
    }
    assert informing == {"MIX-02.limited", "MIX-02.excepted", "MIX-02.points", "MIX-02.tunnels"}
    stopping = {r.severity for r in REGISTER if r.code not in warning | informing}
    assert stopping == {Severity.STOP}


def test_the_roadside_asks_what_an_inspector_can_see() -> None:
    road = {rule.code for rule in rules_in_force(TODAY, Phase.ROADSIDE, "2026-11-26")}
    issue = {rule.code for rule in rules_in_force(TODAY, Phase.ISSUE, "2026-11-26")}

    assert road - issue == {
        "VEH-05.tractor",
        "VEH-05.trailer",
        "VEH-06.positioning",
        "ESC-01.present",
        "DOC-01.on_road",
        "DOC-01.signature",
        "DOC-02.tractor",
        "DOC-02.trailer",
        "DOC-02.tank",
        "DOC-02.driver",
        "DOC-02.escort",
        "HAND-01.orange_plates",
        "HAND-01.placards",
        "HAND-01.marks",
        "HAND-01.safety_board",
    }
    assert not {"SUP-01.named", "DOC-01.loader", "DOC-01.state", "DOC-01.dates"} & road


def test_a_position_is_asked_for_only_where_the_vehicle_stands() -> None:
    phases = get_rule("VEH-06.positioning", 1).phases

    assert phases == {Phase.BEFORE_LOADING, Phase.ROADSIDE}


def test_tanks_are_judged_ahead_of_loading_and_what_was_filled_after_it() -> None:
    def judged(phase: Phase) -> set[str]:
        rules = rules_in_force(TODAY, phase, "2026-11-26")
        return {rule.code for rule in rules} & TANK_CODES

    planned = {code for code in TANK_CODES if code.startswith("TNK")}
    assert judged(Phase.ISSUE) == judged(Phase.DAY_BEFORE) == planned
    assert judged(Phase.BEFORE_LOADING) == planned
    assert judged(Phase.AFTER_LOADING) == {"AFTER-01.filling", "AFTER-01.surge"}
    assert judged(Phase.ROADSIDE) == set()


def test_of_the_approval_of_tanks_each_edition_has_its_version() -> None:
    def version(edition: str) -> set[int]:
        rules = rules_in_force(TODAY, Phase.ROADSIDE, edition)
        return {rule.version for rule in rules if rule.code == "TNK-02.approved"}

    assert (version("2026-11"), version("2026-11-26")) == ({1}, {2})


def test_what_is_only_believed_says_so() -> None:
    assert all(rule.confirmed or rule.confirmed_note for rule in REGISTER)
    assert all(limit.confirmed or limit.confirmed_note for limit in LIMITS)


def test_every_rule_has_a_basis_and_belongs_to_a_published_edition() -> None:
    editions = {edition.id for edition in EDITIONS}

    assert all(rule.basis and rule.edition in editions for rule in REGISTER)


def test_the_newest_edition_is_current() -> None:
    assert current_edition() == max(edition.id for edition in EDITIONS) == "2026-11-26"


def test_an_edition_that_is_added_is_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "EDITIONS", (*EDITIONS, replace(EDITIONS[0], id="2027-05")))

    assert current_edition() == "2027-05"


def test_an_edition_that_was_never_published_is_refused() -> None:
    with pytest.raises(ValueError, match="no edition 1999-01"):
        rules_in_force(TODAY, Phase.ISSUE, "1999-01")


def test_codes_that_block_an_issue_are_judged_there() -> None:
    assert codes(Phase.ISSUE) >= BLOCKING_AT_ISSUE


def test_a_version_that_never_was_is_not_found() -> None:
    with pytest.raises(KeyError):
        get_rule("DOC-01.state", 99)


@pytest.mark.parametrize(
    ("on", "edition", "version"),
    [
        pytest.param(date(2027, 6, 30), "2027-05", 1, id="the last day of the old version"),
        pytest.param(date(2027, 7, 1), "2027-05", 2, id="the first day of the new version"),
        pytest.param(date(2027, 7, 1), "2026-11", 1, id="the old edition never saw the new one"),
    ],
)
def test_of_two_versions_the_newest_in_force_judges(
    on: date, edition: str, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get_rule("DOC-01.state", 1)
    second = replace(first, version=2, edition="2027-05", in_force_from=date(2027, 7, 1))
    monkeypatch.setattr(register, "REGISTER", (second, first))
    monkeypatch.setattr(register, "EDITIONS", (*EDITIONS, replace(EDITIONS[0], id="2027-05")))

    rules = rules_in_force(on, Phase.BEFORE_LOADING, edition)

    assert [rule.version for rule in rules] == [version]


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        pytest.param(date(2019, 12, 31), False, id="the day before"),
        pytest.param(date(2020, 1, 1), True, id="the first day"),
        pytest.param(date(2026, 12, 31), True, id="the last day"),
        pytest.param(date(2027, 1, 1), False, id="the day after"),
    ],
)
def test_both_days_of_a_rules_force_are_in(on: date, holds: bool) -> None:  # noqa: FBT001  a truth to compare with
    rule = replace(get_rule("DOC-01.state", 1), in_force_until=date(2026, 12, 31))

    assert rule.in_force(on) is holds


def test_however_many_days_are_asked_for_each_has_its_rules_and_few_are_kept() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(300)]
    edition = current_edition()

    first = [rules_in_force(day, Phase.ISSUE, edition) for day in days]

    assert [rules_in_force(day, Phase.ISSUE, edition) for day in reversed(days)] == first[::-1]
    assert len(register._IN_FORCE) <= register._MOST_KEPT  # noqa: SLF001  memory is the point
