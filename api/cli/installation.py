"""The installation that the environment names, for commands that write to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from waybill.errors import WaybillError
from waybill.goods.editions import add_editions
from waybill.settings import Settings
from waybill.storage.session import make_engine, session_factory, write_session


@contextmanager
def installation() -> Iterator[tuple[Session, Settings]]:
    """Give a session in a transaction of the installation; what it refuses is told and exits 1."""
    try:
        settings = Settings.from_env(os.environ)
        add_editions(settings.editions_dir)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    engine = make_engine(settings.database_url)
    try:
        with write_session(session_factory(engine)) as session:
            yield session, settings
    except WaybillError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
