"""Safety information codes of hazardous chemicals (一企一品一码) on packages and labels.

Since 2023 each product of each enterprise has a code that leads to its entry in the national
register: the register's address and the registration number, which the enterprise may extend
(T/CCSAS 047-2023, known from its announcement only). It is recognised so that the loader is told
what was scanned. It identifies a product, never a vehicle, person or waybill: it is no evidence.
"""

from typing import Final
from urllib.parse import urlsplit

from scanners.readers.reading import MAX_SHOWN_CHARS, Reader, Reading, ReadingKind

NAME: Final = "hazchem_label"

# Believed, not confirmed: the hosts of the ministry's register and of its registration centre.
REGISTER_HOSTS: Final = ("mem.gov.cn", "nrcc.com.cn")
WORDS: Final = (
    "一企一品一码",
    "安全信息码",
    "化学品安全标签",
    "危险化学品登记号",
    "化学品登记编号",
)


def read(text: str) -> Reading | None:
    """Recognise an address of the register, or text with the label's own words."""
    if not (_leads_to_register(text) or any(word in text for word in WORDS)):
        return None
    return Reading(reader=NAME, kind=ReadingKind.HAZCHEM_LABEL, value=text[:MAX_SHOWN_CHARS])


def _leads_to_register(text: str) -> bool:
    try:
        address = urlsplit(text)
        host = address.hostname or ""
    except ValueError:
        return False
    if address.scheme not in ("http", "https"):
        return False
    return any(host == known or host.endswith(f".{known}") for known in REGISTER_HOSTS)


READER: Final = Reader(name=NAME, read=read)
