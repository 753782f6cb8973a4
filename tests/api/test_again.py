"""A request that the database broke off is done again, unless something of it was done already."""

from collections.abc import Callable

import pytest
from flask import Flask
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.again import ATTEMPTS, Application
from api.auth import public
from api.runtime import EXTENSION, Runtime
from api.transactions import transaction

BROKEN = (DeadlockDetected, SerializationFailure)


def asked(app: Flask, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> int:
    """Ask an application for a page whose view does something, and return the status."""

    @public("a test asks")
    def view() -> str:
        act()
        return "done"

    monkeypatch.setitem(app.view_functions, "health.alive", view)
    return app.test_client().get("/healthz").status_code


@pytest.mark.parametrize("kind", BROKEN)
def test_it_is_done_again_and_nobody_notices(
    served_app: Flask, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    left = [kind("forced")] * (ATTEMPTS - 1)

    def break_off() -> None:
        with transaction():
            if left:
                raise OperationalError("INSERT", {}, left.pop())

    assert isinstance(served_app, Application)
    assert (asked(served_app, break_off, monkeypatch), left) == (200, [])


def test_it_is_given_up_in_the_end(served_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def break_off() -> None:
        tried.append(1)
        raise OperationalError("INSERT", {}, DeadlockDetected("forced"))

    assert (asked(served_app, break_off, monkeypatch), len(tried)) == (503, ATTEMPTS)


def test_what_has_committed_before_is_not_done_again(
    served_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def commit_and_break_off() -> None:
        tried.append(1)
        with transaction() as session:
            session.execute(text("SELECT 1"))
        raise OperationalError("INSERT", {}, DeadlockDetected("forced"))

    assert (asked(served_app, commit_and_break_off, monkeypatch), len(tried)) == (503, 1)
    runtime: Runtime = served_app.extensions[EXTENSION]
    assert runtime.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue's


def test_any_other_fault_is_told_at_once(
    served_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise OperationalError("INSERT", {}, OSError("gone"))

    assert (asked(served_app, fail, monkeypatch), len(tried)) == (503, 1)
