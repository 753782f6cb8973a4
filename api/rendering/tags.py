"""A sheet of presence tags (到位标签), each with its code, its point and its bay."""

from collections.abc import Sequence
from datetime import datetime

from api.rendering.pdf import PrintData, typeset
from api.rendering.wording import local_time
from waybill.registry.labels import label_of
from waybill.registry.looking import PresenceTag
from waybill.services.looking.codes import tag_code


def tags_pdf(
    tags: Sequence[PresenceTag], *, key: bytes, facility: str, printed_at: datetime
) -> bytes:
    """Return the sheet, six tags to a page."""
    codes = {f"qr{number}": tag_code(key, tag.id) for number, tag in enumerate(tags)}
    data: PrintData = {
        "facility": facility,
        "printed_at": local_time(printed_at),
        "tags": [
            {
                "zh": f"{label_of(tag.point).zh} {tag.label}".strip(),
                "en": label_of(tag.point).en,
                "bay": tag.bay_name,
                "text": codes[f"qr{number}"],
                "qr": f"qr{number}",
            }
            for number, tag in enumerate(tags)
        ],
    }
    (paper,) = typeset("tags.typ", data, codes)
    return paper
