"""The dangerous goods list: look-up by number, name and pinyin."""

from datetime import date
from http import HTTPStatus

from api.auth import requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.dangerous_goods import (
    DangerousGoodsSchema,
    GoodsDaySchema,
    GoodsQuery,
    GoodsQuerySchema,
)
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.services import goods_list
from waybill.services.goods_list import ListedGoods, ListedGoodsPage

blueprint = Blueprint(
    "dangerous_goods",
    __name__,
    url_prefix="/api/v1/dangerous-goods",
    description="Dangerous goods list (危险货物一览表)",
)


@blueprint.get("")
@requires(Permission.READ_GOODS)
@blueprint.arguments(GoodsQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(DangerousGoodsSchema))
def search_goods(wanted: GoodsQuery) -> ListedGoodsPage:
    """Find rows of the list, best first."""
    return goods_list.search_goods(
        wanted.q, at=wanted.at or _today(), limit=wanted.limit, after=wanted.after
    )


@blueprint.get("/<string:key>")
@requires(Permission.READ_GOODS)
@blueprint.arguments(GoodsDaySchema, location="query")
@blueprint.response(HTTPStatus.OK, DangerousGoodsSchema)
def get_goods(at: date | None, key: str) -> ListedGoods:
    """Show a row of the list."""
    return goods_list.get_goods(key, at=at or _today())


def _today() -> date:
    return local_date(runtime().clock.now())
