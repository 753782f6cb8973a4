"""What holds for each kind of record of the registry alike, through HTTP."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_CARRIER, SignIn
from tests.harness.registry_api import RESOURCES, Api, events, pointers
from waybill.registry.access import Role


@pytest.fixture
def api(client: FlaskClient, sign_in: SignIn) -> Api:
    return Api(client, sign_in)


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
