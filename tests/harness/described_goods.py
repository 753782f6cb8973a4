"""Goods lines to be described, by the key of their row."""

from dataclasses import replace

from waybill.goods.catalogue import editions, load
from waybill.goods.wording import GoodsDescription, describe

LIST = load(editions()[-1].name)


def goods(key: str = "1203", **changes: object) -> GoodsDescription:
    """Return the description of a row, in a tank-vehicle and without quantities."""
    return replace(describe(LIST.get(key)), **changes)  # type: ignore[arg-type]
