"""What can go wrong by the rules of the domain, each with a stable code and words to show.

A code is kebab-case and for ever: clients branch on it. Words are Chinese and English. Nothing
here knows HTTP; one map in the API gives each class its status.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class WaybillError(Exception):
    """An act was refused.

    `code` and the titles belong to the class. `detail_*` say what was the matter this time,
    `next_step_*` what would help; both may be empty. `pointer` is a JSON Pointer (RFC 6901) to
    the field that is to blame, `None` where it is no single field. `trace` is the event by which
    the log tells that it was refused, for whoever ends the transaction to write once it is rolled
    back; `None` where a refusal leaves no trace.
    """

    code: ClassVar[str] = "error"
    title_zh: ClassVar[str] = "无法办理"
    title_en: ClassVar[str] = "This cannot be done"
    trace: object = None

    def __init__(
        self,
        detail_zh: str = "",
        detail_en: str = "",
        *,
        pointer: str | None = None,
        next_step_zh: str = "",
        next_step_en: str = "",
    ) -> None:
        super().__init__(detail_en or self.title_en)
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        self.pointer = pointer
        self.next_step_zh = next_step_zh
        self.next_step_en = next_step_en


class NotFoundError(WaybillError):
    """Nothing of this kind has this id, or the caller may not know that it exists."""

    code = "not-found"
    title_zh = "未找到"
    title_en = "Not found"

    def __init__(self, kind: str, identity: object) -> None:
        super().__init__(f"没有该记录（{kind}）。", f"There is no such {kind}.")
        self.kind = kind
        self.identity = str(identity)


class AuthenticationError(WaybillError):
    """Who is asking could not be established. The detail never says which part was wrong."""

    code = "authentication-failed"
    title_zh = "身份未能确认"
    title_en = "You could not be identified"


class ForbiddenError(WaybillError):
    """The one who asks is known and may not do this."""

    code = "forbidden"
    title_zh = "没有权限"
    title_en = "You may not do this"


class SignInAgainError(ForbiddenError):
    """What one signs in with is changed only a moment after signing in."""

    code = "sign-in-again"
    title_zh = "请重新登录后再操作"
    title_en = "Sign in again first"

    def __init__(self) -> None:
        super().__init__(
            "登录已超过 15 分钟，不能更改登录方式。",
            "You signed in more than 15 minutes ago; what you sign in with cannot be changed now.",
            next_step_zh="退出并重新登录，再进行此操作。",
            next_step_en="Sign out, sign in, and do it again.",
        )


class ConflictError(WaybillError):
    """Somebody else changed the record first; `changed` names the fields that now differ."""

    code = "conflict"
    title_zh = "记录已被他人更改"
    title_en = "Somebody else changed this first"

    def __init__(
        self,
        detail_zh: str = "",
        detail_en: str = "",
        *,
        current_version: int | None = None,
        changed: Sequence[str] = (),
        next_step_zh: str = "重新载入后再试。",
        next_step_en: str = "Load it again and try once more.",
    ) -> None:
        super().__init__(detail_zh, detail_en, next_step_zh=next_step_zh, next_step_en=next_step_en)
        self.current_version = current_version
        self.changed = tuple(changed)


class DuplicateError(WaybillError):
    """A record with this identity exists already; `pointer` names the field."""

    code = "duplicate"
    title_zh = "记录已存在"
    title_en = "This exists already"


class PreconditionFailedError(WaybillError):
    """The writer asked for a version that is no longer, or did not say which version it saw."""

    code = "precondition-failed"
    title_zh = "版本不符"
    title_en = "The version is not the one you saw"

    def __init__(
        self,
        detail_zh: str = "",
        detail_en: str = "",
        *,
        current_version: int | None = None,
        changed: Sequence[str] = (),
    ) -> None:
        super().__init__(
            detail_zh,
            detail_en,
            next_step_zh="重新载入后再试。",
            next_step_en="Load it again and try once more.",
        )
        self.current_version = current_version
        self.changed = tuple(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One field that cannot be accepted; `pointer` is a JSON Pointer into what was sent."""

    pointer: str
    code: str
    message_zh: str
    message_en: str


class InvalidFieldError(WaybillError):
    """One or more fields cannot be accepted; all of them are named at once."""

    code = "invalid-field"
    title_zh = "填写有误"
    title_en = "Some fields cannot be accepted"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        if not problems:
            raise ValueError("an invalid field needs its problem")
        super().__init__(
            "；".join(problem.message_zh for problem in problems),
            "; ".join(problem.message_en for problem in problems),
            pointer=problems[0].pointer,
        )
        self.problems = tuple(problems)


class StateError(WaybillError):
    """The record is not in a state in which this act is possible."""

    code = "wrong-state"
    title_zh = "当前状态不允许此操作"
    title_en = "Not possible in the present state"

    def __init__(
        self,
        detail_zh: str = "",
        detail_en: str = "",
        *,
        state: str,
        act: str,
        next_step_zh: str = "",
        next_step_en: str = "",
    ) -> None:
        super().__init__(detail_zh, detail_en, next_step_zh=next_step_zh, next_step_en=next_step_en)
        self.state = state
        self.act = act


class FindingsNotAcceptedError(WaybillError):
    """Findings stand open and have not been confirmed.

    `findings` are as their maker wrote them for the reader: one mapping of texts each.
    """

    code = "findings-not-accepted"
    title_zh = "存在未确认的问题"
    title_en = "Open findings are not confirmed"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(
            f"有 {len(findings)} 项问题尚未确认。",
            f"{len(findings)} findings are not confirmed.",
            pointer="/accept_findings",
            next_step_zh="逐项阅读后确认，或改正后重新提交。",
            next_step_en="Read and confirm them, or cure them and send again.",
        )
        self.findings = tuple(findings)


class IssueBlockedError(WaybillError):
    """Findings stand that no confirmation passes; `findings` as in FindingsNotAcceptedError."""

    code = "issue-blocked"
    title_zh = "不得签发"
    title_en = "This waybill may not be issued"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(
            f"有 {len(findings)} 项问题不允许签发。",
            f"{len(findings)} findings do not allow this waybill.",
            next_step_zh="按各项提示改正后重新提交。",
            next_step_en="Cure each finding as it says and send again.",
        )
        self.findings = tuple(findings)


class SealedFieldError(WaybillError):
    """A signature already covers these fields; they are corrected by a revision, never edited."""

    code = "sealed-field"
    title_zh = "字段已签名锁定"
    title_en = "A signature already covers this field"

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(
            f"已签名的字段：{'、'.join(fields)}。",
            f"Signed fields: {', '.join(fields)}.",
            next_step_zh="以更正方式提交新的版本。",
            next_step_en="Send a correction as a new revision.",
        )
        self.fields = tuple(fields)


class ThrottledError(WaybillError):
    """Too many attempts; `retry_after_s` is whole seconds to wait."""

    code = "throttled"
    title_zh = "尝试过于频繁"
    title_en = "Too many attempts"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"请在 {retry_after_s} 秒后再试。", f"Try again in {retry_after_s} seconds."
        )
        self.retry_after_s = retry_after_s


class DeviceAssertionError(AuthenticationError):
    """A tablet did not prove which one it is: nothing was shown, or it does not hold now."""

    code = "device-assertion-refused"
    title_zh = "平板身份未能确认"
    title_en = "The tablet could not be identified"


class DeviceUnknownError(AuthenticationError):
    """No tablet of this id was ever enrolled here."""

    code = "device-unknown"
    title_zh = "平板未登记"
    title_en = "This tablet is not enrolled"


class DeviceRevokedError(AuthenticationError):
    """The tablet was revoked: it forgets what it holds."""

    code = "device-revoked"
    title_zh = "平板已停用"
    title_en = "This tablet was revoked"


class SignOnRefusedError(AuthenticationError):
    """Badge or PIN is not right; which, is not said."""

    code = "badge-or-pin-wrong"
    title_zh = "工牌或 PIN 不正确"
    title_en = "Badge or PIN is not right"


class BaySessionOverError(AuthenticationError):
    """The sign-on at the tablet no longer counts."""

    code = "bay-session-over"
    title_zh = "登录已结束"
    title_en = "The sign-on has ended"


class BadgeLockedError(ThrottledError):
    """The PIN of a badge was wrong too often; after a while, or with a new PIN, it goes on."""

    code = "badge-locked"
    title_zh = "工牌已暂时锁定"
    title_en = "The badge is locked for a while"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        minutes = -(-retry_after_s // 60)
        self.detail_zh = f"PIN 多次输入错误，{minutes} 分钟后可再试。"
        self.detail_en = f"The PIN was wrong too often. Try again in {minutes} minutes."
        self.next_step_zh = "稍后再试，或请安全管理员在“平板”页面重设 PIN。"
        self.next_step_en = "Wait, or ask the supervisor for a new PIN on the page Tablets."
