"""Looks at the log and at what works for it: it holds, somebody adds to it, witnesses agree."""

from datetime import timedelta
from typing import Final

from api.soundness.look import Found, Installation, broken, doubtful, sound
from waybill.clock import local_date
from waybill.outbound.witnesses import WitnessListError, read_witnesses
from waybill.services.log.cosignatures import witness_standing
from waybill.services.log.health import LogWatch
from waybill.services.statistics.summing import differing_sums
from waybill.services.waiting import waiting_now
from waybill.storage.session import read_session
from waybill.worker import leadership

LAG_S: Final = 5
COUNTING_LAG: Final = 10_000
COSIGNED_WITHIN_S: Final = 7200
"""A log that stands still is cosigned again each hour."""


def look_worker(at: Installation) -> Found:
    """Look whether a worker leads; its lock is taken for a moment where none does."""
    with leadership(at.engine) as free:
        pass
    if free:
        return broken(
            "没有运行中的 worker",
            "no worker runs",
            "启动 waybill-worker 服务；退出码 3：日志不成立，见 operations.md。",
            "Start waybill-worker; exit code 3: the log does not hold, see operations.md.",
        )
    return sound("worker 正在运行", "a worker leads")


def look_log(at: Installation) -> Found:
    """Compare tree, entries and newest checkpoint, and look for events that were left out."""
    now = at.clock.now()
    with read_session(at.sessions) as session:
        log = LogWatch().look(session, now)
    if log.mismatch or log.strays:
        what = log.mismatch or f"{log.strays} events were left out"
        return broken(
            f"日志不成立：{what}",
            f"the log does not hold: {what}",
            "不要重启、修复或删除任何东西；先复制数据库，见 docs/operations.md。",
            "Restart, repair and delete nothing; copy the database first, see operations.md.",
        )
    if log.head is None:
        return doubtful(
            "日志尚未开始",
            "the log has not begun",
            "启动 waybill-worker。",
            "Start waybill-worker.",
        )
    zh = f"日志成立，共 {log.head.size} 条，滞后 {log.lag_s(now)} 秒"
    en = f"the log holds, {log.head.size} entries, {log.lag_s(now)} s behind"
    if log.lag_s(now) > LAG_S:
        return doubtful(zh, en, "查看 worker 的日志。", "Read the worker's journal.")
    return sound(zh, en)


def look_witnesses(at: Installation) -> Found:
    """Look whether as many witnesses as must be have cosigned, and lately."""
    try:
        listed = read_witnesses(at.settings.witnesses)
    except WitnessListError as error:
        return broken(
            f"见证人名单无法读取：{error}",
            f"the list of witnesses cannot be read: {error}",
            "见 deploy/witnesses.example.toml。",
            "See deploy/witnesses.example.toml.",
        )
    if not listed.witnesses:
        return doubtful(
            "没有见证人：无人可证明日志未被整体改写",
            "there is no witness: nobody could prove that the whole log was not rewritten",
            "请主管部门运行 waybill witness，设置 WAYBILL_WITNESSES。",
            "Let the authority run `waybill witness` and set WAYBILL_WITNESSES.",
        )
    with read_session(at.sessions) as session:
        standing = witness_standing(session, listed)
    age_s = standing.age_s(at.clock.now())
    zh = f"{standing.cosigned}/{len(listed.witnesses)} 已签最新检查点，最久 {age_s} 秒前"
    en = f"{standing.cosigned} of {len(listed.witnesses)} cosigned the newest, {age_s} s ago"
    if standing.quorum_size is None or age_s > COSIGNED_WITHIN_S:
        return doubtful(
            zh,
            en,
            "检查与见证人的网络，并查看 worker 的日志。",
            "Look at the network to the witnesses and at the worker's journal.",
        )
    return sound(zh, en)


def look_counting(at: Installation) -> Found:
    """Look whether the tables for counting follow the log."""
    with read_session(at.sessions) as session:
        behind = waiting_now(session, at.clock.now()).counting_lag_entries
    zh, en = f"统计滞后 {behind} 条", f"counting is {behind} entries behind"
    if behind > COUNTING_LAG:
        return doubtful(zh, en, "查看 worker 的日志。", "Read the worker's journal.")
    return sound(zh, en)


def look_figures(at: Installation) -> Found:
    """Count yesterday anew, and look whether its sums are so."""
    today = local_date(at.clock.now())
    yesterday = today - timedelta(days=1)
    with read_session(at.sessions) as session:
        wrong = sum(1 for _ in differing_sums(session, yesterday, today))
    if wrong:
        return broken(
            f"昨日有 {wrong} 个合计与逐条统计不符",
            f"{wrong} of yesterday's sums are not what counting gives",
            "先运行 waybill statistics rebuild --check 查明，再运行 waybill statistics rebuild。",
            "See which with `waybill statistics rebuild --check`; without --check it mends them.",
        )
    return sound("昨日合计与逐条统计相符", "yesterday's sums are what counting gives")
