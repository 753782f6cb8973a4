"""Which PostgreSQL the test session uses, and under which name this process uses it."""

import os
import secrets
from typing import Final

import pytest

from tests.harness.postgres import PostgresServer, start_postgres

SERVER_VARIABLE: Final = "WAYBILL_TEST_DATABASE_URL"
SERVER: Final = pytest.StashKey[PostgresServer]()
RUN: Final = pytest.StashKey[str]()


def server_url(config: pytest.Config) -> str:
    """Return the URL of the session's PostgreSQL server, which the first call starts.

    A server named by the environment is used instead of our own and is left running.
    """
    handed_over = _handed_over(config)
    if handed_over:
        return handed_over["waybill_server_url"]
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        return named
    if SERVER not in config.stash:
        config.stash[SERVER] = start_postgres()
    return config.stash[SERVER].url


def run_name(config: pytest.Config) -> str:
    """Return a name for this process that no other process and no other run uses."""
    handed_over = _handed_over(config)
    if handed_over:
        return f"{handed_over['waybill_run']}_{handed_over['workerid']}"
    return config.stash.setdefault(RUN, f"waybill_test_{secrets.token_hex(4)}")


def stop_server(config: pytest.Config) -> None:
    """Stop our own server, if one was started."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        del config.stash[SERVER]
        server.stop()


def _handed_over(config: pytest.Config) -> dict[str, str]:
    handed_over: dict[str, str] = getattr(config, "workerinput", {})
    return handed_over
