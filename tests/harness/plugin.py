"""Gives every test process the one PostgreSQL of the session."""

from typing import Protocol

import pytest

from tests.harness.server import run_name, server_url, stop_server


class WorkerNode(Protocol):
    """What pytest-xdist hands over about a worker that is to be started."""

    config: pytest.Config
    workerinput: dict[str, str]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerNode) -> None:
    """Tell a worker of pytest-xdist which server to use: it lives with the controller."""
    node.workerinput["waybill_server_url"] = server_url(node.config)
    node.workerinput["waybill_run"] = run_name(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what the session started."""
    stop_server(config)
