"""The description that is committed is the one that is served: a review sees each change."""

import json
from pathlib import Path

from flask import Flask


def test_the_committed_description_is_the_served_one(application: Flask, repository: Path) -> None:
    committed = json.loads((repository / "docs/openapi.json").read_text())
    served = application.test_client().get("/api/openapi.json").get_json()

    assert changed(committed, served) == [], "`make openapi` writes it anew"


def changed(before: object, after: object, at: str = "") -> list[str]:
    """Return the JSON Pointers at which two documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            pointer
            for name in sorted({*before, *after})
            for pointer in changed(before.get(name), after.get(name), f"{at}/{name}")
        ]
    return [] if before == after else [at]
