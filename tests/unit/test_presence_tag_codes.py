"""Codes of presence tags, by the vectors that the tablet's TypeScript reads too."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from waybill.services.looking.codes import read_tag_code
from waybill.services.looking.keys import LookingKey

FILE: Final = Path(__file__).parents[1] / "vectors/tablet/presence_tags.json"
KEPT: Final[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
KEY: Final = LookingKey.of(KEPT["secret"].encode())


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in KEPT["cases"]])
def test_a_code_is_read_only_if_it_is_genuine(case: dict[str, Any]) -> None:
    found = read_tag_code(KEY.tag, case["text"])

    assert (str(found) if found else None) == (case["id"] if case["genuine"] else None)
