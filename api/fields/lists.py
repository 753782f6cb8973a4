"""Lists with bounds, and JSON that is passed on."""

from typing import Any, Final, Generic

from marshmallow import fields
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields.base import StrictField, ValueT, described, fault

MAX_LIST_ITEMS: Final = 200


class Many(fields.List[ValueT], Generic[ValueT]):
    """A list with bounds; what it holds is loaded one by one and becomes a tuple."""

    def __init__(
        self,
        item: fields.Field[ValueT],
        *,
        least: int = 0,
        most: int = MAX_LIST_ITEMS,
        description: str = "",
        **options: Any,  # noqa: ANN401  marshmallow's own options
    ) -> None:
        self.least, self.most = least, most
        bounds = {"minItems": least, "maxItems": most}
        super().__init__(item, metadata={"description": description} | bounds, **options)

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, list):
            raise fault("not-a-list", "应为列表。", "It must be a list.")
        if not self.least <= len(value) <= self.most:
            raise fault(
                "list-length",
                f"应有 {self.least} 至 {self.most} 项。",
                f"It must hold {self.least} to {self.most} items.",
            )
        return tuple(super()._deserialize(value, attr, data, **options))


class Json(StrictField[object]):
    """Any JSON value, written as it is; for answers only."""

    openapi = described()

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(dump_only=True, **options)
