"""Fields of the API that take exactly one spelling of each value.

marshmallow's own are generous: `Decimal(places=1)` rounds silently, `Integer` takes `"5"` and
`true`, `Boolean` takes `"yes"`, `DateTime` takes a moment without a zone. These do not, and each
says in the API's description what it takes.
"""

from api.fields.base import Fault, StrictField, fault
from api.fields.files import UploadedFile
from api.fields.lists import MAX_LIST_ITEMS, Json, Many
from api.fields.moments import Instant, LocalDate
from api.fields.numbers import DecimalString, QueryFlag, QueryInteger, StrictBoolean, StrictInteger
from api.fields.text import Choice, Code, Identity, Secret, Text

__all__ = [
    "MAX_LIST_ITEMS",
    "Choice",
    "Code",
    "DecimalString",
    "Fault",
    "Identity",
    "Instant",
    "Json",
    "LocalDate",
    "Many",
    "QueryFlag",
    "QueryInteger",
    "Secret",
    "StrictBoolean",
    "StrictField",
    "StrictInteger",
    "Text",
    "UploadedFile",
    "fault",
]
