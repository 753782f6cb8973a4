"""The registry through HTTP: each resource made, read, changed, suspended and kept apart."""

from typing import Any, Final
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.accounts import OTHER_CARRIER, Accounts, SignIn
from tests.harness.registrations import FREE_USCC, ID_NUMBER, VIN
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.storage.log import EventRow

TRACTOR: Final = {
    "plate": "苏H·12345",
    "plate_colour": "yellow",
    "kind": "tractor",
    "approval": "FL",
    "vin": VIN,
    "first_registered_on": "2022-05-01",
    "tare_kg": "8800",
    "max_trailer_mass_kg": "40000",
}
TRAILER: Final = TRACTOR | {
    "plate": "苏H1234挂",
    "kind": "trailer",
    "rated_load_kg": "28500.5",
    "max_trailer_mass_kg": None,
}
TANK: Final = {
    "number": "t-2022-0001",
    "kind": "atmospheric_tank",
    "capacity_l": "45000",
    "tank_code": "LGBF",
    "compartments": [
        {"number": 1, "capacity_l": "20000", "largest_section_l": "7500"},
        {"number": 2, "capacity_l": "25000"},
    ],
    "approved_substances": [
        {"un_number": "1203", "packing_groups": ["II"]},
        {"un_number": "1202", "compartment": 2},
    ],
}
PERSON: Final = {
    "name": "张建国",
    "id_number": ID_NUMBER,
    "roles": ["driver", "escort"],
    "phone": "13905171234",
}
SUPERVISOR: Final = PERSON | {"roles": ["loading_supervisor"]}
FACILITY: Final = {"name": "罐区一", "area_code": "320812", "address": "化工路 8 号"}
ORGANISATION: Final = {
    "uscc": FREE_USCC,
    "name": "淮安新港化工有限公司",
    "roles": ["consignor"],
}
RESOURCES: Final[dict[str, tuple[Role, dict[str, Any]]]] = {
    "vehicles": (Role.CARRIER, TRAILER),
    "tanks": (Role.CARRIER, TANK),
    "people": (Role.CARRIER, PERSON),
    "facilities": (Role.SUPERVISOR, FACILITY),
    "organisations": (Role.ADMIN, ORGANISATION),
}


class Api:
    """Calls the API in an account's name; `made` asserts that something was made."""

    def __init__(self, client: FlaskClient, sign_in: SignIn) -> None:
        self.client, self.sign_in = client, sign_in

    def call(
        self, who: Role | str, method: str, path: str, body: object = None, **headers: str
    ) -> TestResponse:
        sent = self.sign_in(who) | {name.replace("_", "-"): text for name, text in headers.items()}
        options: dict[str, Any] = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1/{path}", method=method, headers=sent, **options)

    def made(self, who: Role | str, path: str, body: object) -> dict[str, Any]:
        answer = self.call(who, "POST", path, body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


def events(database: Session) -> list[dict[str, Any]]:
    bodies = database.scalars(select(EventRow.body).order_by(EventRow.id))
    found: list[Any] = [parse_json(body) for body in bodies]
    return [body for body in found if body["kind"] != "signed-in"]


def pointers(answer: TestResponse) -> list[str]:
    return [error["pointer"] for error in answer.get_json()["errors"]]


class TestEveryRecord:
    """What holds for each kind of record alike."""

    @pytest.mark.parametrize("path", RESOURCES)
    def test_it_is_answered_as_it_is_read_again(self, api: Api, path: str) -> None:
        who, body = RESOURCES[path]

        made = api.call(who, "POST", path, body)

        assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
        read = api.call(who, "GET", f"{path}/{made.get_json()['id']}")
        assert (read.get_json(), read.headers["ETag"]) == (made.get_json(), '"1"')

    @pytest.mark.parametrize("path", RESOURCES)
    def test_it_is_listed(self, api: Api, path: str) -> None:
        who, body = RESOURCES[path]
        made = api.made(who, path, body)

        listed = api.call(who, "GET", path)

        assert listed.get_json()["items"][-1] == made
        assert listed.get_json()["next_cursor"] is None

    @pytest.mark.parametrize("path", RESOURCES)
    def test_it_is_suspended_and_resumed_with_a_reason(self, api: Api, path: str) -> None:
        who, body = RESOURCES[path]
        address = f"{path}/{api.made(who, path, body)['id']}"

        suspended = api.call(
            who,
            "PUT",
            f"{address}/status",
            {"status": "suspended", "reason": "检修"},
            If_Match='"1"',
        )
        resumed = api.call(
            who, "PUT", f"{address}/status", {"status": "active", "reason": "已修"}, If_Match='"2"'
        )

        assert (suspended.get_json()["status"], suspended.headers["ETag"]) == ("suspended", '"2"')
        assert (resumed.get_json()["status"], resumed.headers["ETag"]) == ("active", '"3"')
        history = api.call(who, "GET", f"{address}/history").get_json()["items"]
        assert [(v["version"], v["changed"]) for v in history] == [
            (3, ["status"]),
            (2, ["status"]),
            (1, []),
        ]

    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("vehicles", {"rated_load_kg": "28000"}),
            ("tanks", {"tare_kg": "2100"}),
            ("facilities", {"address": "化工路 9 号"}),
            ("organisations", {"phone": "4008001234"}),
        ],
    )
    def test_a_change_replaces_the_whole(self, api: Api, path: str, change: dict[str, str]) -> None:
        who, body = RESOURCES[path]
        made = api.made(who, path, body)

        changed = api.call(who, "PUT", f"{path}/{made['id']}", body | change, If_Match='"1"')

        assert changed.get_json() == made | change | {"version": 2}
        assert changed.headers["ETag"] == '"2"'

    @pytest.mark.parametrize("path", RESOURCES)
    def test_a_change_needs_the_version_that_was_seen(self, api: Api, path: str) -> None:
        who, body = RESOURCES[path]
        address = f"{path}/{api.made(who, path, body)['id']}/status"
        change = {"status": "suspended", "reason": "检修"}

        without = api.call(who, "PUT", address, change)
        first = api.call(who, "PUT", address, change, If_Match='"1"')
        second = api.call(who, "PUT", address, change, If_Match='"1"')

        assert (without.status_code, first.status_code, second.status_code) == (428, 200, 412)
        assert second.get_json()["current_version"] == 2
        assert second.get_json()["changed"] == ["status"]

    @pytest.mark.parametrize("path", ["vehicles", "tanks", "people"])
    def test_another_carriers_is_not_there(self, api: Api, path: str) -> None:
        who, body = RESOURCES[path]
        address = f"{path}/{api.made(who, path, body)['id']}"
        change = {"status": "suspended", "reason": "x"}

        answers = [
            api.call(OTHER_CARRIER, "GET", address),
            api.call(OTHER_CARRIER, "GET", f"{address}/history"),
            api.call(OTHER_CARRIER, "PUT", f"{address}/status", change, If_Match='"1"'),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert api.call(OTHER_CARRIER, "GET", path).get_json()["items"] == []
        assert api.call(Role.AUDITOR, "GET", address).status_code == 200

    @pytest.mark.parametrize("path", RESOURCES)
    def test_the_same_again_is_a_duplicate(self, api: Api, database: Session, path: str) -> None:
        who, body = RESOURCES[path]
        api.made(who, path, body)
        before = len(events(database))

        again = api.call(who, "POST", path, body)

        assert (again.status_code, again.get_json()["code"]) == (409, "duplicate")
        assert len(events(database)) == before

    @pytest.mark.parametrize("path", RESOURCES)
    def test_a_repeat_with_the_same_key_gets_the_first_answer(
        self, api: Api, database: Session, path: str
    ) -> None:
        who, body = RESOURCES[path]

        first = api.call(who, "POST", path, body, Idempotency_Key="key-00000001")
        second = api.call(who, "POST", path, body, Idempotency_Key="key-00000001")

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.get_json() == second.get_json()
        assert len(events(database)) == 1

    @pytest.mark.parametrize("path", RESOURCES)
    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            pytest.param({"colour": "red"}, "/colour", id="an unknown field"),
            pytest.param({"id": str(UUID(int=7))}, "/id", id="a foreign id"),
            pytest.param({"organisation_id": str(UUID(int=7))}, "/organisation_id", id="an owner"),
        ],
    )
    def test_a_field_that_is_not_the_writers_is_refused(
        self, api: Api, database: Session, path: str, change: dict[str, object], pointer: str
    ) -> None:
        who, body = RESOURCES[path]

        refused = api.call(who, "POST", path, body | change)

        assert (refused.status_code, pointers(refused)) == (422, [pointer])
        assert events(database) == []


class TestVehicles:
    def test_the_answer_is_in_stored_spelling(self, api: Api, accounts: Accounts) -> None:
        made = api.made(Role.CARRIER, "vehicles", TRACTOR)

        assert made == TRACTOR | {
            "id": made["id"],
            "organisation_id": str(accounts.organisations["carrier"]),
            "created_at": "2026-11-22T06:05:00.000Z",
            "plate": "苏H12345",
            "rated_load_kg": None,
            "provenance": "typed",
            "status": "active",
            "card_version": 1,
            "version": 1,
        }

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param({"rated_load_kg": 28500}, ["/rated_load_kg"], id="a JSON number"),
            pytest.param({"rated_load_kg": "\uff12\uff18"}, ["/rated_load_kg"], id="full width"),
            pytest.param({"rated_load_kg": "-1"}, ["/rated_load_kg"], id="negative"),
            pytest.param({"rated_load_kg": "0"}, ["/rated_load_kg"], id="nothing"),
            pytest.param(
                {"plate": "苏H12345", "vin": VIN[:-1] + "9", "tare_kg": None},
                ["/plate", "/vin", "/tare_kg"],
                id="three fields",
            ),
        ],
    )
    def test_problems_have_pointers(
        self, api: Api, change: dict[str, object], expected: list[str]
    ) -> None:
        refused = api.call(Role.CARRIER, "POST", "vehicles", TRAILER | change)

        assert (refused.status_code, pointers(refused)) == (422, expected)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            pytest.param(b'{"plate": "x", "plate": "y"}', 400, id="a key twice"),
            pytest.param(b"[]", 422, id="a list"),
            pytest.param(b"{", 400, id="half"),
            pytest.param(b"[" * 5000, 400, id="deep"),
            pytest.param(b'{"plate": "' + b"x" * (1 << 20) + b'"}', 413, id="long"),
        ],
    )
    def test_malformed_bodies_are_problems(
        self, client: FlaskClient, sign_in: SignIn, body: bytes, status: int
    ) -> None:
        answer = client.post(
            "/api/v1/vehicles",
            data=body,
            headers=sign_in(Role.CARRIER) | {"Content-Type": "application/json"},
        )

        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")

    def test_pages_follow_each_other(self, api: Api) -> None:
        for number in range(3):
            api.made(Role.CARRIER, "vehicles", TRACTOR | {"plate": f"苏H1234{number}"})

        first = api.call(Role.CARRIER, "GET", "vehicles?limit=2").get_json()
        second = api.call(
            Role.CARRIER, "GET", f"vehicles?limit=2&cursor={first['next_cursor']}"
        ).get_json()

        shown = [item["plate"] for item in first["items"] + second["items"]]
        assert (shown, second["next_cursor"]) == (["苏H12340", "苏H12341", "苏H12342"], None)

    def test_a_foreign_cursor_is_refused(self, api: Api) -> None:
        refused = api.call(Role.CARRIER, "GET", "vehicles?cursor=eyJhZnRlciI6IngifQ")

        assert (refused.status_code, pointers(refused)) == (422, ["/cursor"])


class TestTanks:
    def test_lists_are_kept_whole(self, api: Api) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)

        made = api.made(Role.CARRIER, "tanks", TANK | {"mounted_on_id": vehicle["id"]})

        assert made["number"] == "T-2022-0001"
        assert made["mounted_on_id"] == vehicle["id"]
        assert made["compartments"] == [
            {"number": 1, "capacity_l": "20000", "largest_section_l": "7500"},
            {"number": 2, "capacity_l": "25000", "largest_section_l": None},
        ]
        substance: dict[str, object] = {
            "packing_groups": [],
            "technical_name": "",
            "max_concentration": "",
            "compartment": None,
        }
        assert made["approved_substances"] == [
            substance | {"un_number": "1203", "packing_groups": ["II"]},
            substance | {"un_number": "1202", "compartment": 2},
        ]

    def test_another_carriers_trailer_bears_no_tank(self, api: Api) -> None:
        vehicle = api.made(OTHER_CARRIER, "vehicles", TRAILER)

        refused = api.call(Role.CARRIER, "POST", "tanks", TANK | {"mounted_on_id": vehicle["id"]})

        assert (refused.status_code, pointers(refused)) == (422, ["/mounted_on_id"])


class TestPeople:
    def test_a_person_is_masked_everywhere(self, api: Api, database: Session) -> None:
        made = api.made(Role.CARRIER, "people", PERSON)

        assert (made["name_masked"], made["id_number_masked"], made["phone_masked"]) == (
            "张**",
            "320***********0105",
            "139****1234",
        )
        told = str(events(database)) + str(
            api.call(Role.CARRIER, "GET", f"people/{made['id']}/history").get_json()
        )
        assert not any(value in told for value in ("张建国", ID_NUMBER, "13905171234"))

    def test_a_value_is_shown_with_a_reason_and_an_event(self, api: Api, database: Session) -> None:
        person = api.made(Role.CARRIER, "people", PERSON)

        shown = api.call(
            Role.SENIOR_AUDITOR,
            "POST",
            f"people/{person['id']}/disclosures",
            {"field": "phone", "reason": "事故联系"},
        )

        assert shown.status_code == 201
        assert shown.get_json() == {
            "field": "phone",
            "value": "13905171234",
            "event_id": shown.get_json()["event_id"],
        }
        told = events(database)[-1]
        registered = events(database)[0]["data"]["record"]
        assert (told["kind"], told["data"]) == (
            "personal-value-shown",
            {"field": "phone", "commitment": registered["phone_ref"], "reason": "事故联系"},
        )

    def test_another_carrier_is_shown_nothing(self, api: Api) -> None:
        person = api.made(Role.CARRIER, "people", PERSON)

        refused = api.call(
            OTHER_CARRIER,
            "POST",
            f"people/{person['id']}/disclosures",
            {"field": "name", "reason": "好奇"},
        )

        assert refused.status_code == 404

    def test_a_person_is_found_by_identity_number(self, api: Api) -> None:
        person = api.made(Role.CARRIER, "people", PERSON)

        own = api.call(Role.CARRIER, "POST", "people/searches", {"id_number": ID_NUMBER})
        foreign = api.call(OTHER_CARRIER, "POST", "people/searches", {"id_number": ID_NUMBER})

        assert (own.status_code, own.get_json()) == (200, {"items": [person], "next_cursor": None})
        assert foreign.get_json()["items"] == []

    def test_a_supervisor_registers_supervisors_only(self, api: Api) -> None:
        made = api.made(Role.SUPERVISOR, "people", SUPERVISOR)
        refused = api.call(Role.SUPERVISOR, "POST", "people", PERSON)
        carriers = api.call(Role.CARRIER, "POST", "people", SUPERVISOR)

        assert made["roles"] == ["loading_supervisor"]
        assert (refused.status_code, pointers(refused)) == (422, ["/roles/0", "/roles/1"])
        assert (carriers.status_code, pointers(carriers)) == (422, ["/roles/0"])

    def test_a_change_leaves_what_it_does_not_name(self, api: Api) -> None:
        person = api.made(Role.CARRIER, "people", PERSON)
        address = f"people/{person['id']}"

        changed = api.call(Role.CARRIER, "PATCH", address, {"phone": ""}, If_Match='"1"')

        assert changed.get_json() == person | {"phone_masked": None, "version": 2}
        history = api.call(Role.CARRIER, "GET", f"{address}/history").get_json()["items"]
        assert history[0]["changed"] == ["phone_ref"]


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

    def test_only_the_authority_suspends(self, api: Api) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        subject = {"subject_kind": "vehicle", "subject_id": vehicle["id"]}
        made = api.made(Role.CARRIER, "certificates", self.BODY | subject)
        address = f"certificates/{made['id']}"
        change = {"status": "suspended", "reason": "处罚决定 2026-12 号"}

        own = api.call(Role.CARRIER, "PUT", f"{address}/status", change, If_Match='"1"')
        suspended = api.call(
            Role.SENIOR_AUDITOR, "PUT", f"{address}/status", change, If_Match='"1"'
        )
        corrected = api.call(Role.CARRIER, "PUT", address, self.BODY, If_Match='"2"')
        stated_anew = api.call(Role.CARRIER, "POST", "certificates", self.BODY | subject)

        assert (own.status_code, suspended.status_code) == (403, 200)
        assert suspended.get_json()["status_reason"] == "处罚决定 2026-12 号"
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
    def test_an_entry_is_made_found_and_lifted(
        self, api: Api, database: Session, accounts: Accounts
    ) -> None:
        body = {
            "subject_kind": "organisation",
            "subject_id": str(accounts.organisations["carrier"]),
            "decision_number": "淮交罚 2026-8 号",
            "reason": "伪造运单",
            "valid_from": "2026-11-22",
            "valid_until": "2027-11-21",
        }

        made = api.made(Role.SENIOR_AUDITOR, "black-list", body)
        listed = api.call(Role.AUDITOR, "GET", "black-list?in_force_on=2027-11-21").get_json()
        lifted = api.call(
            Role.SENIOR_AUDITOR, "POST", f"black-list/{made['id']}/lifting", {"reason": "复议"}
        )
        again = api.call(
            Role.SENIOR_AUDITOR, "POST", f"black-list/{made['id']}/lifting", {"reason": "复议"}
        )

        assert made == body | {
            "id": made["id"],
            "recorded_at": "2026-11-22T06:05:00.000Z",
            "lifted_at": None,
        }
        assert listed["items"] == [made]
        assert lifted.get_json() == made | {"lifted_at": "2026-11-22T06:05:00.000Z"}
        assert again.status_code == 409
        assert (
            api.call(Role.AUDITOR, "GET", "black-list?in_force_on=2026-12-01").get_json()["items"]
            == []
        )
        assert api.call(Role.AUDITOR, "GET", f"black-list/{made['id']}").status_code == 200
        assert [event["kind"] for event in events(database)] == [
            "black-listed",
            "black-listing-lifted",
        ]

    def test_what_is_not_there_is_not_found(self, api: Api) -> None:
        address = f"black-list/{UUID(int=5)}"

        read = api.call(Role.AUDITOR, "GET", address)
        lifted = api.call(Role.SENIOR_AUDITOR, "POST", f"{address}/lifting", {"reason": "r"})

        assert (read.status_code, lifted.status_code) == (404, 404)

    def test_entries_are_found_by_subject(self, api: Api, accounts: Accounts) -> None:
        vehicle = api.made(Role.CARRIER, "vehicles", TRAILER)
        body = {
            "subject_kind": "vehicle",
            "subject_id": vehicle["id"],
            "decision_number": "1",
            "reason": "r",
            "valid_from": "2026-11-22",
        }
        made = api.made(Role.SENIOR_AUDITOR, "black-list", body)

        of_vehicle = api.call(Role.AUDITOR, "GET", f"black-list?subject={vehicle['id']}")
        of_carrier = api.call(
            Role.AUDITOR, "GET", f"black-list?subject={accounts.organisations['carrier']}"
        )

        assert of_vehicle.get_json()["items"] == [made]
        assert of_carrier.get_json()["items"] == []

    def test_a_day_outside_bars_nobody(self, api: Api, accounts: Accounts) -> None:
        body = {
            "subject_kind": "organisation",
            "subject_id": str(accounts.organisations["carrier"]),
            "decision_number": "1",
            "reason": "r",
            "valid_from": "2026-11-23",
        }
        api.made(Role.SENIOR_AUDITOR, "black-list", body)

        listed = api.call(Role.AUDITOR, "GET", "black-list?in_force_on=2026-11-22")

        assert listed.get_json()["items"] == []

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param({"subject_kind": "bay"}, ["/subject_kind"], id="a bay"),
            pytest.param({"subject_id": str(UUID(int=5))}, ["/subject_id"], id="nobody"),
            pytest.param({"valid_until": "2026-11-21"}, ["/valid_until"], id="dates reversed"),
        ],
    )
    def test_what_cannot_be_barred_is_refused(
        self, api: Api, accounts: Accounts, change: dict[str, str], expected: list[str]
    ) -> None:
        body = {
            "subject_kind": "organisation",
            "subject_id": str(accounts.organisations["carrier"]),
            "decision_number": "1",
            "reason": "r",
            "valid_from": "2026-11-22",
        }

        refused = api.call(Role.SENIOR_AUDITOR, "POST", "black-list", body | change)

        assert (refused.status_code, pointers(refused)) == (422, expected)
