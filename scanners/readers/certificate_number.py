"""Numbers of road transport papers as they are printed: 苏交运管许可淮字320800123456号.

Read only with the words around the digits: twelve bare digits may be anything, and only the step
that asks for them says what they are. The vehicle licence (行驶证) has the vehicle's plate as its
number, and is read as a plate.
"""

import re
from typing import Final

from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable

NAME: Final = "certificate_number"

_PRINTED: Final = re.compile(r"[\u4e00-\u9fff（）()\[\]]{1,20}字第?(?P<digits>[0-9]{1,20})号?")
_DIGITS: Final = 12


def read(text: str) -> Reading | None:
    """Read the twelve digits; another number of them is a paper's number that was misread."""
    found = _PRINTED.fullmatch("".join(text.split()))
    if found is None:
        return None
    if len(found["digits"]) != _DIGITS:
        return unreadable("certificate-digits", reader=NAME, value=text)
    return Reading(reader=NAME, kind=ReadingKind.CERTIFICATE_NUMBER, value=found["digits"])


READER: Final = Reader(name=NAME, read=read)
