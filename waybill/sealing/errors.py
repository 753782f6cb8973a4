"""Why a key or a signature is refused."""

from collections.abc import Mapping
from typing import ClassVar

Texts = tuple[str, str]


class SealError(ValueError):
    """A key or a signature is refused.

    `code` is kebab-case and for ever. `subject` names what is to blame (a claim, a key), or is
    empty. A code outside `TEXTS` is a mistake in the program and raises `KeyError`.
    """

    TEXTS: ClassVar[Mapping[str, Texts]] = {
        "bad-key": ("密钥格式不正确", "The key is not a usable P-256 key"),
        "duplicate-key": ("密钥编号重复", "Two keys have the same key id"),
        "unknown-key": ("签名密钥不在信任名单内", "The signing key is not on the trust list"),
        "key-revoked": ("签名密钥已被吊销", "The signing key has been revoked"),
        "key-not-in-force": ("签名时密钥不在有效期内", "The key was not in force when it signed"),
        "malformed": ("签名格式不正确", "The signature is not in the agreed form"),
        "bad-signature": ("签名不符，内容不可信", "The signature does not match the content"),
    }

    def __init__(self, code: str, subject: str = "") -> None:
        self.code = code
        self.subject = subject
        zh, en = self.TEXTS[code]
        self.message_zh = f"{zh}（{subject}）。" if subject else f"{zh}。"
        self.message_en = f"{en} ({subject})." if subject else f"{en}."
        super().__init__(f"{code}: {self.message_en}")
