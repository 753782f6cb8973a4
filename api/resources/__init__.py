"""The resources of the API: one module each, none importing another, listed here."""

from typing import Final

from api.blueprint import Blueprint
from api.resources import api_keys, events, tokens, users

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    tokens.blueprint,
    api_keys.blueprint,
    users.blueprint,
    events.blueprint,
)
"""In the order in which the API's description shows them."""
