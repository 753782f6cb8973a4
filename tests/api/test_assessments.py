"""Judging without writing: a waybill, a draft or plain facts, now and on a later day."""

import json
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer, as_written, problem, standing
from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from waybill.codec import JsonValue
from waybill.registry.access import Role
from waybill.rules.figures import figures_in_force
from waybill.rules.finding import Phase
from waybill.rules.register import rules_in_force
from waybill.services.given_facts import MAX_CHARACTERS, MAX_ITEMS
from waybill.storage.tables import METADATA

PATH = "/assessments"
ASSESSORS = ["carrier", "loader", "supervisor", "auditor", "senior-auditor", "inspector"]


def given(**changes: JsonValue) -> dict[str, Any]:
    """Return the facts of a faultless trip as JSON, with members changed by dotted names."""
    facts: dict[str, Any] = json.loads(msgspec.json.encode(trip()))
    facts["figures"] = ""
    for path, value in changes.items():
        *steps, last = path.split(".")
        place: Any = facts
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        place[int(last) if last.isdigit() else last] = value
    return facts


def draft_of(bay: Bay, **changes: object) -> dict[str, JsonValue]:
    return as_written(bay.line.yard.draft(**changes))


def counted(database: Session) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        name: database.scalar(select(func.count()).select_from(table)) or 0
        for name, table in METADATA.tables.items()
    }


def test_a_draft_is_judged_as_its_issue_would_judge_it(bay: Bay) -> None:
    body = draft_of(bay)

    judged = answer(bay.post(PATH, {"draft": body}, Role.CARRIER), 200)

    issued = bay.issued()["verdict"]
    assert judged["findings"] == issued["findings"]
    assert (judged["clears"], judged["edition"]) == (issued["clears"], issued["edition"])
    assert judged["verdict"] == {"zh": "预审通过", "en": "nothing stands against it"}
    assert (judged["phase"], judged["at"]) == ("issue", "2026-11-22T06:05:00.000Z")


@pytest.mark.parametrize("wish", ["draft", "waybill_id", "facts"])
def test_nothing_at_all_is_written(bay: Bay, database: Session, wish: str) -> None:
    issued = bay.issued()
    subjects = {"draft": draft_of(bay), "waybill_id": issued["id"], "facts": given()}
    bay.headers(Role.CARRIER)
    before = counted(database)

    answer(bay.post(PATH, {wish: subjects[wish]}, Role.CARRIER), 200)

    database.expire_all()
    assert counted(database) == before


def test_a_later_day_is_judged_as_it_will_be(bay: Bay) -> None:
    body = {"draft": draft_of(bay, planned_loading_at=None), "at": "2027-06-01T00:00:00+08:00"}

    judged = answer(bay.post(PATH, body, Role.CARRIER), 200)

    expired = [code for code, reason in standing(judged) if reason == "expired"]
    assert judged["clears"] is False
    assert {"CAR-01.licence", "DRV-01.qualification", "TNK-01.inspection"} <= set(expired)


@pytest.mark.parametrize("phase", [phase.value for phase in Phase])
def test_every_point_of_a_waybills_life_is_judged_by_its_rules(bay: Bay, phase: str) -> None:
    issued = bay.issued()

    judged = answer(bay.post(PATH, {"waybill_id": issued["id"], "phase": phase}, Role.LOADER), 200)

    asked = rules_in_force(AT.date(), Phase(phase), judged["edition"])
    assert [f["code"] for f in judged["findings"]] == [rule.code for rule in asked]


def test_an_old_edition_judges_by_its_own_rules(bay: Bay) -> None:
    judged = answer(bay.post(PATH, {"facts": given(), "edition": "2026-11"}, Role.CARRIER), 200)

    asked = rules_in_force(AT.date(), Phase.ISSUE, "2026-11")
    assert judged["edition"] == "2026-11"
    assert [(f["code"], f["version"]) for f in judged["findings"]] == [
        (rule.code, rule.version) for rule in asked
    ]


def test_a_draft_of_ones_own_is_judged_where_it_lies(bay: Bay) -> None:
    waybill_id = bay.drafted()["summary"]["id"]

    own = bay.post(PATH, {"waybill_id": waybill_id}, Role.CARRIER)
    other = bay.post(PATH, {"waybill_id": waybill_id}, Role.LOADER)

    assert answer(own, 200)["clears"] is True
    assert other.status_code == 404


def test_an_unfinished_draft_says_what_is_missing(bay: Bay) -> None:
    body = {"draft": draft_of(bay, vehicle_id=None, facility_id=None)}

    refused = bay.post(PATH, body, Role.CARRIER)

    assert problem(refused) == (
        422,
        "invalid-field",
        [("/draft/vehicle_id", "required"), ("/draft/facility_id", "required")],
    )


def test_ids_are_limited_to_what_the_account_may_read(bay: Bay) -> None:
    body = {"draft": draft_of(bay)}

    plant = bay.post(PATH, body, Role.LOADER)
    stranger = bay.post(PATH, body, "other-carrier")
    auditor = bay.post(PATH, body, Role.AUDITOR)

    hidden = ["vehicle_id", "trailer_id", "tank_id", "driver_id", "escort_id"]
    refusal = (422, "invalid-field", [(f"/draft/{n}", "unknown-reference") for n in hidden])
    assert (problem(plant), problem(stranger)) == (refusal, refusal)
    assert answer(auditor, 200)["clears"] is True


def test_goods_that_no_list_has_are_refused(bay: Bay) -> None:
    body = draft_of(bay)
    body["goods"][0]["entry_key"] = "9999"  # type: ignore[index]  # our own JSON

    assert problem(bay.post(PATH, {"draft": body}, Role.CARRIER)) == (
        422,
        "invalid-field",
        [("/draft/goods/0/entry_key", "unknown-reference")],
    )


def test_plain_facts_are_judged_with_the_figures_of_the_day(bay: Bay) -> None:
    unnamed = answer(bay.post(PATH, {"facts": given()}, Role.INSPECTOR), 200)
    edition = figures_in_force(AT.date()).name

    named = answer(bay.post(PATH, {"facts": given(figures=edition)}, Role.INSPECTOR), 200)

    assert unnamed == named


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        pytest.param({"waybill.revision": "1"}, "/facts/waybill/revision", "shape", id="type"),
        pytest.param({"goods.0.mode": "air"}, "/facts/goods/0/mode", "shape", id="closed list"),
        pytest.param(
            {"goods.0.quantity_kg": 1.5}, "/facts/goods/0/quantity_kg", "decimal", id="JSON"
        ),
        pytest.param({"tank.capacity": "1"}, "/facts/tank/capacity", "unknown-field", id="a slip"),
        pytest.param({"a/b~c": 1}, "/facts/a~1b~0c", "unknown-field", id="an odd name"),
        pytest.param(
            {"tank.capacity_l": "1E+999999"}, "/facts/tank/capacity_l", "decimal", id="endless"
        ),
        pytest.param({"tank.capacity_l": "NaN"}, "/facts/tank/capacity_l", "decimal", id="NaN"),
        pytest.param(
            {"tank.capacity_l": "0.0000001"}, "/facts/tank/capacity_l", "decimal", id="too fine"
        ),
        pytest.param(
            {"waybill.planned_loading_at": "2026-11-22T15:00:00"},
            "/facts/waybill/planned_loading_at",
            "instant",
            id="no zone",
        ),
        pytest.param(
            {"tractor.first_registered_on": "9999-12-31"},
            "/facts/tractor/first_registered_on",
            "out-of-range",
            id="the end of time",
        ),
        pytest.param(
            {"goods.0.name_zh": "x" * (MAX_CHARACTERS + 1)},
            "/facts/goods/0/name_zh",
            "length",
            id="endless text",
        ),
        pytest.param(
            {"goods.0.aliases_zh": ["x"] * (MAX_ITEMS + 1)},
            "/facts/goods/0/aliases_zh",
            "list-length",
            id="endless list",
        ),
    ],
)
def test_facts_that_cannot_be_are_refused_where_they_stand(
    bay: Bay, changes: dict[str, JsonValue], pointer: str, code: str
) -> None:
    refused = bay.post(PATH, {"facts": given(**changes)}, Role.CARRIER)

    assert problem(refused) == (422, "invalid-field", [(pointer, code)])


def test_a_missing_fact_is_named(bay: Bay) -> None:
    facts = deepcopy(given())
    del facts["waybill"]["status"]

    refused = bay.post(PATH, {"facts": facts}, Role.CARRIER)

    assert problem(refused) == (422, "invalid-field", [("/facts/waybill", "shape")])
    assert "status" in refused.get_json()["errors"][0]["message_en"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        pytest.param({}, "", "one-of", id="nothing"),
        pytest.param({"facts": {}, "draft": {}}, "", "one-of", id="two"),
        pytest.param({"facts": []}, "/facts", "not-an-object", id="no object"),
        pytest.param(
            {"facts": given(), "edition": "1999-01"}, "/edition", "unknown-reference", id="edition"
        ),
        pytest.param(
            {"facts": given(), "at": "1999-01-01T00:00:00Z"}, "/at", "out-of-range", id="year"
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(
    bay: Bay, body: dict[str, object], pointer: str, code: str
) -> None:
    assert problem(bay.post(PATH, body, Role.CARRIER))[2] == [(pointer, code)]


def test_a_day_without_a_goods_list_is_refused(bay: Bay) -> None:
    body = {"draft": draft_of(bay, planned_loading_at=None), "at": "2020-01-01T00:00:00Z"}

    assert problem(bay.post(PATH, body, Role.CARRIER))[2] == [("/at", "unknown-reference")]


@pytest.mark.parametrize("role", ASSESSORS)
def test_whoever_decides_or_watches_may_ask(bay: Bay, role: str) -> None:
    assert bay.post(PATH, {"facts": given()}, role).status_code == 200


def test_the_description_tells_every_member_of_the_facts(bay: Bay) -> None:
    schemas = bay.client.get("/api/openapi.json").get_json()["components"]["schemas"]

    named = schemas["AssessmentWish"]["properties"]["facts"]["$ref"].rpartition("/")[2]
    assert set(schemas[named]["properties"]) == set(given())
    assert set(schemas["Facts.TankFacts"]["properties"]) == set(given()["tank"])
