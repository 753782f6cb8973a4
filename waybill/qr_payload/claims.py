"""What a verified QR code says, as values whose impossible forms cannot exist.

Claim names are short because each letter costs modules. People appear only as pseudonymous
references; no name, telephone or identity number is ever in a code.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from waybill.codec import JsonValue
from waybill.qr_payload.errors import QrError
from waybill.qr_payload.values import count, text, text_or_none, unix_time, whole

MAX_GOODS_LINES: Final = 32
GOODS_LINE_MEMBERS: Final = 4

_UN_NUMBER: Final = re.compile("[0-9]{4}")
_PACKING_GROUPS: Final = ("I", "II", "III", "")
_UNITS: Final = ("kg", "L")


class QrKind(StrEnum):
    """What a code stands for; every kind but waybill and release is a card."""

    WAYBILL = "waybill"
    VEHICLE = "vehicle"
    TRAILER = "trailer"
    DRIVER = "driver"
    ESCORT = "escort"
    TANK = "tank"
    DOCUMENT = "document"
    SUPERVISOR = "supervisor"
    RELEASE = "release"


NO_CARDS: Final = frozenset({QrKind.WAYBILL, QrKind.RELEASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """One line of goods: `quantity` in whole `unit`s, which are `kg` or `L`.

    `packing_group` is empty where the entry has none. `row` is the key of the row in the
    dangerous goods list, needed where one UN number and packing group have several rows.
    """

    un_number: str
    packing_group: str
    quantity: int
    unit: str
    row: str | None = None

    def __post_init__(self) -> None:
        if not _UN_NUMBER.fullmatch(text(self.un_number, "gds")):
            raise QrError("bad-claim", "gds")
        if self.packing_group not in _PACKING_GROUPS or self.unit not in _UNITS:
            raise QrError("bad-claim", "gds")
        whole(self.quantity, "gds")
        text_or_none(self.row, "gds")

    @classmethod
    def from_claim(cls, claim: JsonValue) -> "GoodsLine":
        """Read `[UN, packing group, quantity, unit]` or the same with the row as fifth member.

        No packing group is `""`; other writers' null is read as the same.

        Raises:
            QrError: `bad-claim`.
        """
        lengths = (GOODS_LINE_MEMBERS, GOODS_LINE_MEMBERS + 1)
        if not isinstance(claim, list) or len(claim) not in lengths:
            raise QrError("bad-claim", "gds")
        un_number, packing_group, quantity, unit, *row = claim
        return cls(
            un_number=text(un_number, "gds"),
            packing_group="" if packing_group in (None, "") else text(packing_group, "gds"),
            quantity=whole(quantity, "gds"),
            unit=text(unit, "gds"),
            row=text(row[0], "gds") if row else None,
        )

    def to_claim(self) -> list[JsonValue]:
        """Return the line as it stands in the code."""
        members: list[JsonValue] = [self.un_number, self.packing_group, self.quantity, self.unit]
        return members if self.row is None else [*members, self.row]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillClaims:
    """What the code of a waybill says.

    Attributes:
        jti: the waybill; together with `rev`, and nothing else, its identity.
        rev: revision, from 1.
        iss: the organisation in whose name it was signed.
        iat: when it was signed, Unix time in seconds.
        nbf: first moment of validity, Unix time in seconds.
        exp: first moment after validity, Unix time in seconds.
        veh: plate of the vehicle.
        trl: plate of the trailer, `None` without one.
        drv: pseudonymous reference of the driver.
        esc: pseudonymous reference of the escort, `None` where none is asked.
        tnk: number of the tank, `None` for packages.
        ldr: the loader, by its 统一社会信用代码.
        gds: the goods, at least one line.
    """

    jti: str
    rev: int
    iss: str
    iat: int
    nbf: int
    exp: int
    veh: str
    trl: str | None
    drv: str
    esc: str | None
    tnk: str | None
    ldr: str
    gds: tuple[GoodsLine, ...]

    def __post_init__(self) -> None:
        refuse_impossible(self, _WAYBILL_CHECKS)
        refuse_number_of_lines(self.gds)

    @property
    def kind(self) -> QrKind:
        """Always `QrKind.WAYBILL`; a waybill's code carries no `knd`."""
        return QrKind.WAYBILL

    @classmethod
    def from_claims(cls, claims: Mapping[str, JsonValue]) -> "WaybillClaims":
        """Read the claims of a waybill; claims this version does not know are left alone.

        Raises:
            QrError: `missing-claim` or `bad-claim`, with the claim's name.
        """
        found = required(claims, (*_WAYBILL_CHECKS, "gds"))
        return cls(
            jti=text(found["jti"], "jti"),
            rev=count(found["rev"], "rev"),
            iss=text(found["iss"], "iss"),
            iat=unix_time(found["iat"], "iat"),
            nbf=unix_time(found["nbf"], "nbf"),
            exp=unix_time(found["exp"], "exp"),
            veh=text(found["veh"], "veh"),
            trl=text_or_none(found["trl"], "trl"),
            drv=text(found["drv"], "drv"),
            esc=text_or_none(found["esc"], "esc"),
            tnk=text_or_none(found["tnk"], "tnk"),
            ldr=text(found["ldr"], "ldr"),
            gds=goods_lines(found["gds"]),
        )

    def to_claims(self) -> dict[str, JsonValue]:
        """Return the claims as they are signed."""
        claims: dict[str, JsonValue] = {name: getattr(self, name) for name in _WAYBILL_CHECKS}
        return claims | {"gds": [line.to_claim() for line in self.gds]}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardClaims:
    """What the code of a vehicle, trailer, driver, escort, tank, document or supervisor says.

    Attributes:
        knd: what the card stands for.
        sub: whose card it is: a plate, a tank number or a pseudonymous reference.
        ver: version of the card, from 1; a lost card is replaced by the next version.
        iss: the organisation in whose name it was signed.
        iat: when it was signed, Unix time in seconds.
        nbf: first moment of validity, Unix time in seconds.
        exp: first moment after validity, Unix time in seconds.
    """

    knd: QrKind
    sub: str
    ver: int
    iss: str
    iat: int
    nbf: int
    exp: int

    def __post_init__(self) -> None:
        card_kind(self.knd)
        refuse_impossible(self, _CARD_CHECKS)

    @property
    def kind(self) -> QrKind:
        """What the card stands for."""
        return self.knd

    @classmethod
    def from_claims(cls, claims: Mapping[str, JsonValue]) -> "CardClaims":
        """Read the claims of a card; `knd` must be one of the known kinds.

        Raises:
            QrError: `missing-claim`, `bad-claim` or `unknown-kind`.
        """
        found = required(claims, ("knd", *_CARD_CHECKS))
        return cls(
            knd=card_kind(found["knd"]),
            sub=text(found["sub"], "sub"),
            ver=count(found["ver"], "ver"),
            iss=text(found["iss"], "iss"),
            iat=unix_time(found["iat"], "iat"),
            nbf=unix_time(found["nbf"], "nbf"),
            exp=unix_time(found["exp"], "exp"),
        )

    def to_claims(self) -> dict[str, JsonValue]:
        """Return the claims as they are signed."""
        return {**asdict(self), "knd": self.knd.value}


def card_kind(claim: JsonValue) -> QrKind:
    """Return the card that `knd` names; `waybill` and `release` are none.

    Raises:
        QrError: `unknown-kind`.
    """
    kind = QrKind(claim) if claim in tuple(QrKind) else QrKind.WAYBILL
    if kind in NO_CARDS:
        raise QrError("unknown-kind")
    return kind


Check = Callable[[object, str], object]

SIGNED_CHECKS: Final[Mapping[str, Check]] = {
    "iss": text,
    "iat": unix_time,
    "nbf": unix_time,
    "exp": unix_time,
}
_WAYBILL_CHECKS: Final[Mapping[str, Check]] = {
    **SIGNED_CHECKS,
    "jti": text,
    "rev": count,
    "veh": text,
    "trl": text_or_none,
    "drv": text,
    "esc": text_or_none,
    "tnk": text_or_none,
    "ldr": text,
}
_CARD_CHECKS: Final[Mapping[str, Check]] = {**SIGNED_CHECKS, "sub": text, "ver": count}


def required(claims: Mapping[str, JsonValue], names: Iterable[str]) -> Mapping[str, JsonValue]:
    """Return claims that have all of these names.

    Raises:
        QrError: `missing-claim` for the first that is not there.
    """
    for name in names:
        if name not in claims:
            raise QrError("missing-claim", name)
    return claims


def refuse_impossible(value: object, checks: Mapping[str, Check]) -> None:
    """Refuse a value with an attribute that no claim can have.

    Raises:
        QrError: `bad-claim` for the first such.
    """
    for name, check in checks.items():
        check(getattr(value, name), name)


def goods_lines(claim: JsonValue) -> tuple[GoodsLine, ...]:
    """Read the lines of `gds`.

    Raises:
        QrError: `bad-claim`.
    """
    if not isinstance(claim, list):
        raise QrError("bad-claim", "gds")
    return tuple(GoodsLine.from_claim(line) for line in claim)


def refuse_number_of_lines(lines: tuple[GoodsLine, ...]) -> None:
    """Refuse none, and more than one code may carry.

    Raises:
        QrError: `bad-claim`.
    """
    if not 0 < len(lines) <= MAX_GOODS_LINES:
        raise QrError("bad-claim", "gds")
