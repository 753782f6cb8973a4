"""Workbooks read back without the library that wrote them."""

import zipfile
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

NAMESPACE: Final = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(workbook: bytes) -> dict[str, list[list[str]]]:
    """Read a workbook's cells as text, by the names of its sheets, without the library."""
    with zipfile.ZipFile(BytesIO(workbook)) as parts:
        root = ET.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314  our own
        strings = ["".join(item.itertext()) for item in root.findall("m:si", NAMESPACE)]
        book = ET.fromstring(parts.read("xl/workbook.xml"))  # noqa: S314  our own
        names = [sheet.attrib["name"] for sheet in book.iterfind(".//m:sheet", NAMESPACE)]
        found = {}
        for number, name in enumerate(names, 1):
            sheet = parts.read(f"xl/worksheets/sheet{number}.xml")
            rows = ET.fromstring(sheet).iterfind(".//m:row", NAMESPACE)  # noqa: S314  our own
            found[name] = [
                [
                    strings[int(cell.findtext("m:v", "", NAMESPACE))]
                    if cell.get("t") == "s"
                    else cell.findtext("m:v", "", NAMESPACE)
                    for cell in row.iterfind("m:c", NAMESPACE)
                ]
                for row in rows
            ]
    return found
