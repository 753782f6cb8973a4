"""Why a QR code is refused."""

from collections.abc import Mapping
from typing import ClassVar

from waybill.sealing import SealError
from waybill.sealing.errors import Texts


class QrError(SealError):
    """A QR code is refused; `subject` names the claim or the key to blame, or is empty."""

    TEXTS: ClassVar[Mapping[str, Texts]] = {
        **SealError.TEXTS,
        "too-long": ("二维码内容过长", "The code is longer than any this system makes"),
        "no-marker": ("不是本系统的二维码", "This is not a code of this system"),
        "no-digits": ("二维码内容为空", "The code has nothing behind its address"),
        "not-ascii-digits": (
            "二维码内容含有非数字字符",
            "The code has something other than 0 to 9",
        ),
        "group-out-of-range": ("二维码数字超出范围", "A group of digits is above its range"),
        "bad-length": ("二维码长度不正确", "The code has a length that no encoder makes"),
        "unknown-version": ("二维码格式版本未知", "The code has an unknown format version"),
        "truncated": ("二维码内容不完整", "The code is not complete"),
        "not-deflate": ("二维码内容无法解压", "The content cannot be decompressed"),
        "inflate-limit": ("二维码解压后内容过大", "The content inflates beyond the limit"),
        "not-json": ("二维码内容格式不正确", "The content is not strict JSON"),
        "not-an-object": ("二维码内容不是对象", "The content is not a JSON object"),
        "missing-claim": ("二维码缺少必需字段", "A required claim is missing"),
        "bad-claim": ("二维码字段值不正确", "A claim has an impossible value"),
        "unknown-kind": ("二维码种类未知", "The code is a card of an unknown kind"),
        "wrong-kind": ("二维码种类不符", "The code is of another kind than expected"),
        "wrong-issuer": ("签发方与签名密钥不符", "The key may not sign for this issuer"),
        "issued-in-future": ("签发时间晚于当前时间", "The code was issued in the future"),
        "not-yet-valid": ("尚未到生效时间", "The code is not valid yet"),
        "expired": ("二维码已过有效期", "The code has expired"),
    }
