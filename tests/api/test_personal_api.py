"""Personal values over HTTP: disclosure with its salt, requests to erase, retention's reports."""

import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.pages.personal import recompute_command
from api.runtime import Runtime
from tests.harness.accounts import SignIn
from tests.harness.bay import Bay
from tests.harness.line import Line
from tests.harness.personal import VALUES, name_driver, retire_driver
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.registry.personal import DisclosedValue
from waybill.services.personal.retention import run_retention
from waybill.storage.session import write_session
from waybill.storage.waybills import WaybillRevisionRow

API = "/api/v1/personal"


@pytest.fixture
def refs(runtime: Runtime, line: Line, clock: FixedClock) -> dict[str, str]:
    """The commitments to the driver's values."""
    with write_session(runtime.sessions) as session:
        return name_driver(session, line.yard, runtime.vault, clock)


@pytest.fixture
def request_id(runtime: Runtime, bay: Bay, clock: FixedClock, refs: dict[str, str]) -> str:
    """The carrier's request to erase its retired driver, who has an issued waybill."""
    assert refs
    with write_session(runtime.sessions) as session:
        bay.line.issued(session)
        retire_driver(session, bay.line.yard, runtime.vault, clock)
    answer = bay.client.post(
        f"{API}/erasure-requests",
        json={"person_id": str(bay.line.yard.driver_id), "reason": "本人书面申请"},
        headers=bay.sign_in(Role.CARRIER) | {"Idempotency-Key": "asked-once"},
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    made: str = answer.get_json()["id"]
    return made


def test_a_person_is_told_all_that_is_held_and_who_looked(
    bay: Bay, runtime: Runtime, refs: dict[str, str]
) -> None:
    with write_session(runtime.sessions) as session:
        bay.line.issued(session)
    wanted = {"person_id": str(bay.line.yard.driver_id), "reason": "本人申请查阅"}

    def asked(role: Role | str) -> TestResponse:
        path = f"{API}/access-reports"
        return bay.client.post(path, json=wanted, headers=bay.sign_in(role))

    first, second = asked(Role.CARRIER).get_json(), asked(Role.CARRIER).get_json()

    told = {value["field"]: value["value"] for value in first["values"]}
    assert {each["commitment"] for each in first["values"]} == set(refs.values())
    assert told == VALUES
    assert [each["named_as"] for each in first["waybills"]] == ["driver"]
    assert (first["looks"], first["complete"]) == ([], True)
    assert [(look["role"], look["reason"]) for look in second["looks"]] == [
        ("carrier", "本人申请查阅")
    ] * 3
    assert (asked("other-carrier").status_code, asked(Role.LOADER).status_code) == (404, 403)


def test_what_is_restricted_is_told_without_its_value(bay: Bay, request_id: str) -> None:
    decided = bay.client.post(
        f"{API}/erasure-requests/{request_id}/decision",
        json={"approved": True, "reason": "属实"},
        headers=bay.sign_in(Role.SENIOR_AUDITOR),
    )
    assert decided.status_code == 200

    told = bay.client.post(
        f"{API}/access-reports",
        json={"person_id": str(bay.line.yard.driver_id), "reason": "本人申请查阅"},
        headers=bay.sign_in(Role.CARRIER),
    ).get_json()["values"]

    assert {(value["state"], value["value"]) for value in told} == {("restricted", None)}


def test_what_is_disclosed_hashes_to_what_was_signed(
    bay: Bay, runtime: Runtime, refs: dict[str, str], database: Session
) -> None:
    with write_session(runtime.sessions) as session:
        issued = bay.line.issued(session)

    answer = bay.client.post(
        f"{API}/disclosures",
        json={"commitment": refs["name"], "reason": "核对运单"},
        headers=bay.sign_in(Role.SENIOR_AUDITOR),
    )

    said = answer.get_json()
    assert (answer.status_code, said["field"], said["value"]) == (201, "name", "张建国")
    salted = bytes.fromhex(said["salt"]) + said["field"].encode() + b"\x00"
    printed = subprocess.run(
        ["/usr/bin/sha256sum"],
        input=salted + said["value"].encode(),
        capture_output=True,
        check=True,
    ).stdout.split()[0]
    document = database.get_one(WaybillRevisionRow, (issued.id, 1)).document
    assert printed.decode() == refs["name"]
    assert b'"name":"' + printed in document


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
def test_the_command_on_the_page_prints_the_commitment(
    runtime: Runtime, clock: FixedClock, shell: str
) -> None:
    value = "欧'阳 $HOME \\101"
    with write_session(runtime.sessions) as session:
        commitment = runtime.vault.protect(session, "name", value, clock.now())
        salt, _ = runtime.vault.open(session, (commitment,))[commitment]
    if not Path(shell).exists():
        pytest.skip("this shell is not installed")
    shown = DisclosedValue(
        commitment=commitment,
        field="name",
        salt=salt.hex(),
        value=value,
        event_id=UUID(int=1),
    )

    printed = subprocess.run(
        [shell, "-c", recompute_command(shown)], capture_output=True, check=True
    ).stdout

    assert printed.split()[0].decode() == commitment


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.CARRIER, 201, id="its own carrier"),
        pytest.param("other-carrier", 404, id="another carrier"),
        pytest.param(Role.AUDITOR, 403, id="an auditor"),
    ],
)
def test_who_is_entitled(
    client: FlaskClient, sign_in: SignIn, refs: dict[str, str], role: Role | str, status: int
) -> None:
    answer = client.post(
        f"{API}/disclosures",
        json={"commitment": refs["phone"], "reason": "查"},
        headers=sign_in(role),
    )

    assert answer.status_code == status


def test_a_request_is_decided_by_another_and_leaves_a_restriction(
    client: FlaskClient, sign_in: SignIn, refs: dict[str, str], request_id: str
) -> None:
    listed = client.get(
        f"{API}/erasure-requests?status=open", headers=sign_in(Role.SENIOR_AUDITOR)
    ).get_json()["items"]
    decided = client.post(
        f"{API}/erasure-requests/{request_id}/decision",
        json={"approved": True, "reason": "已核实身份"},
        headers=sign_in(Role.SENIOR_AUDITOR),
    )

    said = decided.get_json()
    assert [item["id"] for item in listed] == [request_id]
    assert (decided.status_code, said["request"]["status"]) == (200, "approved")
    assert said["outcome"]["erased"] == []
    assert {held["commitment"] for held in said["outcome"]["restricted"]} == set(refs.values())
    assert {(h["until"], h["period"]) for h in said["outcome"]["restricted"]} == {
        ("2027-11-25", "waybill")
    }
    shown = client.get(
        f"{API}/erasure-requests/{request_id}", headers=sign_in(Role.CARRIER)
    ).get_json()
    assert shown == said["request"]


def test_a_restricted_value_needs_its_legal_purpose(
    client: FlaskClient, sign_in: SignIn, refs: dict[str, str], request_id: str
) -> None:
    client.post(
        f"{API}/erasure-requests/{request_id}/decision",
        json={"approved": True, "reason": "已核实身份"},
        headers=sign_in(Role.ADMIN),
    )
    wanted = {"commitment": refs["phone"], "reason": "事故联系"}

    answers = [
        client.post(f"{API}/disclosures", json=wanted | more, headers=sign_in(role))
        for role, more in (
            (Role.CARRIER, {}),
            (Role.SENIOR_AUDITOR, {}),
            (Role.SENIOR_AUDITOR, {"purpose": "accident"}),
        )
    ]

    assert [answer.status_code for answer in answers] == [403, 422, 201]
    assert answers[1].get_json()["errors"][0]["pointer"] == "/purpose"
    assert answers[2].get_json()["value"] == "13905171234"


def test_retention_is_reported(
    client: FlaskClient,
    sign_in: SignIn,
    runtime: Runtime,
    clock: FixedClock,
    refs: dict[str, str],
) -> None:
    with write_session(runtime.sessions) as session:
        run = run_retention(session, now=clock.now())
    auditor = sign_in(Role.AUDITOR)

    runs = client.get(f"{API}/retention-runs", headers=auditor).get_json()["items"]
    preview = client.get(f"{API}/retention-preview", headers=auditor).get_json()
    periods = client.get(f"{API}/retention-periods", headers=auditor).get_json()

    assert len(refs) == 3
    assert [(item["id"], item["report"]) for item in runs] == [(str(run.id), preview)]
    assert preview == {"erased": {}, "kept": {}, "in_use": 3, "restricted": 0, "unattached": 0}
    assert {(p["code"], p["least_months"], p["confirmed"]) for p in periods} == {
        ("waybill", 12, True),
        ("loading-record", 12, False),
        ("hazardous-waste", 120, False),
        ("case", 0, False),
        ("photo", 12, False),
        ("register", 0, False),
    }
