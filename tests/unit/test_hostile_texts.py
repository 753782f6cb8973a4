"""Texts that would be markup stay texts, in every picture that the product draws itself."""

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from api.rendering.dots import Dot, Scale, dots_svg
from api.rendering.plates import plate_svg
from api.rendering.plots import Bar, Column, LabelledBar, bars_svg, columns_svg
from api.rendering.qr import qr_svg
from waybill.registry.kinds import PlateColour

HOSTILE = """"'><script>alert(1)</script><a onload=x href="javascript:x">&amp;"""
BAR = Bar(value=1, said=HOSTILE, href=HOSTILE)
LYING = LabelledBar(value=1, said=HOSTILE, href=HOSTILE, label=HOSTILE)
DOT = Dot(share=0.5, value=1.0, filled=True, said=HOSTILE, href=HOSTILE)
SCALE = Scale(top=2.0, line=1.0, unit=HOSTILE)

PICTURES: dict[str, Callable[[], str]] = {
    "bars": lambda: bars_svg([LYING], HOSTILE),
    "columns": lambda: columns_svg([Column(label=HOSTILE, parts=(BAR,))], HOSTILE),
    "dots": lambda: dots_svg([DOT], HOSTILE, SCALE, first=HOSTILE, last=HOSTILE),
    "a plate": lambda: plate_svg(HOSTILE, PlateColour.YELLOW),
    "a code": lambda: qr_svg(HOSTILE),
}


def names(picture: str) -> Iterator[str]:
    """Return what elements and attributes a picture has; links are attributes with a value."""
    for element in ET.fromstring(picture).iter():  # noqa: S314  our own picture
        yield element.tag.rpartition("}")[2]
        yield from element.attrib


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_becomes_markup(name: str) -> None:
    found = set(names(PICTURES[name]()))

    assert not {"script", "onload"} & found
