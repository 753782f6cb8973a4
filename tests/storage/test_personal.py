"""Personal values: a commitment outside, the value encrypted, erasure without trace of it."""

import hashlib
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import FixedClock
from waybill.storage.log import PersonalValueRow
from waybill.storage.personal import PersonalVault, commit, erase_value

NAME = "张建国"


@pytest.fixture
def vault() -> PersonalVault:
    """A vault with keys that guard nothing."""
    return PersonalVault(b"e" * 32, b"i" * 32)


def row_of(session: Session, commitment: str) -> PersonalValueRow:
    """Return what is stored of a value."""
    session.expire_all()
    return session.get_one(PersonalValueRow, commitment)


def test_the_commitment_is_the_hash_of_salt_field_and_value(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    commitment = vault.protect(session, "name", NAME, clock.now())

    salt, value = vault.open(session, (commitment,))[commitment]

    expected = hashlib.sha256(salt + b"name" + b"\x00" + NAME.encode()).hexdigest()
    assert (value, len(salt), commitment) == (NAME, 32, expected)
    assert commitment == commit(salt, "name", NAME)


def test_the_case_of_the_format_page() -> None:
    page = Path(__file__).parents[2] / "docs" / "formats" / "personal-values.md"

    assert f"    {commit(bytes(range(32)), 'phone', '13900000000')}\n" in page.read_text("utf-8")


def test_one_value_has_another_commitment_each_time(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    first, second = (vault.protect(session, "name", NAME, clock.now()) for _ in range(2))

    assert first != second
    assert row_of(session, first).value_index == row_of(session, second).value_index


def test_nothing_stored_shows_the_value(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    commitment = vault.protect(session, "name", NAME, clock.now())

    row = row_of(session, commitment)

    assert row.sealed is not None
    assert NAME.encode() not in row.sealed
    assert len(row.sealed) == 12 + 32 + len(NAME.encode()) + 16


def test_a_value_is_found_again_by_its_index(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    commitment = vault.protect(session, "phone", "13905171234", clock.now())

    found = session.scalars(
        select(PersonalValueRow.commitment).where(
            PersonalValueRow.value_index == vault.index("phone", "13905171234")
        )
    )

    assert list(found) == [commitment]


def test_an_erased_value_is_gone_and_its_commitment_stays(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    commitment = vault.protect(session, "name", NAME, clock.now())

    erase_value(session, commitment, clock.now())

    row = row_of(session, commitment)
    assert vault.reveal(session, commitment) is None
    assert (row.sealed, row.value_index, row.erased_at) == (None, "", clock.now())


def test_a_value_that_was_never_stored_is_not_revealed(
    session: Session, vault: PersonalVault
) -> None:
    assert vault.reveal(session, "0" * 64) is None


def test_another_key_opens_nothing(
    session: Session, vault: PersonalVault, clock: FixedClock
) -> None:
    commitment = vault.protect(session, "name", NAME, clock.now())

    with pytest.raises(InvalidTag):
        PersonalVault(b"x" * 32, b"i" * 32).reveal(session, commitment)


@pytest.mark.parametrize("keys", [(b"e" * 31, b"i" * 32), (b"e" * 32, b"")])
def test_a_key_of_another_length_is_refused(keys: tuple[bytes, bytes]) -> None:
    with pytest.raises(ValueError, match="two keys of 32 bytes"):
        PersonalVault(*keys)


@given(st.text(), st.text())
def test_the_index_tells_fields_apart(field: str, value: str) -> None:
    vault = PersonalVault(b"e" * 32, b"i" * 32)

    assert vault.index("name", value) != vault.index("phone", value)
    assert vault.index(field, value) == vault.index(field, value)
