"""Vehicles, tanks and people through HTTP."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_CARRIER, Accounts, SignIn
from tests.harness.registrations import ID_NUMBER, VIN
from tests.harness.registry_api import (
    PERSON,
    SUPERVISOR,
    TANK,
    TRACTOR,
    TRAILER,
    Api,
    events,
    pointers,
)
from waybill.registry.access import Role


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


class TestVehicles:
    def test_the_answer_is_in_stored_spelling(self, api: Api, accounts: Accounts) -> None:
        made = api.made(Role.CARRIER, "vehicles", TRACTOR)

        assert made == TRACTOR | {
            "id": made["id"],
            "organisation_id": str(accounts.organisations["carrier"]),
            "body": None,
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
