"""What the outside reaches: pages, API, command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from waybill.clock import Clock
    from waybill.settings import Settings


def create_app(settings: "Settings", *, clock: "Clock | None" = None) -> "Flask":
    """Return the application of an installation; see `api.application`."""
    # Verifying a code on the command line must not load the web framework.
    from api import application  # noqa: PLC0415

    return application.create_app(settings, clock=clock)
