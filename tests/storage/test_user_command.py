"""`waybill user` and `waybill migrate`, as an operator uses them."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from api.cli import main
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow

USCC = "11320800MA1DDDDD06"
KEY = "A" * 43


@pytest.fixture
def environment(fresh_database_url: str) -> dict[str, str]:
    return {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "s" * 32,
        "WAYBILL_PII_KEY": KEY,
        "WAYBILL_PII_INDEX_KEY": KEY,
    }


def run(environment: dict[str, str], *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=typed, env=environment)


def add(environment: dict[str, str], *more: str, typed: str = "long enough 1") -> Result:
    arguments = ("user", "add", "root", "--role", "admin", "--uscc", USCC, *more)
    return run(environment, *arguments, typed=f"{typed}\n")


def test_the_first_administrator_comes_with_its_authority(
    environment: dict[str, str], committing_engine: Engine
) -> None:
    made = add(environment, "--found-authority", "淮安市交通运输局")

    assert made.exit_code == 0, made.output
    with Session(committing_engine) as session:
        row = session.scalars(select(UserRow)).one()
        kinds = set(session.scalars(select(EventRow.kind)))
    assert (row.username, row.role.value, row.active) == ("root", "admin", True)
    assert kinds == {"organisation-registered", "user-created"}


def test_an_account_needs_its_organisation(environment: dict[str, str]) -> None:
    refused = add(environment)

    assert refused.exit_code == 1
    assert f"no organisation has the code {USCC}" in refused.output


def test_a_weak_password_makes_no_account(
    environment: dict[str, str], committing_engine: Engine
) -> None:
    refused = add(environment, "--found-authority", "淮安市交通运输局", typed="short")

    assert refused.exit_code == 1
    with Session(committing_engine) as session:
        assert list(session.scalars(select(EventRow))) == []


def test_an_account_is_put_out_and_let_in_again(
    environment: dict[str, str], committing_engine: Engine
) -> None:
    add(environment, "--found-authority", "淮安市交通运输局")
    seen = []
    for act in ("deactivate", "activate"):
        assert run(environment, "user", act, "root").exit_code == 0
        with Session(committing_engine) as session:
            seen.append(session.scalars(select(UserRow.active)).one())

    assert seen == [False, True]


def test_a_new_password_replaces_the_old(
    environment: dict[str, str], committing_engine: Engine
) -> None:
    add(environment, "--found-authority", "淮安市交通运输局")
    with Session(committing_engine) as session:
        before = session.scalars(select(UserRow.password_hash)).one()

    changed = run(environment, "user", "password", "root", typed="another long one\n")

    assert changed.exit_code == 0
    with Session(committing_engine) as session:
        assert session.scalars(select(UserRow.password_hash)).one() != before


def test_an_unknown_account_is_named(environment: dict[str, str]) -> None:
    refused = run(environment, "user", "deactivate", "nobody")

    assert (refused.exit_code, refused.output) == (1, "Error: there is no account nobody\n")


def test_a_missing_setting_is_named(environment: dict[str, str]) -> None:
    refused = run(environment | {"WAYBILL_SECRET_KEY": ""}, "user", "deactivate", "root")

    assert refused.exit_code == 1
    assert "WAYBILL_SECRET_KEY" in refused.output


def test_an_empty_database_is_not_at_the_newest_revision(empty_database_url: str) -> None:
    environment = {"WAYBILL_DATABASE_URL": empty_database_url}
    before = run(environment, "migrate", "status")

    brought_up = run(environment, "migrate", "up")

    after = run(environment, "migrate", "status")
    assert (before.exit_code, before.output.split()[0]) == (1, "empty")
    assert (brought_up.exit_code, after.exit_code) == (0, 0)
