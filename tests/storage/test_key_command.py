"""`waybill key`: made, shown, revoked, and heeded by a process that runs."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from api.cli.key import command
from waybill.clock import FixedClock, SystemClock
from waybill.codec import b64url_encode
from waybill.errors import StateError
from waybill.services.keys import REFRESH_AFTER, KeyKeeper
from waybill.storage.log import EventRow
from waybill.storage.session import session_factory


@pytest.fixture
def environment(fresh_database_url: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of an installation."""
    return {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(b"e" * 32),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(b"i" * 32),
        "WAYBILL_KEY_DIR": str(tmp_path / "keys"),
        "WAYBILL_ISSUER": "demo",
    }


def run(environment: dict[str, str], *arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, arguments, env=environment)


def test_a_key_is_made_shown_and_revoked(environment: dict[str, str], tmp_path: Path) -> None:
    made = run(environment, "add")
    kid = made.output.strip()
    listed = run(environment, "list")
    revoked = run(environment, "revoke", kid, "--reason", "泄露")
    again = run(environment, "list")

    path = tmp_path / "keys" / f"{kid}.pem"
    assert (made.exit_code, listed.exit_code, revoked.exit_code) == (0, 0, 0)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert listed.output.split()[0::3][0] == kid
    assert listed.output.strip().endswith("trusted private")
    assert "revoked" in again.output


def test_a_key_that_is_not_there_is_not_revoked(environment: dict[str, str]) -> None:
    refused = run(environment, "revoke", "k00000", "--reason", "泄露")

    assert (refused.exit_code, refused.output) == (1, "Error: There is no such signing-key.\n")


def test_a_running_process_signs_with_the_newest_key_and_heeds_a_revocation(
    environment: dict[str, str], tmp_path: Path, committing_engine: Engine
) -> None:
    clock = FixedClock(SystemClock().now() + timedelta(minutes=1))
    keeper = KeyKeeper(session_factory(committing_engine), tmp_path / "keys", clock)
    first = run(environment, "add").output.strip()
    before = keeper.ring().signer().kid
    second = run(environment, "add").output.strip()
    remembered = keeper.ring().signer().kid
    clock.advance(REFRESH_AFTER + timedelta(seconds=1))
    after = keeper.ring()
    run(environment, "revoke", second, "--reason", "泄露")
    clock.advance(REFRESH_AFTER + timedelta(seconds=1))
    last = keeper.ring()
    run(environment, "revoke", first, "--reason", "泄露")
    clock.advance(REFRESH_AFTER + timedelta(seconds=1))

    assert (before, remembered, after.signer().kid, last.signer().kid) == (
        first,
        first,
        second,
        first,
    )
    assert [key.kid for key in after.table.keys] == [first, second]
    assert [key.kid for key in last.table.keys if key.revoked_at is None] == [first]
    with pytest.raises(StateError, match="no key to sign with"):
        keeper.ring().signer()


def test_every_act_is_an_entry_of_the_log(
    environment: dict[str, str], committing_engine: Engine
) -> None:
    kid = run(environment, "add").output.strip()
    run(environment, "revoke", kid, "--reason", "泄露")

    with session_factory(committing_engine)() as session:
        kinds = list(session.scalars(select(EventRow.kind).order_by(EventRow.id)))

    assert kinds == ["signing-key-added", "signing-key-revoked"]
