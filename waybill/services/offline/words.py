"""What people are told of a record that came in: what became of it, why, and what to do."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from waybill.registry.offline import KeptRecord, RecordProblem, RecordState


class Told(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


STATES: Final[Mapping[RecordState, Told]] = {
    RecordState.ACCEPTED: Told("离线记录已入账。", "The record was taken."),
    RecordState.CONTRADICTED: Told(
        "离线记录未被确认，运单状态未改变：请停止装货，重新联网查验。",
        "The record is not confirmed and changed nothing: stop loading and check again online.",
    ),
    RecordState.REFUSED: Told(
        "离线记录只作为证据保存，不产生任何效力：请停止装货并联系主管。",
        "The record is kept as evidence and has no effect: stop loading and call the supervisor.",
    ),
}
PROBLEMS: Final[Mapping[RecordProblem, Told]] = {
    RecordProblem.DEVICE_REVOKED: Told("该平板已停用。", "The tablet was revoked."),
    RecordProblem.PERSON_UNKNOWN: Told(
        "记录中的账号不属于本单位。", "The account in it is not one of this organisation."
    ),
    RecordProblem.PERSON_NOT_ALLOWED: Told(
        "该账号已停用或无查验权限。", "The account is closed or may not check loads."
    ),
    RecordProblem.SESSION_UNKNOWN: Told(
        "查验时该账号未在此平板登录。", "The account was not signed on at this tablet then."
    ),
    RecordProblem.OTHER_BAY: Told(
        "装货位不属于此平板的场所。", "The bay is not at this tablet's facility."
    ),
    RecordProblem.WAYBILL_UNKNOWN: Told(
        "所扫的码不是有效运单。", "The code that was shown is no valid waybill."
    ),
    RecordProblem.OTHER_CHECK: Told(
        "记录所指的查验不存在。", "The check that it goes on with is not there."
    ),
    RecordProblem.CHECK_ABORTED: Told(
        "该次查验已中止。", "The check that it goes on with was aborted."
    ),
    RecordProblem.BUNDLE_UNKNOWN: Told(
        "离线准装所依据的数据包不是本系统签发的。",
        "The data by which it cleared did not come from this installation.",
    ),
    RecordProblem.BUNDLE_STALE: Told(
        "离线准装时所依据的数据已过期。", "The data by which it cleared was too old."
    ),
    RecordProblem.CLOCK_CONTRADICTED: Told(
        "平板时间与服务器所知不符。", "The tablet's time contradicts what the server knows."
    ),
    RecordProblem.TIMES_OUT_OF_ORDER: Told(
        "记录中的时间前后颠倒。", "The times in it are out of order."
    ),
    RecordProblem.CHECK_TOO_LONG: Told("查验超过 8 小时。", "The check took more than 8 hours."),
    RecordProblem.ITEM_REFUSED: Told(
        "有内容不能作为证据入账。", "Something in it could not be taken as evidence."
    ),
    RecordProblem.CLEARED_ELSEWHERE: Told(
        "该运单已由另一次查验准装或放行。", "Another check had cleared this waybill."
    ),
    RecordProblem.CONSENT_MISSING: Told(
        "本场所须装卸管理人员同意，记录中没有有效的同意。",
        "The supervisor's consent is asked here, and the record holds none that counts.",
    ),
    RecordProblem.VERDICT_DIFFERS: Told(
        "服务器的判定与平板不同。", "The server judges otherwise than the tablet."
    ),
}


def say_record(record: KeptRecord) -> Told:
    """Say what became of a record and why."""
    parts = [STATES[record.state], *(PROBLEMS[problem] for problem in record.problems)]
    return Told("".join(part.zh for part in parts), " ".join(part.en for part in parts))
