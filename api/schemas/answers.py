"""Fields that only answers have."""

from types import MappingProxyType

from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import StrictField


class Said(StrictField[str]):
    """Text as it is told: of any length, also none."""

    openapi = MappingProxyType({"type": "string"})

    @override
    def read(self, value: object) -> str:
        return str(value)
