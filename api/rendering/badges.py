"""A sheet of badges as PDF: the codes of those who sign on at a tablet, never their PINs."""

from collections.abc import Sequence
from datetime import datetime

from api.rendering.pdf import PrintData, typeset
from api.rendering.wording import local_time
from waybill.registry.devices import Badge


def badges_pdf(badges: Sequence[Badge], *, organisation: str, printed_at: datetime) -> bytes:
    """Return a sheet of badges, ten to a page, to be cut apart."""
    texts = {f"qr{number}": badge.text or "" for number, badge in enumerate(badges)}
    data: PrintData = {
        "organisation": organisation,
        "printed_at": local_time(printed_at),
        "badges": [
            {"label": badge.label, "made_at": local_time(badge.made_at)[:10], "qr": name}
            for name, badge in zip(texts, badges, strict=True)
        ],
    }
    (paper,) = typeset("badges.typ", data, texts)
    return paper
