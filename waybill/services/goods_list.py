"""Looking goods up in the list that is in force on a day."""

from dataclasses import dataclass
from datetime import date

from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.goods.catalogue import GoodsList, UnknownEditionError, UnknownEntryError, catalogue
from waybill.goods.entry import DangerousGoodsEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGoods:
    """A row of the dangerous goods list and the edition it stands in."""

    entry: DangerousGoodsEntry
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGoodsPage:
    """One page of rows, best first; `next_after` is `None` on the last page."""

    items: tuple[ListedGoods, ...]
    next_after: str | None


def search_goods(q: str, *, at: date, limit: int, after: str | None) -> ListedGoodsPage:
    """Return one page of the rows that fit, best first; without words, all in their order.

    Args:
        q: UN number or its beginning, Chinese or English name, pinyin or its initials.
        at: the day in China whose edition is asked.
        limit: rows on the page, 1 to 200.
        after: `next_after` of the page before, of the same query.

    Raises:
        NotFoundError: no edition is in force on that day.
        InvalidFieldError: `after` belongs to another list.
    """
    goods = _in_force(at)
    try:
        page = goods.search(q, limit=limit, after=after)
    except ValueError as error:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/cursor",
                    code="cursor",
                    message_zh="翻页标记无效，请从第一页开始。",
                    message_en="This cursor is not one of this list.",
                )
            ]
        ) from error
    edition = goods.edition.name
    items = tuple(ListedGoods(entry=entry, edition=edition) for entry in page.entries)
    return ListedGoodsPage(items=items, next_after=page.next_after)


def get_goods(key: str, *, at: date) -> ListedGoods:
    """Return a row by its key.

    Raises:
        NotFoundError: no edition is in force on that day, or it has no such row.
    """
    goods = _in_force(at)
    try:
        return ListedGoods(entry=goods.get(key), edition=goods.edition.name)
    except UnknownEntryError:
        raise NotFoundError("dangerous-goods", key) from None


def _in_force(at: date) -> GoodsList:
    try:
        return catalogue(at)
    except UnknownEditionError:
        raise NotFoundError("dangerous-goods-list", at) from None
