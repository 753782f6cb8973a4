"""What all twins share, so that only the framework differs: key, rules, the forty fields."""

import os
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

# Fixed, so that every process of every twin has the same; it guards nothing.
KEY: Final = ec.derive_private_key(0x5EED, ec.SECP256R1())
PUBLIC: Final = KEY.public_key()
TEXTS: Final = tuple(f"text_{number:02d}" for number in range(24))
NUMBERS: Final = tuple(f"number_{number:02d}" for number in range(10))
"""Fields of an issue beside its six references; each text has at most eighty characters."""
LONGEST: Final = 80


def database() -> str:
    """Return the address of the twins' database, without a driver's name."""
    return os.environ["TWIN_DATABASE"]


def read_token(token: str) -> dict[str, Any]:
    """Verify a token's signature and return its claims."""
    claims: dict[str, Any] = jwt.decode(token, PUBLIC, algorithms=["ES256"])
    return claims


def sign(content: Mapping[str, object]) -> str:
    """Sign what was issued."""
    return jwt.encode(dict(content), KEY, algorithm="ES256")


def judge(seen: Mapping[str, Any]) -> list[dict[str, object]]:
    """Ask some ten rules of what was looked up."""
    today = date(2026, 11, 22)
    named = str(seen["substances"]).split(",")
    asked = {
        "DOC-01": seen["status"] == "issued",
        "VEH-01": seen["inspection_until"] >= today,
        "VEH-02": "3类" in seen["scope"],
        "VEH-03": seen["review_until"] >= today and seen["insurance_until"] >= today,
        "DRV-01": seen["driver_until"] >= today,
        "ESC-01": seen["escort_until"] >= today and seen["driver"] != seen["escort"],
        "TNK-01": seen["tank_until"] >= today,
        "TNK-02": all(un in named for un in seen["un_numbers"]),
        "TNK-03": sum(seen["quantities"]) <= seen["rated_kg"],
        "SUM-01": seen["vehicle_status"] == seen["tank_status"] == "active",
    }
    return [{"code": code, "passed": passed} for code, passed in asked.items()]
