"""Applications over databases of their own; to put one together costs more than most tests do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask

from api import create_app
from api.application import make_runtime
from api.runtime import EXTENSION, Runtime
from waybill.clock import Clock
from waybill.settings import Settings

_IDLE: Final[list[Flask]] = []


@contextmanager
def application_over(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """Give an application; its views may have served a test before, all that they share is new.

    It is for settings that differ from others by where things lie: add no route and no hook.
    """
    assert (settings.trusted_proxies, settings.demo_page) == (0, None)
    if _IDLE:
        made = _IDLE.pop()
        made.extensions[EXTENSION] = make_runtime(settings, clock)
    else:
        made = create_app(settings, clock=clock)
    runtime: Runtime = made.extensions[EXTENSION]
    config = dict(made.config)
    yield made
    runtime.engine.dispose()
    made.config.clear()
    made.config.update(config)
    _IDLE.append(made)
