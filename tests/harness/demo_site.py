"""The demonstration's plant and carriers, registered once per dialect and copied per test."""

import shutil
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from api.demo.register import Register
from api.demo.registry import Registrar
from tests.harness.databases import Databases
from waybill.clock import FixedClock
from waybill.services.keys import add_signing_key
from waybill.settings import Settings
from waybill.storage.personal import PersonalVault
from waybill.storage.session import session_factory, write_session

PASSWORD: Final = "waybill-demo"
REGISTERED_AT: Final = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """A database in which everything is registered and no waybill written, and what lies in it."""

    url: str
    key_dir: Path
    register: Register

    def settings(self, database_url: str) -> Settings:
        """Return the settings of an installation over a copy of the site's database."""
        return demo_settings(database_url, self.key_dir)


def demo_settings(database_url: str, key_dir: Path) -> Settings:
    """Return an installation's settings, with secrets that guard nothing."""
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


def register_site(databases: Databases, dialect: str, key_dir: Path) -> DemoSite:
    """Register the demonstration's companies, fleet, people and accounts, and a signing key.

    All of that happens a few minutes before the moment at which the tests' clock stands. It is
    done once per process and dialect; whoever asks gets a copy, whose keys lie in `key_dir`.

    The caller drops the database.
    """
    original = _original(databases, dialect)
    shutil.copytree(original.key_dir, key_dir, dirs_exist_ok=True)
    return DemoSite(
        url=databases.copy(original.url), key_dir=key_dir, register=deepcopy(original.register)
    )


@cache
def _original(databases: Databases, dialect: str) -> DemoSite:
    clock = FixedClock(REGISTERED_AT)
    url = databases.fresh(dialect)
    databases.keep(url)
    settings = demo_settings(url, databases.folder / f"keys-of-{dialect}")
    engine = databases.engine(url)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    with write_session(session_factory(engine)) as session:
        register = Registrar(session, vault, clock, PASSWORD).write()
        add_signing_key(session, None, settings.key_dir, issuer=settings.issuer, clock=clock)
    engine.dispose()
    return DemoSite(url=url, key_dir=settings.key_dir, register=register)
