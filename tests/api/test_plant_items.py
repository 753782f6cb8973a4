"""A plant's own items over HTTP: who manages them, what the log tells, what is refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.harness.accounts import SignIn
from tests.harness.bay import API, answer, problem
from tests.harness.line import Line
from waybill.clock import FixedClock
from waybill.codec import new_id, parse_json
from waybill.registry.access import Role
from waybill.registry.kinds import AskedOf, ItemStatus
from waybill.rules.finding import Phase
from waybill.services.plant_items import MAX_ACTIVE
from waybill.storage.log import EventRow
from waybill.storage.plant_items import PlantItemRow

ARM: dict[str, Any] = {
    "question_zh": "鹤位编号与派车单一致？",
    "question_en": "Is the loading arm that of the order?",
    "after_loading": False,
    "photo": True,
    "stops": True,
    "asked_of": "supervisor",
}


class Office:
    """A supervisor at the desk."""

    def __init__(self, client: FlaskClient, sign_in: SignIn, line: Line) -> None:
        self._client, self._sign_in = client, sign_in
        self.path = f"{API}/facilities/{line.yard.facility_id}/plant-items"

    def call(
        self,
        method: str,
        path: str = "",
        body: object = None,
        *,
        role: Role = Role.SUPERVISOR,
        version: int | None = None,
    ) -> Any:  # noqa: ANN401  the client's answer
        """Send a request and return the answer."""
        headers = self._sign_in(role)
        if version is not None:
            headers = {**headers, "If-Match": f'"{version}"'}
        return self._client.open(self.path + path, method=method, json=body, headers=headers)

    def added(self, **changes: object) -> dict[str, Any]:
        """Add an item."""
        return answer(self.call("POST", body=ARM | changes), 201)


@pytest.fixture
def office(client: FlaskClient, sign_in: SignIn, line: Line) -> Office:
    """The desk of the plant."""
    return Office(client, sign_in, line)


def events(database: Session, kind: str) -> list[Any]:
    """Return the data of the events of a kind, oldest first."""
    rows = database.query(EventRow).filter_by(kind=kind).order_by(EventRow.id)
    bodies: list[Any] = [parse_json(row.body) for row in rows]
    return [body["data"] for body in bodies]


def test_an_item_is_added_as_it_was_stated(office: Office, line: Line, database: Session) -> None:
    made = office.added()

    assert made == {
        **ARM,
        "id": made["id"],
        "facility_id": str(line.yard.facility_id),
        "created_at": "2026-11-22T06:05:00.000Z",
        "status": "active",
        "version": 1,
    }
    assert events(database, "plant-item-added") == [
        {
            "id": made["id"],
            "version": 1,
            "facility": str(line.yard.facility_id),
            "phase": "before_loading",
            "question_zh": ARM["question_zh"],
            "question_en": ARM["question_en"],
            "photo": True,
            "stops": True,
            "asked_of": "supervisor",
            "status": "active",
        }
    ]


def test_what_is_not_said_is_the_stricter(office: Office) -> None:
    made = answer(office.call("POST", body={"question_zh": "问？", "question_en": "Asked?"}), 201)

    assert {name: made[name] for name in ("after_loading", "photo", "stops", "asked_of")} == {
        "after_loading": False,
        "photo": False,
        "stops": True,
        "asked_of": "loader",
    }


def test_a_change_is_a_new_version_and_an_event(office: Office, database: Session) -> None:
    made = office.added()

    changed = answer(
        office.call("PUT", f"/{made['id']}", ARM | {"after_loading": True}, version=1), 200
    )

    assert (changed["version"], changed["after_loading"]) == (2, True)
    assert [told["phase"] for told in events(database, "plant-item-changed")] == ["after_loading"]


def test_the_same_again_changes_nothing(office: Office, database: Session) -> None:
    made = office.added()

    same = answer(office.call("PUT", f"/{made['id']}", ARM, version=1), 200)

    assert same == made
    assert events(database, "plant-item-changed") == []


def test_an_item_that_is_retired_is_asked_no_longer_and_stays_on_record(
    office: Office, database: Session
) -> None:
    made = office.added()

    gone = answer(office.call("DELETE", f"/{made['id']}", version=1), 200)

    assert (gone["status"], gone["version"]) == ("retired", 2)
    assert office.call("GET").get_json() == []
    assert answer(office.call("GET", f"/{made['id']}"), 200) == gone
    assert problem(office.call("PUT", f"/{made['id']}", ARM, version=2)) == (
        409,
        "wrong-state",
        [],
    )
    assert problem(office.call("DELETE", f"/{made['id']}", version=2)) == (409, "wrong-state", [])
    assert [told["status"] for told in events(database, "plant-item-changed")] == ["retired"]


def test_a_version_that_is_past_is_refused(office: Office) -> None:
    made = office.added()

    assert problem(office.call("PUT", f"/{made['id']}", ARM, version=7)) == (
        412,
        "precondition-failed",
        [],
    )


def test_items_are_listed_in_the_order_of_asking(office: Office) -> None:
    first, second = office.added(), office.added(photo=False)

    assert office.call("GET").get_json() == [first, second]


@pytest.mark.parametrize("role", [Role.LOADER, Role.AUDITOR, Role.INSPECTOR])
def test_loaders_and_oversight_read_them(office: Office, role: Role) -> None:
    made = office.added()

    assert office.call("GET", role=role).get_json() == [made]
    assert answer(office.call("GET", f"/{made['id']}", role=role), 200) == made


def test_a_carrier_reads_nothing_of_a_plant(office: Office) -> None:
    office.added()

    assert problem(office.call("GET", role=Role.CARRIER)) == (404, "not-found", [])


@pytest.mark.parametrize("role", [Role.LOADER, Role.CARRIER, Role.AUDITOR])
def test_only_supervisors_add(office: Office, role: Role) -> None:
    assert office.call("POST", body=ARM, role=role).status_code == 403


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_item_that_is_not_there(office: Office, method: str) -> None:
    body = ARM if method == "PUT" else None
    version = None if method == "GET" else 1

    refused = office.call(method, f"/{new_id()}", body, version=version)

    assert problem(refused) == (404, "not-found", [])


def test_a_facility_that_is_not_there(office: Office) -> None:
    office.path = f"{API}/facilities/{new_id()}/plant-items"

    assert problem(office.call("GET")) == (404, "not-found", [])
    assert problem(office.call("GET", role=Role.AUDITOR)) == (404, "not-found", [])
    assert problem(office.call("POST", body=ARM)) == (404, "not-found", [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"question_zh": " "}, [("/question_zh", "required")]),
        ({"question_en": "x" * 201}, [("/question_en", "length")]),
        ({"question_zh": "换行\n？"}, [("/question_zh", "control-character")]),
        ({"asked_of": "driver"}, [("/asked_of", "not-in-list")]),
        ({"stops": "yes"}, [("/stops", "not-a-boolean")]),
        ({"law": True}, [("/law", "unknown-field")]),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named(
    office: Office, changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    status, _, fields = problem(office.call("POST", body=ARM | changes))

    assert status == 422
    assert [pointer for pointer, _ in fields] == [pointer for pointer, _ in expected]


def test_a_list_that_nobody_can_walk_through_is_refused(
    office: Office, line: Line, database: Session, clock: FixedClock
) -> None:
    database.add_all(
        PlantItemRow(
            facility_id=line.yard.facility_id,
            created_at=clock.now(),
            created_by=line.yard.actor("supervisor").user_id,
            phase=Phase.BEFORE_LOADING,
            question_zh="问？",
            question_en="Asked?",
            asked_of=AskedOf.LOADER,
            status=ItemStatus.RETIRED if number == 0 else ItemStatus.ACTIVE,
        )
        for number in range(MAX_ACTIVE)
    )
    database.commit()

    office.added()

    assert problem(office.call("POST", body=ARM)) == (409, "wrong-state", [])
