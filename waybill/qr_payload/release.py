"""What the code of a release says: for the gate, and for the driver on the road.

It has a kind of its own, so that no reader takes it for the waybill that it is about.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from waybill.codec import JsonValue
from waybill.qr_payload.claims import (
    SIGNED_CHECKS,
    Check,
    GoodsLine,
    QrKind,
    goods_lines,
    refuse_impossible,
    refuse_number_of_lines,
    required,
)
from waybill.qr_payload.errors import QrError
from waybill.qr_payload.values import count, text, text_or_none, unix_time

_CHECKS: Final[Mapping[str, Check]] = {
    **SIGNED_CHECKS,
    "jti": text,
    "rev": count,
    "num": text,
    "rel": unix_time,
    "veh": text,
    "trl": text_or_none,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseClaims:
    """What the code of a release (放行) says.

    Attributes:
        jti: the waybill; a release is one waybill's, and each waybill has at most one.
        rev: the revision that was released, from 1.
        num: the waybill's number, as people read it.
        rel: when the vehicle was released, Unix time in seconds.
        iss: the organisation in whose name it was signed.
        iat: when it was signed, Unix time in seconds; never before `rel`.
        nbf: first moment of validity, Unix time in seconds.
        exp: first moment after validity, Unix time in seconds.
        veh: plate of the vehicle.
        trl: plate of the trailer, `None` without one.
        gds: what was really loaded, at least one line.
    """

    jti: str
    rev: int
    num: str
    rel: int
    iss: str
    iat: int
    nbf: int
    exp: int
    veh: str
    trl: str | None
    gds: tuple[GoodsLine, ...]

    def __post_init__(self) -> None:
        refuse_impossible(self, _CHECKS)
        refuse_number_of_lines(self.gds)
        if self.iat < self.rel:
            raise QrError("bad-claim", "rel")

    @property
    def kind(self) -> QrKind:
        """Always `QrKind.RELEASE`."""
        return QrKind.RELEASE

    @classmethod
    def from_claims(cls, claims: Mapping[str, JsonValue]) -> "ReleaseClaims":
        """Read the claims of a release; claims this version does not know are left alone.

        Raises:
            QrError: `missing-claim` or `bad-claim`, with the claim's name.
        """
        found = required(claims, (*_CHECKS, "gds"))
        return cls(
            jti=text(found["jti"], "jti"),
            rev=count(found["rev"], "rev"),
            num=text(found["num"], "num"),
            rel=unix_time(found["rel"], "rel"),
            iss=text(found["iss"], "iss"),
            iat=unix_time(found["iat"], "iat"),
            nbf=unix_time(found["nbf"], "nbf"),
            exp=unix_time(found["exp"], "exp"),
            veh=text(found["veh"], "veh"),
            trl=text_or_none(found["trl"], "trl"),
            gds=goods_lines(found["gds"]),
        )

    def to_claims(self) -> dict[str, JsonValue]:
        """Return the claims as they are signed."""
        return {
            **asdict(self),
            "knd": QrKind.RELEASE.value,
            "gds": [line.to_claim() for line in self.gds],
        }
