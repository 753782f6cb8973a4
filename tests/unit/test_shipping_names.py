"""The proper shipping names inside the list's printed names."""

import csv
import re

import pytest

from waybill.goods.catalogue import editions, load
from waybill.goods.shipping_name import FILE, shipping_names

LIST = load(editions()[-1].name)


@pytest.mark.parametrize(
    ("name_en", "names"),
    [
        pytest.param("CHLORINE", ("CHLORINE",), id="capitals alone"),
        pytest.param("Calcium oxide", ("Calcium oxide",), id="small letters alone"),
        pytest.param("Hay, Straw or Bhusa", ("Hay, Straw or Bhusa",), id="small alternatives"),
        pytest.param("METHYL tert-BUTYL ETHER", ("METHYL tert-BUTYL ETHER",), id="small prefix"),
        pytest.param(
            "BUTYLENES MIXTURE or 1-BUTYLENE or cis-2-BUTYLENE or trans-2-BUTYLENE",
            ("BUTYLENES MIXTURE", "1-BUTYLENE", "cis-2-BUTYLENE", "trans-2-BUTYLENE"),
            id="alternatives with figures and small prefixes",
        ),
        pytest.param(
            "1,1-DIFLUOROETHANE (REFRIGERANT GAS R 152a)",
            ("1,1-DIFLUOROETHANE (REFRIGERANT GAS R 152a)",),
            id="figures and brackets of the name",
        ),
        pytest.param(
            "AMINOPHENOLS (o-, m-, p-)", ("AMINOPHENOLS (o-, m-, p-)",), id="isomers in brackets"
        ),
        pytest.param(
            "ETHANOL (ETHYL ALCOHOL) or ETHANOL SOLUTION (ETHYL ALCOHOL SOLUTION)",
            ("ETHANOL (ETHYL ALCOHOL)", "ETHANOL SOLUTION (ETHYL ALCOHOL SOLUTION)"),
            id="alternatives with brackets",
        ),
        pytest.param(
            "CALCIUM HYPOCHLORITE, HYDRATED, or CALCIUM HYPOCHLORITE, HYDRATED MIXTURE, with not "
            "less than 5.5% but not more than 16% water",
            ("CALCIUM HYPOCHLORITE, HYDRATED", "CALCIUM HYPOCHLORITE, HYDRATED MIXTURE"),
            id="a comma before or",
        ),
        pytest.param(
            "DIESEL FUEL complying with standard EN 590:2013 + AC:2014 or GAS OIL or HEATING OIL, "
            "LIGHT with a flash-point as specified in EN 590:2013 + AC:2014",
            ("DIESEL FUEL", "GAS OIL", "HEATING OIL, LIGHT"),
            id="capitals inside a description",
        ),
        pytest.param(
            "PAINT (including paint or lacquer) or PAINT RELATED MATERIAL (including thinner)",
            ("PAINT", "PAINT RELATED MATERIAL"),
            id="descriptions in brackets",
        ),
        pytest.param(
            "RADIOACTIVE MATERIAL, TYPE B(U) PACKAGE, non fissile or fissile-excepted",
            ("RADIOACTIVE MATERIAL, TYPE B(U) PACKAGE",),
            id="a bracket inside a word",
        ),
        pytest.param(
            "AMMUNITION, SMOKE (WHITE or RED PHOSPHORUS), with burster or MINES",
            ("AMMUNITION, SMOKE (WHITE or RED PHOSPHORUS)", "MINES"),
            id="or inside brackets parts nothing",
        ),
        pytest.param(
            "CHARGES, SHAPED without detonator, COMMERCIAL",
            ("CHARGES, SHAPED COMMERCIAL",),
            id="capitals after a comma resume",
        ),
        pytest.param(
            "PETROLEUM CRUDE OIL with more than 2 MPa or less",
            ("PETROLEUM CRUDE OIL",),
            id="units inside a description",
        ),
        pytest.param(
            "REFRIGERANT GAS, N.O.S., such as mixture F1, mixture F2 or mixture F3",
            ("REFRIGERANT GAS, N.O.S.",),
            id="examples",
        ),
        pytest.param(
            "SOLIDS or mixtures of solids (such as preparations and wastes) CONTAINING FLAMMABLE "
            "LIQUID, N.O.S. having a flash-point up to 60 °C",
            ("SOLIDS CONTAINING FLAMMABLE LIQUID, N.O.S.",),
            id="examples inside brackets",
        ),
        pytest.param(
            "NICOTINE HYDROCHLORIDE, LIQUID or SOLUTION",
            ("NICOTINE HYDROCHLORIDE, LIQUID", "NICOTINE HYDROCHLORIDE, SOLUTION"),
            id="names that share words",
        ),
        pytest.param("ALCOHOLS, N. O. S.", ("ALCOHOLS, N.O.S.",), id="N.O.S. with spaces"),
        pytest.param("ALCOHOLS, N.O.S", ("ALCOHOLS, N.O.S.",), id="N.O.S. without its last stop"),
        pytest.param("SELENATES or SELENATES", ("SELENATES",), id="the same name twice"),
    ],
)
def test_proper_shipping_names_are_what_stands_in_capitals(
    name_en: str, names: tuple[str, ...]
) -> None:
    assert shipping_names(name_en) == names


def test_every_name_that_is_written_out_belongs_to_a_row() -> None:
    with FILE.open(encoding="utf-8", newline="") as lines:
        written_out = {row["name_en"] for row in csv.DictReader(lines)}

    assert written_out - {entry.name_en for entry in LIST.entries} == set()


def test_names_are_in_capitals_but_for_what_belongs_to_them() -> None:
    small = {
        name
        for entry in LIST.entries
        if re.search("[A-Z]{2}", entry.name_en)
        for name in shipping_names(entry.name_en)
        if re.search("[a-z]{3}", re.sub(r"(?:tert|cis|trans|alpha|beta)-", "", name))
    }

    assert small == set()
