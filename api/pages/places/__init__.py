"""The places of the register: vehicles, tanks, people. One module each, of one shape."""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.places import people, tanks, vehicles
from api.pages.places.place import Place

PLACES: Final[Mapping[str, Place[Any]]] = {
    place.name: place for place in (vehicles.PLACE, tanks.PLACE, people.PLACE)
}
