"""An application over each database, with an account of every role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from api import create_app
from api.runtime import EXTENSION, Runtime
from api.sso import SsoDoors
from tests.harness import oidc_provider as lies
from tests.harness.accounts import Accounts, SignIn, access_token, seed_accounts
from tests.harness.applications import application_over
from tests.harness.bay import Bay
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.line import Line, seed_line
from tests.harness.oidc_provider import OidcProvider, oidc_provider
from tests.harness.page_user import PageTown, page_town
from tests.harness.second_factors import Enrolling, Phone, asking_for_factors
from tests.harness.sso import link, listed
from waybill.clock import FixedClock
from waybill.outbound.oidc_providers import read_providers
from waybill.registry.access import Role
from waybill.services.identity import AccountStates
from waybill.services.keys import KeyKeeper
from waybill.services.log.health import LogWatch
from waybill.settings import Settings
from waybill.storage.session import write_session


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation for tests."""
    return make_settings(database_url, tmp_path_factory.mktemp("keys"))


def make_settings(database_url: str, key_dir: Path) -> Settings:
    """Return settings with keys that guard nothing."""
    return Settings(
        database_url=database_url,
        secret_key="only-for-tests-only-for-tests-only",
        pii_key=bytes(range(32)),
        pii_index_key=bytes(range(32, 64)),
        key_dir=key_dir,
        exports_dir=key_dir / "exports",
        issuer="demo",
        public_url="http://localhost",
        second_factor_roles=frozenset(),
    )


@pytest.fixture(scope="session")
def application(settings: Settings) -> Flask:
    """The application, made once; ask for `app`, which gives each test a database of its own."""
    return create_app(settings)


@pytest.fixture
def app(application: Flask, engine: Engine, clock: FixedClock) -> Iterator[Flask]:
    """The application at a fixed time; whatever it commits is rolled back after the test.

    All of its transactions share one connection, so use it from one thread only; `served_app`
    is for races.
    """
    runtime: Runtime = application.extensions[EXTENSION]
    with engine.connect() as connection:
        outer = connection.begin()
        runtime.sessions = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        runtime.clock = clock
        runtime.account_states = AccountStates()
        for part in (KeyKeeper, LogWatch):
            runtime.parts.pop(part, None)
        yield application
        outer.rollback()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """What the application's views share."""
    found: Runtime = app.extensions[EXTENSION]
    return found


@pytest.fixture
def accounts(runtime: Runtime) -> Accounts:
    """Four organisations and an account of every role, in the application's database."""
    with write_session(runtime.sessions) as session:
        return seed_accounts(session, runtime.clock.now())


@pytest.fixture
def database(runtime: Runtime) -> Iterator[Session]:
    """A session that sees what the application has committed."""
    with runtime.sessions() as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that has not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(runtime: Runtime, accounts: Accounts) -> SignIn:
    """Gives the headers of an account: by its role, or by its name `other-carrier`."""

    def headers(name: Role | str) -> dict[str, str]:
        with write_session(runtime.sessions) as session:
            token = access_token(
                session,
                accounts.users[str(name)],
                settings=runtime.settings,
                now=runtime.clock.now(),
            )
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def line(runtime: Runtime, accounts: Accounts) -> Line:
    """A plant, a carrier and a clean petrol trip, with the installation's signing key."""
    return seed_line(runtime, accounts)


@pytest.fixture
def bay(client: FlaskClient, sign_in: SignIn, line: Line) -> Bay:
    """The bay and the office of that trip over HTTP."""
    return Bay(client=client, sign_in=sign_in, line=line)


@pytest.fixture
def served_app(fresh_database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database of its own, in which it really commits: for races."""
    with application_over(make_settings(fresh_database_url, tmp_path), clock) as made:
        yield made


@pytest.fixture(scope="module")
def site(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers, without a waybill."""
    made = register_site(databases, dialect, tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as made:
        yield made
    databases.drop(url)


@pytest.fixture
def auditor(
    runtime: Runtime, client: FlaskClient, accounts: Accounts, clock: FixedClock
) -> Iterator[Enrolling]:
    """An auditor whose role must have a second factor and who has none yet."""
    assert accounts.users
    with asking_for_factors(runtime, "auditor", "admin"):
        yield Enrolling(client=client, phone=Phone(clock=clock), username="auditor")


@pytest.fixture
def enrolled(auditor: Enrolling) -> Enrolling:
    """The auditor with an authenticator."""
    auditor.enrol()
    return auditor


@pytest.fixture(scope="module")
def running_provider() -> Iterator[OidcProvider]:
    """A provider for all tests of this file; each gives it a clock and takes its lies back."""
    with oidc_provider(FixedClock.__new__(FixedClock)) as made:
        yield made


@pytest.fixture
def provider(running_provider: OidcProvider, clock: FixedClock) -> OidcProvider:
    """The provider, honest."""
    running = running_provider
    running.clock, running.sign, running.subject = clock, lies.signed, "person-1"
    running.claims, running.metadata, running.begun, running.asked = {}, {}, {}, []
    return running


@pytest.fixture
def sso_plant(
    runtime: Runtime, accounts: Accounts, provider: OidcProvider, tmp_path: Path
) -> Accounts:
    """An installation whose plant has a log-in of its own."""
    path = listed(tmp_path, ("plant", provider.issuer))
    runtime.add_part(SsoDoors(read_providers(path, {"SECRET": provider.client_secret})))
    return accounts


@pytest.fixture
def linked(sso_plant: Accounts, client: FlaskClient, sign_in: SignIn) -> Accounts:
    """The same, with its loader's account linked to the provider's person."""
    assert link(client, sign_in, sso_plant, "loader", subject="person-1").status_code == 201
    return sso_plant
