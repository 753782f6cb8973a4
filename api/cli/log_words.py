"""What `waybill log verify` says, in Chinese and English and for machines."""

from typing import Final

from waybill.codec import JsonValue
from waybill.verifier.faults import WORDS, Fault, UnreadableError
from waybill.verifier.succession import Succession
from waybill.verifier.trusting import KeyTrust
from waybill.verifier.verify import Verified

KEY_WORDS: Final = {
    KeyTrust.GIVEN: ("由 --key 指定", "given with --key"),
    KeyTrust.REMEMBERED: ("与上次相同", "the one remembered from before"),
    KeyTrust.INHERITED: ("承接自原日志", "inherited from the log it succeeds"),
    KeyTrust.FIRST_USE: (
        "首次使用，取自日志自身，尚未核对",
        "first use: taken from the log itself and not checked",
    ),
}
FIRST_USE_WARNING: Final = (
    "注意：公钥取自被验证的日志本身。请向运营方以外的渠道核对，或用 --key 指定。\n"
    "Warning: the key comes from the log that is verified. Compare it with one from somebody"
    " else, or give it with --key."
)


def verified_in_words(found: Verified) -> str:
    """Return what is told of a log that holds."""
    checkpoint, size = found.believed.checkpoint, found.believed.checkpoint.size
    key_zh, key_en = KEY_WORDS[found.believed.key_trust]
    lines = [
        f"日志成立 The log holds: {checkpoint.origin}",
        f"  记录 entries      {size}",
        f"  根 root           {checkpoint.root.hex()}",
        f"  公钥 key          {key_zh} / {key_en}",
    ]
    lines += [f"                    {key.text()}" for key in found.believed.keys]
    if found.start:
        lines.append(
            f"  从第 {found.start} 条起验证，此前的已在上次验证"
            f" / read from entry {found.start}; those before held in a former run"
        )
    if found.remembered is None:
        lines.append("  首次验证，无从比对历史 / first time: no past to compare with")
    else:
        lines.append(
            f"  与上次见到的 {found.remembered} 条一致"
            f" / consistent with the {found.remembered} entries seen before"
        )
    if found.bodies:
        lines.append(f"  正文 bodies       {found.bodies}")
    for name, at in found.believed.seen_at.items():
        lines.append(f"  见证 witness      {name} {at:%Y-%m-%dT%H:%M:%SZ}")
    if found.succession is not None:
        lines.append(_succession_in_words(found.succession))
    return "\n".join(lines)


def _succession_in_words(found: Succession) -> str:
    old = found.opening
    text = f"  承接 succeeds     {old.origin}，{old.size} 条 entries：{old.reason}"
    if found.lost:
        text += (
            f"\n  原日志见过的 {found.lost} 条不在其中"
            f" / {found.lost} entries that were seen of it are not among them"
        )
    return text


def verified_as_json(found: Verified) -> JsonValue:
    """Return the same for machines."""
    believed, succession = found.believed, found.succession
    return {
        "holds": True,
        "address": found.address,
        "origin": believed.checkpoint.origin,
        "size": believed.checkpoint.size,
        "root": believed.checkpoint.root.hex(),
        "keys": [key.text() for key in believed.keys],
        "key_trust": believed.key_trust.value,
        "witnesses": {name: at.isoformat() for name, at in believed.seen_at.items()},
        "start": found.start,
        "entries": found.entries,
        "bodies": found.bodies,
        "remembered": found.remembered,
        "succeeds": None
        if succession is None
        else {
            "origin": succession.opening.origin,
            "size": succession.opening.size,
            "root": succession.opening.root.hex(),
            "reason": succession.opening.reason,
            "lost": succession.lost,
        },
    }


def fault_in_words(fault: Fault) -> str:
    """Return what is wrong with a log that does not hold, and what to do."""
    words = WORDS[fault.kind]
    return "\n".join(
        [
            f"日志不成立 The log does not hold: {fault.kind.value}",
            f"  {words.zh}{_where_zh(fault)}。",
            f"  {words.en}{_where_en(fault)}.",
            f"  ({fault.detail})",
            *(f"  证据 evidence: {path}" for path in fault.evidence),
            f"  下一步：{words.next_zh}",
            f"  Next: {words.next_en}",
        ]
    )


def fault_as_json(address: str, fault: Fault) -> JsonValue:
    """Return the same for machines."""
    words = WORDS[fault.kind]
    return {
        "holds": False,
        "address": address,
        "fault": fault.kind.value,
        "index": fault.index,
        "until": fault.until,
        "detail": fault.detail,
        "evidence": [str(path) for path in fault.evidence],
        "zh": words.zh,
        "en": words.en,
        "next_zh": words.next_zh,
        "next_en": words.next_en,
    }


def unreadable_in_words(error: UnreadableError) -> str:
    """Return why nothing can be said of a log."""
    return (
        f"无法读取，未作判断：{error.detail_zh} 再次运行将从中断处继续。\n"
        f"Cannot be read, so nothing is said of it: {error.detail_en}"
        " The next run goes on where this one stopped."
    )


def unreadable_as_json(address: str, error: UnreadableError) -> JsonValue:
    """Return the same for machines."""
    return {
        "holds": None,
        "address": address,
        "detail": error.detail_en,
        "detail_zh": error.detail_zh,
    }


def _where_zh(fault: Fault) -> str:
    if fault.index is None or fault.until is None:
        return ""
    if fault.until == fault.index + 1:
        return f"：第 {fault.index} 条（自 0 起）"
    return f"：在第 {fault.index} 至 {fault.until - 1} 条之间（自 0 起）"


def _where_en(fault: Fault) -> str:
    if fault.index is None or fault.until is None:
        return ""
    if fault.until == fault.index + 1:
        return f": entry {fault.index}, counted from 0"
    return f": somewhere in entries {fault.index} to {fault.until - 1}, counted from 0"
