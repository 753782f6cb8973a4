"""Made-up requests of several roles among real records: no 5xx, no answer that is not described.

Requests are made by the description of the API, right ones and wrong ones; ids and codes in them
are often those of a day of the demonstration, so that more is reached than "not found".
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case
from schemathesis.checks import CHECKS, CheckFunction, load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from api import create_app
from tests.harness.databases import Databases
from tests.harness.demo_site import REGISTERED_AT, DemoSite, register_site
from tests.harness.populated_site import Known, known_values, play_a_day, rolled_back, token_of
from waybill.clock import FixedClock
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role

FUZZING: Final = settings.get_current_profile_name() == "fuzz"
EXAMPLES: Final[Mapping[GenerationMode, int]] = {
    GenerationMode.POSITIVE: 100 if FUZZING else 2,
    GenerationMode.NEGATIVE: 100 if FUZZING else 1,
}
TRIED_ON: Final[Mapping[GenerationMode, str]] = {
    GenerationMode.POSITIVE: "postgresql",
    GenerationMode.NEGATIVE: "sqlite",
}
"""What is asked rightly reaches the database; what is asked wrongly hardly does."""
ACCOUNTS: Final[Mapping[str, Role]] = {
    "carrier": Role.CARRIER,
    "supervisor": Role.SUPERVISOR,
    "senior-auditor": Role.SENIOR_AUDITOR,
    "admin": Role.ADMIN,
}
"""Accounts who between them may do everything; each other role may do a part of what one may."""
CONFORMANCE: Final = {
    *("status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "response_headers_conformance"),
}

Operation = APIOperation[Any, Any, Any, Any]
MadeUp = Case[Any]

load_all_checks()
CHECKED: Final[list[CheckFunction]] = [
    not_a_server_error,
    *(
        cast("CheckFunction", check)
        for check in CHECKS.get_all()
        if getattr(check, "__name__", "") in CONFORMANCE
    ),
]


@pytest.fixture(scope="module")
def populated(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application over the demonstration's site with a day's trips."""
    site: DemoSite = register_site(databases, dialect, tmp_path_factory.mktemp("keys"))
    clock = FixedClock(REGISTERED_AT)
    app = create_app(site.settings(site.url), clock=clock)
    play_a_day(site, app, clock)
    yield app
    app.extensions["waybill"].engine.dispose()
    databases.drop(site.url)


@pytest.fixture
def connection(populated: Flask) -> Iterator[Connection]:
    """The one connection on which all requests of a test are made, and undone."""
    with populated.extensions["waybill"].engine.connect() as connection:
        yield connection


def operations_of(app: Flask, role: Role) -> Iterator[Operation]:
    """Give the operations that a role may use; what is public is tried by carriers."""
    public = Permission.READ_GOODS if role is Role.CARRIER else None
    for found in schemathesis.openapi.from_wsgi("/api/openapi.json", app).get_all_operations():
        operation = cast("Operation", found.ok())  # type: ignore[union-attr]  # it is valid
        if operation.definition.raw.get("x-permission", public) in ROLE_PERMISSIONS[role]:
            yield operation


def with_real_values(case: MadeUp, known: Known, number: int) -> MadeUp:
    """Put what exists in the place of made-up ids, plates and codes."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.pick(name, number) or case.path_parameters[name]
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = f'"{1 + number % 3}"'
    if isinstance(case.body, dict):
        case.body = real_body(copy.deepcopy(case.body), known, number)
    return case


def real_body(body: dict[str, Any], known: Known, number: int) -> dict[str, Any]:
    """Return a body whose texts that name something name what exists."""
    for name, value in body.items():
        found = known.pick(name, number)
        if isinstance(value, str) and found is not None:
            body[name] = found
        elif isinstance(value, dict):
            body[name] = real_body(value, known, number)
    return body


def try_operation(operation: Operation, mode: GenerationMode, token: str, known: Known) -> None:
    """Send made-up requests to one operation; what it may answer is what it describes."""

    @given(case=operation.as_strategy(generation_mode=mode), number=st.integers(0, 59))
    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        derandomize=not FUZZING,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answer(case: MadeUp, number: int) -> None:
        asked = case if number % 4 == 0 else with_real_values(case, known, number)
        response = asked.call(headers={"Authorization": f"Bearer {token}"})
        asked.validate_response(response, checks=CHECKED)

    answer()


@pytest.mark.made_up
@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("username", ACCOUNTS)
def test_no_made_up_request_among_real_records_gets_an_answer_that_is_not_described(
    populated: Flask,
    connection: Connection,
    clock: FixedClock,
    username: str,
    mode: GenerationMode,
) -> None:
    if not FUZZING and connection.dialect.name != TRIED_ON[mode]:
        pytest.skip("tried on the other database; `make fuzz` tries it on both")
    failures = []
    for operation in operations_of(populated, ACCOUNTS[username]):
        with rolled_back(populated, connection, clock) as runtime:
            known = known_values(Session(connection))
            try:
                try_operation(operation, mode, token_of(runtime, username), known)
            except Unsatisfiable:
                # A request without any field cannot be made wrongly.
                if mode is GenerationMode.POSITIVE:
                    raise
            except FailureGroup as group:
                failures += [f"{operation.label}: {failure}" for failure in group.exceptions]

    assert not failures, "\n\n".join(failures)


def test_the_accounts_may_do_everything_between_them() -> None:
    allowed = frozenset().union(*(ROLE_PERMISSIONS[role] for role in ACCOUNTS.values()))

    assert (allowed, len(CHECKED)) == (frozenset(Permission), 5)
