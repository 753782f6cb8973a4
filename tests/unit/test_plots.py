"""Plots as SVG: links with words, whole figures, fillings that differ without colour."""

from xml.etree import ElementTree as ET

import pytest

from api.rendering.plots import Bar, Column, LabelledBar, bars_svg, columns_svg, round_up

SVG = "{http://www.w3.org/2000/svg}"


def bar(value: int, said: str = "一", href: str = "/events?a=1&b=2") -> Bar:
    return Bar(value=value, said=said, href=href)


def parse(svg: str) -> ET.Element:
    """Read a drawing as a browser reads it inside a page."""
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314  our own drawing


def links(svg: str) -> list[tuple[str | None, str | None]]:
    """Return address and words of every link."""
    return [(a.get("href"), a.get("aria-label")) for a in parse(svg).iter(f"{SVG}a")]


@pytest.mark.parametrize(
    ("value", "end"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 6), (9, 10), (11, 20), (81, 100)]
)
def test_an_axis_ends_at_a_round_number_above(value: int, end: int) -> None:
    assert round_up(value) == end


def test_every_bar_is_a_link_with_words_and_its_figure_stands_behind_it() -> None:
    rows = [
        LabelledBar(label="甲 <b>", value=1200, said="甲 1200", href="/events?a=1&b=2"),
        LabelledBar(label="乙", value=300, said="乙 300", href="/events"),
    ]

    svg = bars_svg(rows, "按承运人", series=1)

    assert links(svg) == [("/events?a=1&b=2", "甲 1200"), ("/events", "乙 300")]
    texts = [text.text for text in parse(svg).iter(f"{SVG}text")]
    assert texts == ["1,200", "300"]
    widths = [rect.get("width") for rect in parse(svg).iter(f"{SVG}rect")]
    assert widths == ["82.00%", "20.50%"]
    assert "甲 &lt;b&gt;" in svg


def test_parts_of_a_column_stand_on_each_other_and_differ_by_filling() -> None:
    svg = columns_svg([Column(label="11-22", parts=(bar(3), bar(1)))], "查验")

    low, high = list(parse(svg).iter(f"{SVG}rect"))
    assert (low.get("class"), low.get("fill")) == ("series-0", None)
    assert (high.get("class"), high.get("fill")) == ("series-1", "url(#filling-1)")
    bottom = float(high.get("y") or 0) + float(high.get("height") or 0)
    assert bottom == pytest.approx(float(low.get("y") or 0), abs=0.1)


def test_nothing_is_drawn_for_nought_and_many_columns_have_no_figures() -> None:
    few = columns_svg([Column(label=str(n), parts=(bar(n),)) for n in range(3)], "x")
    many = columns_svg([Column(label=str(n), parts=(bar(1),)) for n in range(40)], "x")

    none = bars_svg([LabelledBar(label="离线", value=0, said="离线 0", href="/")], "x")

    assert (links(none), none.count(">0</text>")) == ([], 1)
    assert (len(links(few)), few.count('class="value"')) == (2, 2)
    assert (len(links(many)), many.count('class="value"')) == (40, 0)
    assert many.count('text-anchor="middle"') <= 12
