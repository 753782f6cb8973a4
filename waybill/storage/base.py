"""What every table shares: named constraints, aware instants, enums kept as their values."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, Numeric, Uuid
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import TypeAliasType, dataclass_transform, override

from waybill.codec import JsonValue

MILLI = Decimal(1000)


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC inside the database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("expected an aware datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Quantity(TypeDecorator[Decimal]):
    """A quantity with at most three decimals, exact on both dialects.

    PostgreSQL keeps NUMERIC(14, 3); SQLite, which has no exact decimal, keeps thousandths.
    """

    impl = Numeric(14, 3)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(14, 3))

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        scaled = value * MILLI
        if scaled != scaled.to_integral_value():
            raise ValueError("expected at most three decimals")
        return int(scaled) if dialect.name == "sqlite" else value

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / MILLI if dialect.name == "sqlite" else Decimal(value)


JsonObject = TypeAliasType("JsonObject", dict[str, JsonValue])
JsonObjects = TypeAliasType("JsonObjects", list[dict[str, JsonValue]])
Words = TypeAliasType("Words", list[str])

JSON_COLUMN = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _values(enum_type: type[Enum]) -> list[str]:
    return [str(member.value) for member in enum_type]


@dataclass_transform(field_specifiers=(mapped_column,), kw_only_default=True)
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Every table's base. Rows end in `Row` and never leave the services."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        Decimal: Quantity(),
        UUID: Uuid(),
        JsonObject: JSON_COLUMN,
        JsonObjects: JSON_COLUMN,
        Words: JSON_COLUMN,
        Enum: SqlEnum(
            Enum,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            values_callable=_values,
            length=40,
        ),
    }
