"""Certificates, the directory and the black list through HTTP."""

from typing import Final
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, SignIn
from tests.harness.registrations import ID_NUMBER
from tests.harness.registry_api import (
    FACILITY,
    MEASURE,
    PERSON,
    TRAILER,
    Api,
    approve,
    decide,
    events,
)
from waybill.registry.access import Role


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


class TestCertificates:
    BODY: Final = {
        "kind": "road_transport_certificate",
        "number": "淮交运字320800123456号",
        "issuer": "淮安市交通运输局",
        "valid_until": "2027-05-31",
        "scope": "危险货物运输(2类1项,3类)(剧毒化学品除外)",
    }

    def test_the_scope_is_shown_as_written_and_as_understood(self, api: Api) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        subject = {"subject_kind": "vehicle", "subject_id": vehicle["id"]}

        made = api.made(Role.CARRIER, "certificates", self.BODY | subject)

        assert made == self.BODY | subject | {
            "id": made["id"],
            "organisation_id": vehicle["organisation_id"],
            "created_at": "2026-11-22T06:05:00.000Z",
            "number": "320800123456",
            "valid_from": None,
            "categories": [],
            "provenance": "typed",
            "status": "valid",
            "status_reason": "",
            "version": 1,
            "scope_parsed": made["scope_parsed"],
        }
        permitted = [clause["permits"] for clause in made["scope_parsed"]["clauses"]]
        assert (permitted, made["scope_parsed"]["unparsed"]) == (["2类1项", "3类"], [])

    def test_it_is_corrected_and_its_history_read(self, api: Api) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        subject = {"subject_kind": "vehicle", "subject_id": vehicle["id"]}
        made = api.made(Role.CARRIER, "certificates", self.BODY | subject)
        address = f"certificates/{made['id']}"

        changed = api.call(
            Role.CARRIER, "PUT", address, self.BODY | {"issuer": "江苏省"}, If_Match='"1"'
        )

        assert changed.get_json() == made | {"issuer": "江苏省", "version": 2}
        history = api.call(Role.AUDITOR, "GET", f"{address}/history").get_json()["items"]
        assert [version["changed"] for version in history] == [["issuer"], []]

    def test_what_the_authority_suspends_is_neither_corrected_nor_stated_anew(
        self, api: Api
    ) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        subject = {"subject_kind": "vehicle", "subject_id": vehicle["id"]}
        made = api.made(Role.CARRIER, "certificates", self.BODY | subject)
        address = f"certificates/{made['id']}"

        decide(api, MEASURE | {"subject_kind": "certificate", "subject_id": made["id"]})
        suspended = api.call(Role.CARRIER, "GET", address).get_json()
        corrected = api.call(Role.CARRIER, "PUT", address, self.BODY, If_Match='"2"')
        stated_anew = api.call(Role.CARRIER, "POST", "certificates", self.BODY | subject)

        assert (suspended["status"], suspended["status_reason"]) == (
            "suspended",
            "淮交罚 2026-8 号：伪造运单",
        )
        assert (corrected.status_code, stated_anew.status_code) == (409, 409)

    def test_a_persons_number_is_masked_and_disclosed(self, api: Api, database: Session) -> None:
        person = api.made(Role.CARRIER, "people", PERSON)
        body = {
            "subject_kind": "person",
            "subject_id": person["id"],
            "kind": "driver_qualification",
            "number": ID_NUMBER,
            "issuer": "淮安市交通运输局",
            "valid_until": "2027-12-31",
            "categories": ["highly_toxic"],
        }

        made = api.made(Role.CARRIER, "certificates", body)
        shown = api.call(
            Role.CARRIER, "POST", f"certificates/{made['id']}/disclosures", {"reason": "核对"}
        )

        assert made["number"] == "320***********0105"
        assert shown.get_json()["value"] == ID_NUMBER
        assert ID_NUMBER not in str(events(database))

    def test_those_that_end_soon_are_listed(self, api: Api) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        subject = {"subject_kind": "vehicle", "subject_id": vehicle["id"]}
        made = api.made(Role.CARRIER, "certificates", self.BODY | subject)

        on_the_day = api.call(Role.CARRIER, "GET", "certificates?expires_by=2027-05-31")
        before = api.call(Role.CARRIER, "GET", "certificates?expires_by=2027-05-30")

        assert on_the_day.get_json()["items"] == [made]
        assert before.get_json()["items"] == []


class TestDirectory:
    def test_everybody_finds_a_loader_with_its_bays(self, api: Api, accounts: Accounts) -> None:
        facility = api.made(Role.SUPERVISOR, "facilities", FACILITY)
        bay = api.made(Role.SUPERVISOR, f"facilities/{facility['id']}/bays", {"name": "1 号"})

        found = api.call(Role.CONSIGNOR, "GET", "directory?role=loader").get_json()["items"]

        assert found == [
            {
                "id": str(accounts.organisations["plant"]),
                "uscc": "91320800MA1AAAAA05",
                "name": "淮安盐化有限公司",
                "roles": ["loader", "consignor", "consignee"],
                "status": "active",
                "facilities": [facility | {"bays": [bay]}],
            }
        ]

    def test_a_bay_is_renamed_and_suspended(self, api: Api) -> None:
        facility = api.made(Role.SUPERVISOR, "facilities", FACILITY)
        bay = api.made(Role.SUPERVISOR, f"facilities/{facility['id']}/bays", {"name": "1 号"})
        address = f"bays/{bay['id']}"

        renamed = api.call(
            Role.SUPERVISOR, "PUT", address, {"name": "2 号"}, If_Match='"1"'
        ).get_json()
        api.call(
            Role.SUPERVISOR,
            "PUT",
            f"{address}/status",
            {"status": "retired", "reason": "拆除"},
            If_Match='"2"',
        )

        assert renamed == bay | {"name": "2 号", "version": 2}
        assert api.call(Role.LOADER, "GET", address).get_json()["status"] == "retired"
        loaders = api.call(Role.CARRIER, "GET", "directory?role=loader").get_json()["items"]
        assert loaders[0]["facilities"][0]["bays"] == []
        history = api.call(Role.SUPERVISOR, "GET", f"{address}/history").get_json()["items"]
        assert [version["changed"] for version in history] == [["status"], ["name"], []]

    def test_an_organisation_in_full_is_its_own(self, api: Api, accounts: Accounts) -> None:
        plant = f"organisations/{accounts.organisations['plant']}"

        assert api.call(Role.CONSIGNEE, "GET", plant).status_code == 200
        assert api.call(Role.CARRIER, "GET", plant).status_code == 404
        assert api.call(Role.AUDITOR, "GET", plant).status_code == 200


class TestBlackList:
    BODY: Final = MEASURE | {"kind": "black-listing", "subject_kind": "organisation"}

    def test_an_entry_is_made_found_and_lifted(
        self, api: Api, database: Session, accounts: Accounts
    ) -> None:
        carrier = str(accounts.organisations["carrier"])
        measure = decide(api, self.BODY | {"subject_id": carrier, "valid_until": "2027-11-21"})

        listed = api.call(Role.AUDITOR, "GET", "black-list?in_force_on=2027-11-21").get_json()
        lifting = api.call(
            Role.AUDITOR,
            "POST",
            f"measures/{measure['id']}/lifting",
            {"reason": "复议"},
            If_Match=f'"{measure["version"]}"',
        )
        approve(api, lifting.get_json()["measure"])

        made = listed["items"][0]
        assert made == {
            "subject_kind": "organisation",
            "subject_id": carrier,
            "decision_number": "淮交罚 2026-8 号",
            "reason": "伪造运单",
            "valid_from": "2026-11-22",
            "valid_until": "2027-11-21",
            "id": made["id"],
            "recorded_at": "2026-11-22T06:05:00.000Z",
            "lifted_at": None,
        }
        lifted = api.call(Role.AUDITOR, "GET", f"black-list/{made['id']}").get_json()
        assert lifted == made | {"lifted_at": "2026-11-22T06:05:00.000Z"}
        later = api.call(Role.AUDITOR, "GET", "black-list?in_force_on=2026-12-01")
        assert later.get_json()["items"] == []
        assert [event["kind"] for event in events(database)] == [
            "measure-proposed",
            "black-listed",
            "measure-approved",
            "measure-lifting-proposed",
            "black-listing-lifted",
            "measure-approved",
        ]

    def test_what_is_not_there_is_not_found(self, api: Api) -> None:
        assert api.call(Role.AUDITOR, "GET", f"black-list/{UUID(int=5)}").status_code == 404

    def test_entries_are_found_by_subject_and_by_day(self, api: Api, accounts: Accounts) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)["id"]
        about = {"subject_kind": "vehicle", "subject_id": vehicle, "valid_from": "2026-11-23"}
        decide(api, self.BODY | about)

        def found(query: str) -> list[str]:
            items = api.call(Role.AUDITOR, "GET", f"black-list?{query}").get_json()["items"]
            return [item["subject_id"] for item in items]

        assert found(f"subject={vehicle}") == [vehicle]
        assert found(f"subject={accounts.organisations['carrier']}") == []
        assert found("in_force_on=2026-11-23") == [vehicle]
        assert found("in_force_on=2026-11-22") == []
