"""Electronic licences: the identifier of GB/T 36904, as their codes carry it.

An electronic licence of the state (电子证照: 道路运输证, 经营许可证 and others) is named by
`1.2.156.3005.2` and five parts: kind of licence, issuing authority, serial number, version, check
character. It may stand alone or at the end of an address. It names one paper and proves nothing:
whether it is in force, the register says. The electronic vehicle licence (电子行驶证) of the police
shows a code of its own that changes by the minute and is for their readers only; it is unreadable
here. The check character is not judged: issuers compute it in more than one way.
"""

import re
from typing import Final

from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable

NAME: Final = "electronic_licence"
ROOT: Final = "1.2.156.3005.2."

_IDENTIFIER: Final = re.compile(
    r"1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z_-]{1,40}\.[0-9]{3}\.[0-9A-Z]"
)


def read(text: str) -> Reading | None:
    """Read the identifier; one that is cut off or damaged is unreadable."""
    _, root, rest = text.partition(ROOT)
    if not root:
        return None
    found = _IDENTIFIER.fullmatch(ROOT + rest.upper())
    if found is None:
        return unreadable("licence-identifier", reader=NAME, value=text)
    return Reading(reader=NAME, kind=ReadingKind.ELECTRONIC_LICENCE, value=found[0])


READER: Final = Reader(name=NAME, read=read)
