"""Several inserts as one statement.

On PostgreSQL they become one query with data-modifying CTEs: one round trip however many tables
a decision touches, and foreign keys between them are checked at its end. SQLite has neither
data-modifying CTEs nor round trips: there they run one after the other.
"""

from collections.abc import Sequence

from sqlalchemy import Insert, Update, literal, select
from sqlalchemy.orm import Session

from waybill.storage.guard import note_written


def write_together(session: Session, statements: Sequence[Insert | Update]) -> None:
    """Run inserts and updates that do not read each other, in the caller's transaction.

    None of them may depend on another's effect, but rows may refer to each other by foreign key.
    """
    if session.get_bind().dialect.name != "postgresql" or len(statements) == 1:
        for statement in statements:
            session.execute(statement)
        return
    note_written(session, statements)
    whole = select(literal(1))
    for number, statement in enumerate(statements):
        whole = whole.add_cte(statement.cte(f"write_{number}"))
    session.execute(whole)
