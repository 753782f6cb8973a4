"""What comes in and goes out of the API, field by field; one module per resource."""

from typing import ClassVar

from marshmallow import RAISE, Schema


class Form(Schema):
    """Base of every schema: a field nobody knows is refused, never dropped."""

    class Meta:
        """Settings of marshmallow."""

        unknown: ClassVar[str] = RAISE
