"""Compartments and approved substances as people write them, one per line."""

import re
from decimal import Decimal
from typing import Final

from api.page_forms import Words
from api.pages.showing import form_figure
from waybill.registry.records import ApprovedSubstance, Compartment

_COMPARTMENT: Final = re.compile(
    r"([1-9][0-9]?)\s+([0-9]{1,7}(?:\.[0-9]{1,3})?)(?:\s+([0-9]{1,7}(?:\.[0-9]{1,3})?))?"
)
_SUBSTANCE: Final = re.compile(
    r"(?:UN\s*)?([0-9]{4})"
    r"(?:\s+((?:III|II|I)(?:[,，/](?:III|II|I))*))?"
    r"(?:\s+仓?([1-9][0-9]?)仓?)?"
    r"(?:\s+≤([^;；]{1,40}))?"
    r"(?:(?:\s*[;；]\s*|\s+(?!≤))(\S.*))?"
)
COMPARTMENTS: Final[Words] = (
    "compartments-shape",
    "每行写：仓号 容积(L) [最大隔段容积(L)]，如“1 15000 7500”。",
    "Each line: number, litres, and the largest section's litres if known, as “1 15000 7500”.",
)
SUBSTANCES: Final[Words] = (
    "substances-shape",
    "每行写：联合国编号 [包装类别] [仓号] [≤浓度；] [技术名称]，如“1203 II”。",
    "Each line: UN number, packing groups, compartment, ≤concentration; technical name: “1203 II”.",
)


def substance_line(substance: ApprovedSubstance) -> str:
    """Return a line of the list as people write it: `1203 II,III`."""
    parts = (
        substance.un_number,
        ",".join(substance.packing_groups),
        f"仓{substance.compartment}" if substance.compartment is not None else "",
        f"≤{substance.max_concentration}" if substance.max_concentration else "",
    )
    # A concentration may hold spaces, so what follows it needs a mark of its own.
    between = "; " if substance.max_concentration else " "
    return between.join(filter(None, (" ".join(filter(None, parts)), substance.technical_name)))


def compartment_line(compartment: Compartment) -> str:
    """Return a compartment as people write it: `1 15000 7500`."""
    parts = (
        str(compartment.number),
        form_figure(compartment.capacity_l),
        form_figure(compartment.largest_section_l),
    )
    return " ".join(filter(None, parts))


def parse_substance(line: str) -> ApprovedSubstance:
    """Read what `substance_line` writes.

    Raises:
        ValueError: the line has another shape.
    """
    found = _SUBSTANCE.fullmatch(line)
    if found is None:
        raise ValueError(line)
    number, groups, compartment, concentration, technical_name = found.groups()
    return ApprovedSubstance(
        un_number=number,
        packing_groups=tuple(re.split("[,，/]", groups)) if groups else (),
        technical_name=technical_name or "",
        max_concentration=concentration or "",
        compartment=int(compartment) if compartment else None,
    )


def parse_compartment(line: str) -> Compartment:
    """Read what `compartment_line` writes.

    Raises:
        ValueError: the line has another shape.
    """
    found = _COMPARTMENT.fullmatch(line)
    if found is None:
        raise ValueError(line)
    number, capacity_l, section_l = found.groups()
    return Compartment(
        number=int(number),
        capacity_l=Decimal(capacity_l),
        largest_section_l=Decimal(section_l) if section_l else None,
    )
