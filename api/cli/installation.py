"""The installation that the environment names, for commands that write to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session, sessionmaker

from waybill.errors import WaybillError
from waybill.settings import Settings, SettingsError
from waybill.storage.session import make_engine, session_factory, write_session


def environment_settings() -> Settings:
    """Return the settings that the environment holds; what it lacks is told and exits 1."""
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def installation() -> Iterator[tuple[Session, Settings]]:
    """Give a session in a transaction of the installation; what it refuses is told and exits 1."""
    settings = environment_settings()
    engine = make_engine(settings.database_url)
    try:
        with write_session(session_factory(engine)) as session:
            yield session, settings
    except WaybillError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()


@contextmanager
def reading_installation() -> Iterator[sessionmaker[Session]]:
    """Give the maker of sessions, for commands that read page by page."""
    engine = make_engine(environment_settings().database_url)
    try:
        yield session_factory(engine)
    except WaybillError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
