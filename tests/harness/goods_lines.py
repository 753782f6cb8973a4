"""A goods line as a carrier enters it."""


def goods_line(entry: str, quantity_kg: int) -> dict[str, object]:
    """Return a goods line as a carrier enters it, in the tank's first compartment."""
    return {
        "entry_key": entry,
        "quantity_kg": str(quantity_kg),
        "mode": "tank",
        "compartment": 1,
    }
