"""From a text at the bay to evidence, and what the loader is told of it in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from scanners.readers import (
    Reading,
    ReadingKind,
    VerifiedScan,
    read_text,
    to_scan_item,
    verify_reading,
)
from waybill.qr_payload import QrError
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.sealing import KeyTable

MAX_PLAIN_CHARS: Final = 40
NAMED_BY_STEP: Final = frozenset(
    {ScanKind.TANK, ScanKind.DRIVER, ScanKind.ESCORT, ScanKind.SUPERVISOR, ScanKind.DOCUMENT}
)
"""Kinds whose plain numbers have no shape of their own: only the step asked says what they are."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What came of a text: its reading, its verification, and the evidence it makes.

    `item` is `None` where the text names nothing and no step was asked; `problem` is then why.
    """

    reading: Reading
    scan: VerifiedScan
    item: ScanItem | None
    problem: str


KIND_WORDS: Final[Mapping[ScanKind, Words]] = {
    ScanKind.WAYBILL: Words("运单", "waybill"),
    ScanKind.VEHICLE: Words("车辆", "vehicle"),
    ScanKind.TRAILER: Words("挂车", "trailer"),
    ScanKind.DRIVER: Words("驾驶人", "driver"),
    ScanKind.ESCORT: Words("押运员", "escort"),
    ScanKind.SUPERVISOR: Words("装卸管理人员", "loading supervisor"),
    ScanKind.TANK: Words("罐体", "tank"),
    ScanKind.DOCUMENT: Words("证件", "document"),
}
HOW_WORDS: Final[Mapping[Presentation, Words]] = {
    Presentation.SIGNED_QR: Words("签名码", "signed code"),
    Presentation.PLAIN_CODE: Words("普通码，未签名", "plain code, unsigned"),
    Presentation.TYPED: Words("手工输入", "typed by hand"),
}
TYPED_WITH_PHOTO: Final = Words("手工输入，附照片", "typed by hand, with a photo")
PROBLEM_WORDS: Final[Mapping[str, Words]] = {
    "empty": Words("没有读到内容。", "Nothing was read."),
    "unknown-format": Words(
        "无法识别：不是本系统的码，也不是号牌、罐箱号或运单号。",
        "Not recognised: neither a code of this system nor a plate, tank or waybill number.",
    ),
    "gtin-check-digit": Words("商品码校验位不符。", "The product code's check digit is wrong."),
    "licence-identifier": Words(
        "电子证照码不完整，请重新扫描。",
        "The electronic licence's code is not whole: scan it again.",
    ),
    "certificate-digits": Words(
        "证件编号应为 12 位数字。", "The number of such a paper has twelve digits."
    ),
    "not-evidence": Words(
        "该码不能证明车辆、人员、罐体或运单。",
        "This code says nothing of a vehicle, person, tank or waybill.",
    ),
    "not-a-waybill": Words(
        "这不是运单码：请先扫描运单。", "This is no waybill: scan the waybill's code first."
    ),
    "no-such-waybill": Words("系统中没有该运单。", "There is no such waybill."),
    "release-code": Words(
        "这是放行码：供门卫和路检核对，不能作为装货前查验的依据。",
        "This is a release code: it is for the gate and the road, and proves nothing here.",
    ),
    "card-superseded": Words(
        "该卡已作废，请出示新卡。", "This card was replaced: ask for the new one."
    ),
}


def present(
    text: str,
    keys: KeyTable,
    *,
    at: datetime,
    typed: bool = False,
    expected: ScanKind | None = None,
    photo_sha256: str | UnsetType = UNSET,
) -> Presented:
    """Read and verify a text and make evidence of it.

    Args:
        text: what a scanner, camera or keyboard gave.
        keys: who may have signed.
        at: when it was presented, aware.
        typed: whether it came from a keyboard.
        expected: what the step at hand asks for. It names plain numbers without a shape of their
            own, and a text that names nothing counts as a failed attempt at it.
        photo_sha256: the photo of a code that could not be read, where its number was typed.
    """
    reading = read_text(text)
    scan = verify_reading(reading, keys, at)
    item = to_scan_item(scan, at=at, typed=typed)
    if item is None and expected is not None:
        item = _as_asked(reading, scan, expected, at=at, typed=typed)
    if item is not None:
        item = msgspec.structs.replace(item, photo_sha256=photo_sha256)
    problem = item.problem if item else scan.problem
    return Presented(reading=reading, scan=scan, item=item, problem=problem)


def _as_asked(
    reading: Reading, scan: VerifiedScan, expected: ScanKind, *, at: datetime, typed: bool
) -> ScanItem:
    presentation = Presentation.TYPED if typed else scan.presentation
    plain = reading.kind is ReadingKind.UNREADABLE and reading.reason == "unknown-format"
    short = len(reading.value) <= MAX_PLAIN_CHARS and reading.value.isprintable()
    if plain and short and expected in NAMED_BY_STEP:
        return ScanItem(kind=expected, presentation=presentation, subject=reading.value, at=at)
    return ScanItem(
        kind=expected, presentation=presentation, subject="", at=at, problem=scan.problem
    )


def say_what_was_read(item: ScanItem | None) -> Words:
    """Say what a text named and how it was shown."""
    if item is None:
        return Words("未读出可用内容", "nothing that can be used")
    kind, how = KIND_WORDS[item.kind], HOW_WORDS[item.presentation]
    if item.photo_sha256:
        how = TYPED_WITH_PHOTO
    shown = f" {item.subject}" if item.subject and item.kind is not ScanKind.WAYBILL else ""
    return Words(f"{kind.zh}{shown}（{how.zh}）", f"{kind.en}{shown} ({how.en})")


def say_problem(problem: str) -> Words:
    """Say in both languages why a code is refused; empty for a code that held."""
    if not problem:
        return Words("", "")
    if problem in PROBLEM_WORDS:
        return PROBLEM_WORDS[problem]
    zh, en = QrError.TEXTS.get(problem, ("该码无法使用", "This code cannot be used"))
    return Words(f"{zh}。", f"{en}.")


def say_other_than_asked(item: ScanItem | None, expected: ScanKind | None) -> Words:
    """Tell a loader who was asked for one thing and showed another; empty where it is the same."""
    if item is None or expected is None or item.kind is expected:
        return Words("", "")
    read, asked = KIND_WORDS[item.kind], KIND_WORDS[expected]
    return Words(
        f"这是{read.zh}，已记入该步骤；此步需要{asked.zh}。",
        f"This is a {read.en} and was noted there; asked for is the {asked.en}.",
    )
