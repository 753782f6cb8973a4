"""Our own sealed codes: waybills and cards."""

from typing import Final

from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable
from waybill.qr_payload import MARKER, QrError, decode_qr_text

NAME: Final = "waybill_qr"


def read(text: str) -> Reading | None:
    """Read the envelope of a code; its signature is verified apart.

    A scanner that types with Caps Lock on turns `/q#` into `/Q#`; digits have no case, so the code
    itself is whole. Full-width digits are refused: whoever wrote them did not scan them.
    """
    if MARKER not in text:
        text = text.replace(MARKER.upper(), MARKER, 1)
    if MARKER not in text:
        return None
    try:
        sealed = decode_qr_text(text)
    except QrError as error:
        return unreadable(error.code, reader=NAME, value=text)
    return Reading(reader=NAME, kind=ReadingKind.SEALED, sealed=sealed)


READER: Final = Reader(name=NAME, read=read)
