"""Made-up requests by the description of the API: no 5xx, and no answer it does not describe."""

from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.harness.accounts import SignIn
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role

FUZZING: Final = settings.get_current_profile_name() == "fuzz"
EXAMPLES_PER_OPERATION: Final = 100 if FUZZING else 2
CHECKED: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def somebody_who_may(definition: dict[str, Any]) -> Role:
    """Return a role that may use an operation, so that more than its door is tried."""
    named = definition.get("x-permission")
    if named is None:
        return Role.CARRIER
    return next(role for role in Role if Permission(named) in ROLE_PERMISSIONS[role])


def try_operation(operation: APIOperation[Any, Any, Any, Any], sign_in: SignIn) -> None:
    """Send made-up requests to one operation; what it may answer is what it describes."""
    role = somebody_who_may(operation.definition.raw)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES_PER_OPERATION,
        deadline=None,
        derandomize=not FUZZING,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answer(case: Case[Any]) -> None:
        response = case.call(headers=sign_in(role))
        case.validate_response(response, checks=CHECKED)

    answer()


@pytest.mark.made_up
def test_no_made_up_request_gets_an_answer_that_is_not_described(
    app: Flask, sign_in: SignIn
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    failures = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        try:
            try_operation(operation, sign_in)
        except FailureGroup as group:
            failures.append(f"{operation.label}: {group}")

    assert not failures, "\n\n".join(failures)
