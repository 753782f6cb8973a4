"""Measures through HTTP: two people, once each, and what of them everybody may read."""

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from api.runtime import EXTENSION, Runtime
from tests.api.test_registry_answers import Described
from tests.harness.accounts import OTHER_SENIOR, Accounts, SignIn, access_token, seed_accounts
from tests.harness.races import race
from tests.harness.registry_api import MEASURE, TRAILER, Api, approve, decide, pointers
from waybill.clock import FixedClock
from waybill.registry.access import (
    DEPARTMENT_PERMISSIONS,
    ROLE_PERMISSIONS,
    Department,
    Permission,
    Role,
)
from waybill.storage.log import EventRow
from waybill.storage.session import read_session, write_session


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


@pytest.fixture
def proposal(api: Api) -> dict[str, object]:
    """A suspension of a trailer, as it is proposed."""
    vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
    return MEASURE | {"subject_kind": "vehicle", "subject_id": vehicle["id"]}


def test_a_proposal_says_who_has_to_agree_and_nothing_happens(
    api: Api, proposal: dict[str, object]
) -> None:
    made = api.made(Role.AUDITOR, "measures", proposal)

    measure = made["measure"]
    assert (measure["status"], measure["in_effect"], measure["proposed_by"]) == (
        "proposed",
        False,
        "auditor",
    )
    assert [step["act"] for step in made["steps"]] == ["propose"]
    assert made["measure"]["subject_name"] == "苏H1234挂"


def test_it_acts_once_another_has_approved(api: Api, proposal: dict[str, object]) -> None:
    approved = decide(api, proposal)

    vehicle = api.call(Role.CARRIER, "GET", f"vehicles/{proposal['subject_id']}").get_json()
    assert (approved["status"], approved["in_effect"]) == ("approved", True)
    assert vehicle["status"] == "suspended"
    resumed = api.call(
        Role.CARRIER,
        "PUT",
        f"vehicles/{vehicle['id']}/status",
        {"status": "active", "reason": "已检修"},
        If_Match=f'"{vehicle["version"]}"',
    )
    assert (resumed.status_code, resumed.get_json()["state"]) == (409, "suspended-by-authority")


def test_ones_own_proposal_is_not_approved(api: Api, proposal: dict[str, object]) -> None:
    made = api.made(Role.SENIOR_AUDITOR, "measures", proposal)["measure"]

    refused = api.call(
        Role.SENIOR_AUDITOR,
        "POST",
        f"measures/{made['id']}/approval",
        {"reason": "同意"},
        If_Match=f'"{made["version"]}"',
    )

    assert refused.status_code == 403
    assert "另一名高级审计员" in refused.get_json()["next_step_zh"]


def test_a_repeat_of_an_approval_gets_the_first_answer(
    api: Api, proposal: dict[str, object]
) -> None:
    made = api.made(Role.AUDITOR, "measures", proposal)["measure"]
    again = partial(
        api.call,
        Role.SENIOR_AUDITOR,
        "POST",
        f"measures/{made['id']}/approval",
        {"reason": "属实"},
        If_Match=f'"{made["version"]}"',
        Idempotency_Key="approve-once",
    )

    first, second = again(), again()

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.get_data() == first.get_data()
    assert second.headers["Idempotency-Replayed"] == "true"


def test_what_cannot_be_proposed_names_its_fields(api: Api, proposal: dict[str, object]) -> None:
    wrong = proposal | {"valid_until": "2026-11-21", "published": True}

    refused = api.call(Role.AUDITOR, "POST", "measures", wrong)

    assert (refused.status_code, set(pointers(refused))) == (422, {"/valid_until", "/published"})


def test_only_a_senior_auditor_suspends_at_once(api: Api, proposal: dict[str, object]) -> None:
    urgent = proposal | {"at_once": True}

    refused = api.call(Role.AUDITOR, "POST", "measures", urgent)
    made = api.made(Role.SENIOR_AUDITOR, "measures", urgent)["measure"]

    assert refused.status_code == 403
    assert (made["status"], made["interim_until"]) == ("interim", "2026-11-25T06:05:00.000Z")


def test_everybody_reads_what_is_published_and_no_more(
    api: Api, client: FlaskClient, accounts: Accounts, proposal: dict[str, object]
) -> None:
    carrier = str(accounts.organisations["carrier"])
    listing = MEASURE | {"kind": "black-listing"}
    decide(
        api, listing | {"subject_kind": "organisation", "subject_id": carrier, "published": True}
    )
    decide(api, listing | {"subject_kind": "vehicle", "subject_id": proposal["subject_id"]})

    read = client.get("/api/v1/black-list/published").get_json()

    assert read["read_at"] == "2026-11-22T06:05:00.000Z"
    assert [(item["name"], item["uscc"]) for item in read["items"]] == [
        ("淮安危货运输有限公司", "91320800MA1BBBBB0D")
    ]


def test_measures_are_as_described(
    client: FlaskClient, sign_in: SignIn, app: Flask, proposal: dict[str, object]
) -> None:
    api = Described(client, sign_in, app)
    made = api.call(Role.AUDITOR, "POST", "measures", proposal)["measure"]
    address = f"measures/{made['id']}"

    def act(who: Role, what: str, body: object) -> None:
        version = api.call(who, "GET", address)["measure"]["version"]
        api.call(who, "POST", f"{address}/{what}", body, version=version)

    act(Role.SENIOR_AUDITOR, "approval", {"reason": "属实"})
    act(Role.AUDITOR, "appeal", {"text": "请复核"})
    act(Role.SENIOR_AUDITOR, "appeal/answer", {"outcome": "upheld", "text": "证据不足"})
    act(Role.AUDITOR, "lifting", {"reason": "申诉成立"})
    act(Role.AUDITOR, "withdrawal", {"reason": "误提"})
    act(Role.AUDITOR, "lifting", {"reason": "申诉成立"})
    act(Role.SENIOR_AUDITOR, "refusal", {"reason": "待查"})
    api.call(Role.AUDITOR, "GET", "measures?waiting=false&limit=1")
    api.call(Role.AUDITOR, "GET", "black-list/published")
    steps = api.call(Role.AUDITOR, "GET", address)["steps"]

    assert [step["act"] for step in steps] == [
        "propose",
        "approve",
        "receive-appeal",
        "answer-appeal",
        "propose-lifting",
        "withdraw",
        "propose-lifting",
        "refuse",
    ]


def test_of_two_who_approve_at_once_one_does(served_app: Flask, clock: FixedClock) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
        tokens = {
            name: access_token(session, user, settings=runtime.settings, now=clock.now())
            for name, user in accounts.users.items()
        }

    def sign_in(name: Role | str) -> dict[str, str]:
        return {"Authorization": f"Bearer {tokens[str(name)]}"}

    api = Api(served_app.test_client(), sign_in)
    carrier = str(accounts.organisations["carrier"])
    about = {"kind": "black-listing", "subject_kind": "organisation", "subject_id": carrier}
    made = api.made(Role.AUDITOR, "measures", MEASURE | about)["measure"]

    def approval(who: str) -> int:
        own = Api(served_app.test_client(), sign_in)
        return own.call(
            who,
            "POST",
            f"measures/{made['id']}/approval",
            {"reason": "属实"},
            If_Match=f'"{made["version"]}"',
        ).status_code

    answers = race([partial(approval, who) for who in (Role.SENIOR_AUDITOR, OTHER_SENIOR)])

    assert sorted(answers) == [200, 412]
    with read_session(runtime.sessions) as session:
        told = session.scalar(
            select(func.count()).where(EventRow.kind.in_(["black-listed", "measure-approved"]))
        )
    assert told == 2


def test_of_two_suspensions_proposed_at_once_one_is(served_app: Flask, clock: FixedClock) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
        tokens = {
            name: access_token(session, user, settings=runtime.settings, now=clock.now())
            for name, user in accounts.users.items()
        }
    body = MEASURE | {
        "subject_kind": "organisation",
        "subject_id": str(accounts.organisations["carrier"]),
    }

    def propose(who: str) -> int:
        own = Api(
            served_app.test_client(), lambda name: {"Authorization": f"Bearer {tokens[str(name)]}"}
        )
        return own.call(who, "POST", "measures", body).status_code

    answers = race([partial(propose, who) for who in (Role.AUDITOR, Role.SENIOR_AUDITOR)])

    assert sorted(answers) == [201, 409]


class TestDuties:
    def test_only_senior_auditors_approve(self) -> None:
        approving = {r for r, may in ROLE_PERMISSIONS.items() if Permission.APPROVE_MEASURE in may}

        assert approving == {Role.SENIOR_AUDITOR}

    def test_both_auditors_propose_and_work_on_cases(self) -> None:
        for needed in (Permission.PROPOSE_MEASURE, Permission.WRITE_CASES):
            may = {role for role, found in ROLE_PERMISSIONS.items() if needed in found}
            assert may == {Role.AUDITOR, Role.SENIOR_AUDITOR}

    def test_every_department_is_foreseen_and_only_reads(self) -> None:
        assert set(DEPARTMENT_PERMISSIONS) == set(Department)
        own = {
            Permission.MANAGE_OWN_KEYS,
            Permission.READ_OWN_ACCOUNT,
            Permission.WRITE_OWN_ACCOUNT,
            Permission.VERIFY_CODE,
        }
        writing = {
            (department, permission)
            for department, may in DEPARTMENT_PERMISSIONS.items()
            for permission in may - own
            if not permission.value.endswith(":read")
        }
        assert writing == set()

    def test_no_account_can_be_a_departments(self, api: Api, accounts: Accounts) -> None:
        body = {
            "username": "police-1",
            "password": "long enough 1",
            "role": Department.POLICE.value,
            "organisation_id": str(accounts.organisations["authority"]),
        }

        assert api.call(Role.ADMIN, "POST", "users", body).status_code == 422


def test_a_lifting_needs_the_other_eyes_too(api: Api, proposal: dict[str, object]) -> None:
    measure = decide(api, proposal)
    lifting = api.call(
        Role.AUDITOR,
        "POST",
        f"measures/{measure['id']}/lifting",
        {"reason": "已整改"},
        If_Match=f'"{measure["version"]}"',
    ).get_json()["measure"]
    before = api.call(Role.CARRIER, "GET", f"vehicles/{proposal['subject_id']}").get_json()

    lifted = approve(api, lifting)

    after = api.call(Role.CARRIER, "GET", f"vehicles/{proposal['subject_id']}").get_json()
    assert (before["status"], after["status"]) == ("suspended", "active")
    assert (lifted["status"], lifted["lifted_by"]) == ("lifted", "senior-auditor")
