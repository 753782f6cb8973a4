"""What can be wrong with a log, each with a stable code and words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final


class FaultKind(StrEnum):
    """Every way in which a log does not hold."""

    CHECKPOINT_MALFORMED = "checkpoint-malformed"
    CHECKPOINT_UNSIGNED = "checkpoint-unsigned"
    TOO_FEW_WITNESSES = "too-few-witnesses"
    ANOTHER_LOG = "another-log"
    ANOTHER_KEY = "another-key"
    LOG_SHRANK = "log-shrank"
    LOG_FORKED = "log-forked"
    BUNDLE_MISSING = "bundle-missing"
    BUNDLE_MALFORMED = "bundle-malformed"
    ENTRY_NOT_CANONICAL = "entry-not-canonical"
    ENTRY_REPEATED = "entry-repeated"
    ENTRY_NOT_THE_LEAF = "entry-not-the-leaf"
    TILE_MISSING = "tile-missing"
    TILE_WRONG = "tile-wrong"
    ROOT_WRONG = "root-wrong"
    BODY_MISSING = "body-missing"
    BODY_WRONG = "body-wrong"
    SUCCESSION_BROKEN = "succession-broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold.

    `index` is the first entry that is bad, or the first that can be; `until` is the first behind
    the last that can be, one more than `index` where it is known exactly. Both are `None` where
    no entry is to blame. `detail` says in English what was seen. `evidence` are files in which
    signed checkpoints that contradict each other were kept.
    """

    kind: FaultKind
    detail: str
    index: int | None = None
    until: int | None = None
    evidence: tuple[Path, ...] = ()


class LogFaultError(Exception):
    """The log does not hold; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind.value}: {fault.detail}")
        self.fault = fault


class UnreadableError(Exception):
    """What should be judged could not be read: no verdict in either direction.

    The message is English; `detail_zh` says the same in Chinese.
    """

    def __init__(self, detail_zh: str, detail_en: str) -> None:
        super().__init__(detail_en)
        self.detail_zh = detail_zh
        self.detail_en = detail_en


def entry_fault(kind: FaultKind, index: int, detail: str) -> LogFaultError:
    """Return the error of one entry that is bad."""
    return LogFaultError(Fault(kind=kind, detail=detail, index=index, until=index + 1))


def range_fault(kind: FaultKind, index: int, until: int, detail: str) -> LogFaultError:
    """Return the error of entries among which at least one is bad."""
    return LogFaultError(Fault(kind=kind, detail=detail, index=index, until=until))


def log_fault(kind: FaultKind, detail: str) -> LogFaultError:
    """Return the error of a log as a whole."""
    return LogFaultError(Fault(kind=kind, detail=detail))


@dataclass(frozen=True, slots=True)
class Words:
    """What a fault means and what to do next, in both languages."""

    zh: str
    en: str
    next_zh: str
    next_en: str


_KEEP_BOTH: Final = (
    "妥善保存两份检查点：两个签名即为证据，并与见证方核对。",
    "Keep both checkpoints safe: their signatures are the evidence. Compare with the witnesses.",
)
_COPY_AGAIN: Final = (
    "换一处副本（导出目录或其他镜像）再验；若结果相同，请运营方说明并保存本次结果。",
    "Verify another copy, an export or a mirror; if it agrees, keep the result, ask the operator.",
)
_ASK_KEY: Final = (
    "向运营方以外的渠道核对公钥，用 --key 指定后再验。",
    "Get the verifier key from somebody other than the server and give it with --key.",
)
_KEEP_RESULT: Final = (
    "保存本次结果与检查点；检查点的签名证明日志确曾如此。",
    "Keep this result and the checkpoint: its signature proves that the log said so.",
)

WORDS: Final[Mapping[FaultKind, Words]] = {
    FaultKind.CHECKPOINT_MALFORMED: Words(
        "检查点不是签名文书的格式", "The checkpoint is not a signed note", *_COPY_AGAIN
    ),
    FaultKind.CHECKPOINT_UNSIGNED: Words(
        "检查点没有可信公钥的有效签名",
        "The checkpoint has no valid signature of the key that is trusted",
        *_ASK_KEY,
    ),
    FaultKind.TOO_FEW_WITNESSES: Words(
        "见证方的有效签名不足",
        "Too few witnesses have signed the checkpoint",
        "稍后再验；若仍不足，请向见证方询问其拒签原因。",
        "Try again later; if they still have not signed, ask the witnesses why.",
    ),
    FaultKind.ANOTHER_LOG: Words(
        "该地址现在是另一个日志，且未声明承接原日志",
        "Another log stands at this address and does not say that it succeeds the old one",
        *_KEEP_BOTH,
    ),
    FaultKind.ANOTHER_KEY: Words(
        "日志换了公钥，原公钥未予认可",
        "The log signs with another key, which the key known so far has not vouched for",
        *_ASK_KEY,
    ),
    FaultKind.LOG_SHRANK: Words(
        "日志比上次见到的短：已有记录被去掉",
        "The log is shorter than it was: entries that were in it are gone",
        *_KEEP_BOTH,
    ),
    FaultKind.LOG_FORKED: Words(
        "日志的历史与上次见到的不同：旧记录被改写",
        "The log's past is not the one seen before: old entries were rewritten",
        *_KEEP_BOTH,
    ),
    FaultKind.BUNDLE_MISSING: Words("缺少记录包", "A bundle of entries is missing", *_COPY_AGAIN),
    FaultKind.BUNDLE_MALFORMED: Words(
        "记录包残缺或格式不符", "A bundle of entries is cut off or malformed", *_COPY_AGAIN
    ),
    FaultKind.ENTRY_NOT_CANONICAL: Words(
        "记录不是规范 JSON", "The entry is not an entry in canonical JSON", *_COPY_AGAIN
    ),
    FaultKind.ENTRY_REPEATED: Words(
        "同一事件在日志中出现两次", "One event stands in the log twice", *_KEEP_RESULT
    ),
    FaultKind.ENTRY_NOT_THE_LEAF: Words(
        "记录与树中的叶不符：记录被改动",
        "The entry is not the one in the tree: it was altered",
        *_COPY_AGAIN,
    ),
    FaultKind.TILE_MISSING: Words("缺少树的分块", "A tile of the tree is missing", *_COPY_AGAIN),
    FaultKind.TILE_WRONG: Words(
        "树的分块与记录不符", "A tile of the tree does not fit the entries", *_COPY_AGAIN
    ),
    FaultKind.ROOT_WRONG: Words(
        "由全部记录算出的根与签名的检查点不符",
        "The root of all entries is not the one that was signed",
        *_KEEP_RESULT,
    ),
    FaultKind.BODY_MISSING: Words("缺少事件正文", "The body of an event is missing", *_COPY_AGAIN),
    FaultKind.BODY_WRONG: Words(
        "事件正文或盐值与日志记录不符：正文被改动",
        "Body and salt of the event do not give its entry: one of them was altered",
        "以日志记录为准；从其他副本取得正文与盐值再验。",
        "The log's entry stands; get body and salt from another copy and verify again.",
    ),
    FaultKind.SUCCESSION_BROKEN: Words(
        "承接声明与所记住的原日志不符",
        "What the log says of the one it succeeds is not what was seen of that one",
        *_KEEP_BOTH,
    ),
}
