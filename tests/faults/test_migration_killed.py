"""A migration that is killed at any moment: what it leaves is a whole revision, never half of one.

That is the old schema or the new one; PostgreSQL also commits before indexes are built beside the
work.
"""

import multiprocessing
import os
import random
import time
from typing import Final

from sqlalchemy import inspect

from tests.harness.databases import Databases
from waybill.storage.migrate import current, head, upgrade
from waybill.storage.session import make_engine
from waybill.storage.tables import METADATA

KILLED: Final = 40 if os.environ.get("FAULTS") == "long" else 4
LONGEST_S: Final = 1.0
"""About as long as all migrations take on an empty database."""
BEFORE_INDEXES: Final = "20261127_growth"
SEED: Final = 20261127
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["waybill.storage.migrate", "tests.faults.test_migration_killed"])


def test_killed_at_any_moment_it_leaves_a_whole_revision_and_is_done_when_run_again(
    databases: Databases, dialect: str
) -> None:
    moments = random.Random(SEED)  # noqa: S311  the same in every run
    for _ in range(KILLED):
        url = databases.empty(dialect)
        process = _CONTEXT.Process(target=upgrade, args=(url,))
        process.start()
        time.sleep(moments.uniform(0.1, LONGEST_S))
        process.kill()
        process.join()

        engine = make_engine(url)
        left, tables = current(engine), set(inspect(engine).get_table_names())
        assert left in {None, head()} or (dialect, left) == ("postgresql", BEFORE_INDEXES)
        assert left is not None or tables <= {"alembic_version"}
        upgrade(url)
        assert current(engine) == head()
        assert set(inspect(engine).get_table_names()) == {*METADATA.tables, "alembic_version"}
        engine.dispose()
        databases.drop(url)
