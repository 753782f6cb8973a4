"""The description of the API: valid, whole, and true of what the API answers."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

BY_DEVICE: list[dict[str, list[str]]] = [{"device": []}]
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def spec(application: Flask) -> dict[str, Any]:
    found: dict[str, Any] = application.test_client().get("/api/openapi.json").get_json()
    return found


def operations(spec: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_the_description_is_valid(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_operation_says_what_it_does(spec: dict[str, Any]) -> None:
    silent = [name for name, operation in operations(spec) if not operation.get("summary")]

    assert silent == []


def test_every_protected_operation_names_its_permission_and_its_refusals(
    spec: dict[str, Any],
) -> None:
    incomplete = [
        name
        for name, operation in operations(spec)
        if operation["security"] not in ([], BY_DEVICE)
        and not (operation.get("x-permission") and {"401", "403"} <= set(operation["responses"]))
    ]

    assert incomplete == []


def test_what_a_tablet_asks_in_its_own_name_says_so_and_may_be_refused(
    spec: dict[str, Any],
) -> None:
    asked = {
        name: "401" in operation["responses"] and "x-permission" not in operation
        for name, operation in operations(spec)
        if operation["security"] == BY_DEVICE
    }

    assert "post /api/v1/bay-sessions" in asked
    assert all(asked.values())


def test_every_route_of_the_api_is_described(application: Flask, spec: dict[str, Any]) -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in spec["paths"]}
    served = {
        re.sub("<[a-z]+:", "<", rule.rule)
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }

    assert served == {path for path in described if path.startswith("/api/v1/")}


def test_every_refusal_is_described_as_a_problem(spec: dict[str, Any]) -> None:
    other = [
        (name, status)
        for name, operation in operations(spec)
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and answer != {"$ref": "#/components/responses/Problem"}
    ]

    assert other == []


def test_no_decimal_is_described_as_a_number(spec: dict[str, Any]) -> None:
    numbers = [
        (name, field)
        for name, schema in spec["components"]["schemas"].items()
        for field, inner in schema.get("properties", {}).items()
        if inner.get("type") == "number"
    ]

    assert numbers == []


@pytest.mark.parametrize("accepted", ["zh", "en"])
def test_the_page_shows_every_address_and_asks_no_other_host(
    client: FlaskClient, spec: dict[str, Any], accepted: str
) -> None:
    page = client.get("/api/docs", headers={"Accept-Language": accepted}).get_data(as_text=True)

    assert [path for path in spec["paths"] if path not in page] == []
    assert "//" not in page.replace("/api/v1//", "").split("<body>")[0]
