"""Every route with every role: the table of permissions is what the API does."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from api.auth import OPEN_ENDPOINTS, PERMISSION, PUBLIC
from api.devices import is_for_devices
from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from waybill.clock import FixedClock
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role
from waybill.services.identity import NewApiKey, create_api_key
from waybill.storage.session import write_session

SIGN_OUT = frozenset(
    {
        "tokens.delete_current_tokens",
        "tokens.delete_all_tokens",
        "session.end",
        "account.sign_out_everywhere",
    }
)


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Return every method and rule that a view answers."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def permission(app: Flask, rule: Rule) -> Permission | None:
    """Return what a route asks for, `None` for a public one."""
    found: Permission | None = getattr(app.view_functions[rule.endpoint], PERMISSION, None)
    return found


def protected(app: Flask) -> list[tuple[str, Rule, Permission]]:
    return [
        (method, rule, needed)
        for method, rule in routes(app)
        if (needed := permission(app, rule)) is not None
    ]


def address(rule: Rule) -> str:
    """Return an address of a route, with made-up values."""
    values = re.sub(r"<uuid:[^>]+>", str(UUID(int=1)), rule.rule)
    values = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", values)
    values = re.sub(r"<int:[^>]+>", "1", values)
    return re.sub(r"<[^>]+>", "x", values)


def status(client: FlaskClient, method: str, rule: Rule, headers: dict[str, str]) -> int:
    return client.open(address(rule), method=method, headers=headers).status_code


def test_every_route_says_its_permission_or_why_it_is_public(application: Flask) -> None:
    silent = [
        f"{method} {rule.rule}"
        for method, rule in routes(application)
        if permission(application, rule) is None
        and not getattr(application.view_functions[rule.endpoint], PUBLIC, "")
        and not is_for_devices(application.view_functions[rule.endpoint])
    ]

    assert silent == []


def test_no_route_has_two_guards(application: Flask) -> None:
    views = {
        rule.rule: application.view_functions[rule.endpoint] for _, rule in routes(application)
    }
    several = [
        rule
        for rule, view in views.items()
        if sum((hasattr(view, PERMISSION), hasattr(view, PUBLIC), is_for_devices(view))) > 1
    ]

    assert several == []


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.ADMIN])
def test_what_is_for_tablets_is_closed_to_people(
    app: Flask, client: FlaskClient, sign_in: SignIn, role: Role | None
) -> None:
    headers = {} if role is None else sign_in(role)
    answered = {
        status(client, method, rule, headers)
        for method, rule in routes(app)
        if is_for_devices(app.view_functions[rule.endpoint])
    }

    assert answered == {401}


def test_a_route_that_says_nothing_is_closed(settings: object) -> None:
    from api import create_app  # noqa: PLC0415  an application of its own, to plant a route in

    planted = create_app(settings)  # type: ignore[arg-type]  # a fixture's value
    planted.add_url_rule("/api/v1/planted", view_func=lambda: "open", endpoint="planted")

    assert planted.test_client().get("/api/v1/planted").status_code == 403


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_exactly_what_the_table_says(
    app: Flask, client: FlaskClient, sign_in: SignIn, role: Role
) -> None:
    headers = sign_in(role)
    wrong = []
    for method, rule, needed in protected(app):
        if rule.endpoint in SIGN_OUT:
            continue  # every role may, and another test does
        answered = status(client, method, rule, headers)
        allowed = needed in ROLE_PERMISSIONS[role]
        if answered == 401 or (answered == 403) == allowed:
            wrong.append((method, rule.rule, needed.value, answered))

    assert wrong == []


def test_nobody_reaches_a_protected_route_without_signing_in(
    app: Flask, client: FlaskClient
) -> None:
    reached = [
        (method, rule.rule)
        for method, rule, _ in protected(app)
        if status(client, method, rule, {}) != 401
    ]

    assert reached == []


def test_an_expired_token_reaches_nothing(
    app: Flask, client: FlaskClient, sign_in: SignIn, clock: FixedClock
) -> None:
    headers = sign_in(Role.ADMIN)
    clock.advance(timedelta(minutes=15))

    reached = [
        (method, rule.rule)
        for method, rule, _ in protected(app)
        if status(client, method, rule, headers) != 401
    ]

    assert reached == []


@pytest.mark.parametrize("role", [Role.CARRIER, Role.SENIOR_AUDITOR, Role.ADMIN])
def test_a_key_reaches_only_its_scopes(
    app: Flask, client: FlaskClient, runtime: Runtime, accounts: Accounts, role: Role
) -> None:
    scope = Permission.READ_GOODS
    with write_session(runtime.sessions) as session:
        wanted = NewApiKey(
            label="narrow", scopes=(scope,), expires_at=runtime.clock.now() + timedelta(days=1)
        )
        key = create_api_key(session, accounts.actor(role), wanted, clock=runtime.clock)
    headers = {"X-Api-Key": str(key.secret)}

    wrong = [
        (method, rule.rule, needed.value)
        for method, rule, needed in protected(app)
        if (status(client, method, rule, headers) == 403) == (needed is scope)
    ]

    assert wrong == []


def test_every_role_has_a_line_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_belongs_to_somebody() -> None:
    given = frozenset().union(*ROLE_PERMISSIONS.values())

    assert given == set(Permission)
