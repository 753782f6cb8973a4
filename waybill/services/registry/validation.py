"""Field checks that say everything that is wrong at once."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from waybill.errors import FieldProblem, InvalidFieldError
from waybill.identifiers import IdentifierError
from waybill.registry.kinds import Provenance

T = TypeVar("T")

MAX_QUANTITY: Final = Decimal(10) ** 10
QUANTITY_PLACES: Final = 3
CLAIMABLE: Final = frozenset({Provenance.TYPED, Provenance.DOCUMENT})
"""What somebody who writes by hand may claim: a register speaks through its own feed."""

UNSEEN: Final = (
    r"\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
"""Characters of any text, for a class of a pattern, that nobody sees: they break lines, turn text
round, or make two names of one. Variation selectors are left: rare characters of names need them.
"""
_CONTROLS: Final = re.compile(rf"[\x00-\x1f{UNSEEN}]")


class Complaint(NamedTuple):
    """Why a field cannot be accepted: a stable code and words to show."""

    code: str
    message_zh: str
    message_en: str


REQUIRED: Final = Complaint("required", "此项必填。", "This field is required.")
NOT_EXPECTED: Final = Complaint(
    "not-expected", "此项不适用，请留空。", "This does not apply here; leave it out."
)
NOT_POSITIVE: Final = Complaint("not-positive", "数值应大于 0。", "The figure must be above 0.")
TOO_PRECISE: Final = Complaint(
    "too-precise",
    "数值最多 3 位小数，整数部分最多 10 位。",
    "At most 3 decimals and 10 digits before the point.",
)
TOO_LONG: Final = Complaint("too-long", "内容过长。", "This is too long.")
CONTROL_CHARACTER: Final = Complaint(
    "control-character",
    "含有不可见的控制字符，请删除。",
    "There is an invisible control character.",
)
REPEATED: Final = Complaint("repeated", "内容重复。", "This stands here more than once.")
NOT_CLAIMABLE: Final = Complaint(
    "provenance-not-claimable",
    "手工登记的来源只能是“证件”或“手工录入”。",
    "What is entered by hand comes from a document or is typed.",
)


class FieldCheck:
    """Collects the problems of one request; `settle` refuses it if there are any."""

    def __init__(self) -> None:
        self._problems: list[FieldProblem] = []

    def complain(self, pointer: str, complaint: Complaint) -> None:
        """Note that a field cannot be accepted."""
        self._problems.append(
            FieldProblem(
                pointer=pointer,
                code=complaint.code,
                message_zh=complaint.message_zh,
                message_en=complaint.message_en,
            )
        )

    def expect(self, pointer: str, complaint: Complaint, *, holds: bool) -> None:
        """Note `complaint` unless it holds."""
        if not holds:
            self.complain(pointer, complaint)

    def read(self, pointer: str, parse: Callable[[str], T], text: str) -> T | None:
        """Return what `parse` makes of an identifier, or note why it is refused."""
        try:
            return parse(text)
        except IdentifierError as error:
            self.complain(pointer, Complaint(error.code, error.message_zh, error.message_en))
            return None

    def identifier(self, pointer: str, parse: Callable[[str], str], text: str) -> str:
        """Return an identifier in its stored spelling; a refused one as it came, and noted."""
        found = self.read(pointer, parse, text)
        return text if found is None else found

    def line(self, pointer: str, text: str, *, longest: int, required: bool = True) -> str:
        """Return one line of text without outer spaces."""
        stripped = text.strip()
        self.expect(pointer, REQUIRED, holds=bool(stripped) or not required)
        self.expect(pointer, TOO_LONG, holds=len(stripped) <= longest)
        self.expect(pointer, CONTROL_CHARACTER, holds=not _CONTROLS.search(stripped))
        return stripped

    def quantity(
        self, pointer: str, value: Decimal | None, *, required: bool = False
    ) -> Decimal | None:
        """Return a figure above 0 that the database keeps exactly."""
        if value is None:
            self.expect(pointer, REQUIRED, holds=not required)
            return None
        if not value.is_finite() or value <= 0:
            self.complain(pointer, NOT_POSITIVE)
            return value
        exact = round(value, QUANTITY_PLACES) == value and value < MAX_QUANTITY
        self.expect(pointer, TOO_PRECISE, holds=exact)
        return value

    def provenance(self, value: Provenance) -> None:
        """Refuse a provenance that nobody can claim by hand."""
        self.expect("/provenance", NOT_CLAIMABLE, holds=value in CLAIMABLE)

    def settle(self) -> None:
        """Refuse the request if anything was noted.

        Raises:
            InvalidFieldError: names every field at once.
        """
        if self._problems:
            raise InvalidFieldError(self._problems)


def checked_reason(text: str, pointer: str = "/reason") -> str:
    """Return a reason that can be read later: one to 300 characters.

    Raises:
        InvalidFieldError: it is empty, too long or has control characters.
    """
    check = FieldCheck()
    reason = check.line(pointer, text, longest=300)
    check.settle()
    return reason
