"""The key of personal values is changed: all values or none, and the rows are guarded again."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.cli.key import command
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.storage.log import EventRow, PersonalValueRow
from waybill.storage.personal import PersonalVault, erase_value
from waybill.storage.resealing import ResealError, reseal_values
from waybill.storage.session import make_engine

OLD, NEW, INDEX = b"e" * 32, b"n" * 32, b"i" * 32


@pytest.fixture
def kept(committing_engine: Engine, clock: FixedClock) -> str:
    """The commitment of a value that is stored; another was erased."""
    vault = PersonalVault(OLD, INDEX)
    with Session(committing_engine) as session, session.begin():
        erase_value(session, vault.protect(session, "name", "王五", clock.now()), clock.now())
        return vault.protect(session, "name", "张建国", clock.now())


def test_values_open_under_the_new_key_alone_and_stay_guarded(
    committing_engine: Engine, kept: str
) -> None:
    with Session(committing_engine) as session, session.begin():
        count = reseal_values(session, OLD, NEW)

    with Session(committing_engine) as session:
        assert (count, PersonalVault(NEW, INDEX).reveal(session, kept)) == (1, "张建国")
        with pytest.raises(InvalidTag):
            PersonalVault(OLD, INDEX).reveal(session, kept)
    with pytest.raises(DBAPIError, match="append-only"), committing_engine.begin() as connection:
        connection.execute(update(PersonalValueRow).values(sealed=b"x"))


def test_with_another_old_key_nothing_is_changed(committing_engine: Engine, kept: str) -> None:
    with (
        pytest.raises(ResealError, match=kept),
        Session(committing_engine) as session,
        session.begin(),
    ):
        reseal_values(session, b"x" * 32, NEW)

    with Session(committing_engine) as session:
        assert PersonalVault(OLD, INDEX).reveal(session, kept) == "张建国"
    with pytest.raises(DBAPIError, match="append-only"), committing_engine.begin() as connection:
        connection.execute(update(PersonalValueRow).values(sealed=b"x"))


def test_the_command_tells_the_log_why(
    fresh_database_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    engine = make_engine(fresh_database_url)
    with Session(engine) as session, session.begin():
        kept = PersonalVault(OLD, INDEX).protect(session, "name", "张建国", clock.now())
    path = tmp_path / "new-key"
    path.write_text(b64url_encode(NEW) + "\n")
    environment = {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(OLD),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(INDEX),
    }
    words = ["personal", "--new-key-file", str(path), "--reason", "年度更换"]

    done = CliRunner().invoke(command, words, env=environment)
    again = CliRunner().invoke(command, words, env=environment)

    with Session(engine) as session:
        body = session.scalars(select(EventRow.body)).one()
        assert PersonalVault(NEW, INDEX).reveal(session, kept) == "张建国"
    engine.dispose()
    assert (done.exit_code, again.exit_code) == (0, 1)
    assert "年度更换".encode() in body
    assert "does not open under the old key" in again.output
