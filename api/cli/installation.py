"""The installation that the environment names, for commands that write to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session, sessionmaker

from waybill.errors import WaybillError
from waybill.goods.editions import add_editions
from waybill.rules.figures import FIGURES, add_figure_source
from waybill.settings import Settings
from waybill.storage.session import make_engine, session_factory, write_session


def environment_settings() -> Settings:
    """Return the settings that the environment holds, with its editions of the law taken in.

    What is missing or wrong is told and exits 1.
    """
    try:
        settings = Settings.from_env(os.environ)
        add_editions(settings.editions_dir)
        add_figure_source(settings.editions_dir / FIGURES)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    return settings


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
