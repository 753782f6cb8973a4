"""The resources of the API: one module each, none importing another, listed here."""

from typing import Final

from api.blueprint import Blueprint
from api.resources import (
    answers,
    api_keys,
    assessments,
    bays,
    black_list,
    cards,
    certificates,
    checks,
    codes,
    dangerous_goods,
    directory,
    events,
    facilities,
    keys,
    organisations,
    people,
    plant_items,
    replays,
    rules,
    tanks,
    tokens,
    users,
    vehicles,
    waybills,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    tokens.blueprint,
    api_keys.blueprint,
    users.blueprint,
    dangerous_goods.blueprint,
    rules.blueprint,
    directory.blueprint,
    organisations.blueprint,
    facilities.blueprint,
    bays.blueprint,
    plant_items.blueprint,
    vehicles.blueprint,
    tanks.blueprint,
    people.blueprint,
    certificates.blueprint,
    black_list.blueprint,
    cards.blueprint,
    waybills.blueprint,
    checks.blueprint,
    answers.blueprint,
    assessments.blueprint,
    codes.blueprint,
    keys.blueprint,
    events.blueprint,
    replays.blueprint,
)
"""In the order in which the API's description shows them."""
