"""Several writes in one trip: each row arrives whole, and only what was meant is changed."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from waybill.storage.waybills import NumberSequenceRow
from waybill.storage.write import Written, changed_row, new_row, write_together

TOO_LONG = "x" * 61


def kept(session: Session) -> dict[str, int]:
    rows = session.execute(select(NumberSequenceRow.scope, NumberSequenceRow.next_value))
    return {row.scope: row.next_value for row in rows}


def sequences(*scopes: str) -> list[Written]:
    return [new_row(NumberSequenceRow, scope=s, next_value=n) for n, s in enumerate(scopes)]


def test_rows_of_one_table_arrive_whatever_their_number(session: Session) -> None:
    write_together(session, sequences("a"))
    write_together(session, sequences("b", "危险", 'q"{,}%\\'))

    assert kept(session) == {"a": 0, "b": 0, "危险": 1, 'q"{,}%\\': 2}


def test_a_change_finds_its_row_by_all_that_is_named(session: Session) -> None:
    write_together(session, sequences("a", "b"))

    write_together(
        session,
        [
            changed_row(NumberSequenceRow, {"scope": "a", "next_value": 0}, next_value=7),
            changed_row(NumberSequenceRow, {"scope": "b", "next_value": 0}, next_value=9),
        ],
    )

    assert kept(session) == {"a": 7, "b": 1}


def test_rows_go_together_with_statements_of_the_same_columns(session: Session) -> None:
    written: list[Written] = [
        new_row(NumberSequenceRow, scope=str(n), next_value=n) for n in (0, 1)
    ]
    written += [insert(NumberSequenceRow).values(scope=str(n), next_value=n) for n in (2, 3)]

    write_together(session, written)

    assert kept(session) == {str(n): n for n in range(4)}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(new_row(NumberSequenceRow, scope=TOO_LONG, next_value=0), id="a row"),
        pytest.param(changed_row(NumberSequenceRow, {"scope": "a"}, scope=TOO_LONG), id="a change"),
    ],
)
def test_text_that_is_too_long_is_never_cut(
    session: Session, dialect: str, written: Written
) -> None:
    write_together(session, sequences("a"))

    if dialect == "sqlite":  # it knows no lengths
        write_together(session, [written])
        assert TOO_LONG in kept(session)
        return
    with pytest.raises(DataError):
        write_together(session, [written])
