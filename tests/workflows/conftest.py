"""A copy of the demonstration's plant for each story, and the application over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.stories import Town
from waybill.clock import FixedClock


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


@pytest.fixture
def town(site: DemoSite, site_url: str, clock: FixedClock) -> Iterator[Town]:
    """The demonstration's installation, in which nothing was issued yet."""
    app = create_app(site.settings(site_url), clock=clock)
    runtime: Runtime = app.extensions[EXTENSION]
    yield Town(client=app.test_client(), register=site.register, clock=clock)
    runtime.engine.dispose()
