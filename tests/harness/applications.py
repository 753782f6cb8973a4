"""Applications over databases of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from api import create_app
from api.runtime import EXTENSION, Runtime
from waybill.clock import Clock
from waybill.settings import Settings


@contextmanager
def application_over(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """Give an application, and close its connections after the test."""
    made = create_app(settings, clock=clock)
    runtime: Runtime = made.extensions[EXTENSION]
    yield made
    runtime.engine.dispose()
