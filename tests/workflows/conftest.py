"""A copy of the demonstration's plant for each story, and the application over it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.judged_again import judge_again
from tests.harness.stories import Judged, Town
from waybill.clock import FixedClock
from waybill.services.identity import AccountStates
from waybill.storage.session import session_factory


@pytest.fixture(scope="session")
def site(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers, without a waybill."""
    made = register_site(databases, dialect, tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@pytest.fixture
def site_url(databases: Databases, site: DemoSite) -> Iterator[str]:
    """A copy of the site's database for this test alone."""
    url = databases.copy(site.url)
    yield url
    databases.drop(url)


@pytest.fixture
def site_engine(databases: Databases, site_url: str) -> Iterator[Engine]:
    """The engine of the copy."""
    made = databases.engine(site_url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def site_application(site: DemoSite) -> Flask:
    """The application, made once; ask for `town`, which gives each story a database of its own."""
    made = create_app(site.settings(site.url))
    made.extensions[EXTENSION].engine.dispose()
    return made


@pytest.fixture
def kept_true() -> bool:
    """Whether nobody tampers with what was kept: then every verdict is judged again at the end."""
    return True


@pytest.fixture
def town(
    site: DemoSite,
    site_application: Flask,
    site_engine: Engine,
    clock: FixedClock,
    kept_true: bool,  # noqa: FBT001  a fixture
) -> Iterator[Town]:
    """The demonstration's installation, in which nothing was issued yet."""
    runtime: Runtime = site_application.extensions[EXTENSION]
    runtime.engine = site_engine
    runtime.sessions = session_factory(site_engine)
    runtime.clock = clock
    runtime.account_states = AccountStates()
    runtime.parts.clear()
    yield Town(client=site_application.test_client(), register=site.register, clock=clock)
    if kept_true:
        judge_again(site_engine)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say of two verdicts only where they differ: there are some forty findings in each."""
    if op != "==" or not (isinstance(left, Judged) and isinstance(right, Judged)):
        return None
    codes = sorted({*left.findings, *right.findings})
    return [
        f"verdicts differ: clears {left.clears}, expected {right.clears}",
        *(
            f"{code}: {left.findings.get(code)}, expected {right.findings.get(code)}"
            for code in codes
            if left.findings.get(code) != right.findings.get(code)
        ),
    ]
