"""Cases, requests for correction and public reports through HTTP, as the description says."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from api.runtime import EXTENSION, Runtime
from tests.api.test_registry_answers import Described
from tests.harness.accounts import (
    OTHER_CARRIER,
    Accounts,
    SignIn,
    access_token,
    seed_accounts,
)
from tests.harness.races import race
from tests.harness.registry_api import Api, events
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.storage.session import write_session

OPENING = {"matter": "papers", "text": "道路运输证不清"}
REPORT = {
    "matter": "leak",
    "text": "罐车尾部滴漏",
    "place": "G2 淮安服务区",
    "seen_at": "2026-11-22T05:30:00Z",
    "plate": "苏H12345",
    "contact": "13905170000",
}


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


@pytest.fixture
def case(api: Api, accounts: Accounts) -> dict[str, Any]:
    """A case about the carrier."""
    about = {"about_kind": "organisation", "about_id": str(accounts.organisations["carrier"])}
    found: dict[str, Any] = api.made(Role.AUDITOR, "cases", OPENING | about)["case"]
    return found


def asking(accounts: Accounts) -> dict[str, str]:
    carrier = str(accounts.organisations["carrier"])
    return {"organisation_id": carrier, "text": "请补交", "due_on": "2026-12-01"}


def test_everything_that_is_done_with_a_case_is_as_described(
    client: FlaskClient, sign_in: SignIn, app: Flask, accounts: Accounts
) -> None:
    api = Described(client, sign_in, app)
    about = {"about_kind": "organisation", "about_id": str(accounts.organisations["carrier"])}
    made = api.call(Role.AUDITOR, "POST", "cases", OPENING | about)["case"]
    address = f"cases/{made['id']}"

    def act(method: str, what: str, body: object = None) -> dict[str, Any]:
        version = api.call(Role.AUDITOR, "GET", address)["case"]["version"]
        return api.call(Role.AUDITOR, method, f"{address}/{what}", body, version=version)

    api.call(Role.AUDITOR, "POST", f"{address}/comments", {"text": "第一行\n第二行"})
    act("PUT", "assignment", {"user_id": str(accounts.users["auditor"].id)})
    act("PUT", "deadline", {"due_on": "2026-12-10"})
    act("POST", "requests", asking(accounts))
    act("POST", "requests/withdrawal")
    act("POST", "requests", asking(accounts))
    asked = api.call(Role.CARRIER, "GET", "corrections?unanswered=true")["items"][0]
    api.call(Role.CARRIER, "GET", f"corrections/{asked['id']}")
    answer = {"text": "已补交"}
    api.call(Role.CARRIER, "POST", f"corrections/{asked['id']}/answer", answer, version=1)
    act("POST", "requests/acceptance")
    act("POST", "decision", {"outcome": "corrected", "text": "已更正"})
    act("POST", "closing")
    act("POST", "reopening", {"reason": "复查"})
    listed = api.call(Role.AUDITOR, "GET", "cases?overdue=false&limit=1")["items"]

    assert [item["status"] for item in listed] == ["open"]
    notes = api.call(Role.AUDITOR, "GET", address)["notes"]
    assert [note["act"] for note in notes] == [
        "open",
        "comment",
        "assign",
        "set-deadline",
        "ask",
        "withdraw-request",
        "ask",
        "answer",
        "accept-answer",
        "decide",
        "close",
        "reopen",
    ]


def test_a_repeat_with_the_same_key_opens_one_case(api: Api) -> None:
    again = partial(
        api.call, Role.AUDITOR, "POST", "cases", OPENING, Idempotency_Key="open-one-case"
    )

    first, second = again(), again()

    assert second.get_data() == first.get_data()
    assert len(api.call(Role.AUDITOR, "GET", "cases").get_json()["items"]) == 1


def test_a_change_says_which_version_it_saw(
    api: Api, case: dict[str, Any], accounts: Accounts
) -> None:
    address = f"cases/{case['id']}/requests"

    unsaid = api.call(Role.AUDITOR, "POST", address, asking(accounts))
    older = api.call(Role.AUDITOR, "POST", address, asking(accounts), If_Match='"9"')

    assert (unsaid.status_code, older.status_code) == (428, 412)


def test_a_carrier_answers_its_own_request_alone(
    api: Api, case: dict[str, Any], accounts: Accounts, database: Session
) -> None:
    version = f'"{case["version"]}"'
    address = f"cases/{case['id']}/requests"
    api.call(Role.AUDITOR, "POST", address, asking(accounts), If_Match=version)
    asked = api.call(Role.CARRIER, "GET", "corrections").get_json()["items"][0]
    own, body = f"corrections/{asked['id']}", {"text": "已补交"}

    foreign = api.call(OTHER_CARRIER, "POST", f"{own}/answer", body, If_Match='"1"')
    seen = api.call(OTHER_CARRIER, "GET", own)
    of_case = api.call(Role.CARRIER, "GET", f"cases/{case['id']}")
    answered = api.call(Role.CARRIER, "POST", f"{own}/answer", body, If_Match='"1"')

    assert (foreign.status_code, seen.status_code, of_case.status_code) == (404, 404, 403)
    assert (answered.status_code, answered.get_json()["status"]) == (200, "answered")
    told = events(database)[-1]
    assert (told["kind"], told["actor"]["role"]) == ("correction-answered", "carrier")
    assert "已补交" not in str(told)


def test_a_subject_needs_kind_and_id(api: Api) -> None:
    refused = api.call(Role.AUDITOR, "POST", "cases", OPENING | {"about_kind": "vehicle"})

    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/about_id")


def test_of_an_answer_and_a_withdrawal_at_once_one_counts(
    served_app: Flask, clock: FixedClock
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
        tokens = {
            name: access_token(session, user, settings=runtime.settings, now=clock.now())
            for name, user in accounts.users.items()
        }

    def somebody() -> Api:
        return Api(
            served_app.test_client(), lambda name: {"Authorization": f"Bearer {tokens[str(name)]}"}
        )

    api = somebody()
    case = api.made(Role.AUDITOR, "cases", OPENING)["case"]
    address = f"cases/{case['id']}"
    asked = api.call(
        Role.AUDITOR, "POST", f"{address}/requests", asking(accounts), If_Match='"1"'
    ).get_json()
    request_id = asked["requests"][0]["id"]
    version = f'"{asked["case"]["version"]}"'

    def answer() -> int:
        path = f"corrections/{request_id}/answer"
        sent = somebody().call(Role.CARRIER, "POST", path, {"text": "已补交"}, If_Match='"1"')
        return sent.status_code

    def withdraw() -> int:
        path = f"{address}/requests/withdrawal"
        return somebody().call(Role.AUDITOR, "POST", path, If_Match=version).status_code

    answers = race([answer, withdraw])

    status = api.call(Role.AUDITOR, "GET", address).get_json()["case"]["status"]
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409, 412}
    assert status == ("answered" if answers[0] == 200 else "open")


class TestPublicReports:
    def test_anybody_reports_and_gets_a_number_and_nothing_more(
        self, api: Api, client: FlaskClient
    ) -> None:
        sent = client.post("/api/v1/public-reports", json=REPORT)

        assert (sent.status_code, sent.get_json()) == (201, {"number": "C-2026-000001"})
        case = api.call(Role.AUDITOR, "GET", "cases?source=public").get_json()["items"][0]
        shown = api.call(Role.AUDITOR, "GET", f"cases/{case['id']}").get_json()
        assert (shown["place"], shown["contact_given"]) == ("G2 淮安服务区", True)
        assert "13905170000" not in str(shown)

    def test_one_address_sends_five_in_a_quarter_of_an_hour(self, client: FlaskClient) -> None:
        send = partial(client.post, "/api/v1/public-reports", json=REPORT)

        answers = [send() for _ in range(6)]
        elsewhere = send(environ_base={"REMOTE_ADDR": "192.0.2.7"})

        assert [a.status_code for a in answers] == [201] * 5 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert elsewhere.status_code == 201

    def test_what_was_refused_is_not_counted(self, client: FlaskClient) -> None:
        wrong = REPORT | {"plate": "not a plate"}

        answers = [client.post("/api/v1/public-reports", json=wrong) for _ in range(6)]

        assert {a.status_code for a in answers} == {422}
