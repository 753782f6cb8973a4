"""Looks at the database: reached, at its revision, in step with the clock, and refusing."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from api.soundness.look import Found, Installation, broken, doubtful, sound
from waybill.storage import migrate
from waybill.storage.commits import confirms_commits
from waybill.storage.protection import (
    changeable_tables,
    missing_triggers,
    owns_tables,
    wrong_privileges,
)
from waybill.storage.replica import AskPrimaryError, NotAStandbyError, make_replica
from waybill.storage.session import takes_writes

SKEW_DOUBTFUL_S: Final = 2.0
SKEW_BROKEN_S: Final = 30.0
SHOWN: Final = 5
"""So many names are shown of a list."""


def look_reachable(at: Installation) -> Found:
    """Ask the database for its version."""
    with Session(at.engine) as session:
        question = "SHOW server_version" if at.on_postgresql else "SELECT sqlite_version()"
        version = session.scalar(text(question))
        writable, confirming = takes_writes(session), confirms_commits(session)
    name = "PostgreSQL" if at.on_postgresql else "SQLite"
    if not writable:
        return broken(
            f"{name} {version} 只读：是备库，或被设为只读",
            f"{name} {version} takes no writes: it is a standby, or was told not to",
            "WAYBILL_DATABASE_URL 应指向主库；多台主机请加 target_session_attrs=read-write。",
            "Name the primary in WAYBILL_DATABASE_URL, or every host of it with "
            "target_session_attrs=read-write.",
        )
    if not confirming:
        return broken(
            f"{name} {version} 不确认写入：提交在等待同步备库",
            f"{name} {version} confirms no writes: commits wait for a synchronous standby",
            "启动该备库；或将其移出 synchronous_standby_names 并执行 SELECT pg_reload_conf()。",
            "Start the standby, or take it out of synchronous_standby_names and reload.",
        )
    return sound(f"{name} {version} 可以连接", f"{name} {version} answers")


def look_schema(at: Installation) -> Found:
    """Compare the revision of the schema with the program's newest."""
    present, newest = migrate.current(at.engine), migrate.head()
    if present == newest:
        return sound(f"结构为最新（{newest}）", f"the schema is at the newest revision, {newest}")
    if migrate.serves(present):
        return doubtful(
            f"结构 {present} 比程序新",
            f"the schema is at {present}, which is newer than this program",
            "更新程序后再运行。",
            "Install the program that made it.",
        )
    return broken(
        f"结构为 {present or '空'}，应为 {newest}",
        f"the schema is at {present or 'nothing'} instead of {newest}",
        "以表的所有者运行 waybill migrate up，再运行 waybill migrate grant。",
        "Run `waybill migrate up` as the owner of the tables, then `waybill migrate grant`.",
    )


def look_clock(at: Installation) -> Found:
    """Compare this machine's clock with the database's."""
    if not at.on_postgresql:
        return sound("与数据库同一时钟", "SQLite has this machine's clock")
    with at.engine.connect() as connection:
        there = connection.scalar(text("SELECT clock_timestamp()"))
    skew_s = abs((at.clock.now() - there).total_seconds()) if there is not None else 0.0
    zh, en = f"与数据库相差 {skew_s:.1f} 秒", f"{skew_s:.1f} s from the database's clock"
    next_zh, next_en = "检查两台机器的 NTP（chronyc tracking）。", "Look at NTP on both machines."
    if skew_s > SKEW_BROKEN_S:
        return broken(zh, en, next_zh, next_en)
    return doubtful(zh, en, next_zh, next_en) if skew_s > SKEW_DOUBTFUL_S else sound(zh, en)


def look_replica(at: Installation) -> Found:
    """Look whether the replica follows this database, and how far it is behind."""
    replica = make_replica(at.settings, at.engine)
    if replica is None:
        return sound("未设置只读副本", "no replica is set up")
    try:
        standing = replica.ask()
    except NotAStandbyError:
        return broken(
            "副本不是本库的备库，或仍跟随旧主库",
            "the replica is no standby of this database, or follows an old primary",
            "检查 WAYBILL_REPLICA_URL；主库切换后让备库跟随新主库，并在其上执行 CHECKPOINT。",
            "Look at WAYBILL_REPLICA_URL; after a change of the primary let it follow the new one, "
            "and say CHECKPOINT to it.",
        )
    except (AskPrimaryError, PoolTimeoutError):
        return doubtful(
            "副本无法连接，查询由主库回答",
            "the replica cannot be reached; the primary answers",
            "检查副本的服务与网络。",
            "Look at the replica's service and the network to it.",
        )
    finally:
        replica.dispose()
    zh, en = f"副本滞后 {standing.lag_s:.1f} 秒", f"the replica is {standing.lag_s:.1f} s behind"
    if standing.lag_s > at.settings.replica_lag.total_seconds():
        return doubtful(
            zh,
            en,
            "滞后超过 WAYBILL_REPLICA_LAG_S，查询由主库回答；查看副本的日志。",
            "That is beyond WAYBILL_REPLICA_LAG_S, so the primary answers; read its journal.",
        )
    return sound(zh, en)


def look_append_only(at: Installation) -> Found:
    """Look for the triggers of what was written once, and try whether it can be changed."""
    with at.engine.connect() as connection:
        missing = missing_triggers(connection)
        changeable = changeable_tables(connection)
        connection.rollback()
    if missing or changeable:
        names = _some((*missing, *changeable))
        return broken(
            f"已写入的记录可被更改：{names}",
            f"what was written can be changed: {names}",
            "停止服务，查明原因；从备份恢复，或由所有者重建触发器。",
            "Stop the service and find out why; restore from backup, or make the triggers anew.",
        )
    return sound("已写入的记录不可更改（已试）", "what was written cannot be changed; it was tried")


def look_grants(at: Installation) -> Found:
    """Look whether the application's role may do what it must and no more."""
    if not at.on_postgresql:
        return sound("SQLite 无角色", "SQLite has no roles")
    with at.engine.connect() as connection:
        owner, wrong = owns_tables(connection), wrong_privileges(connection)
    if owner:
        return doubtful(
            "应用以表的所有者连接，可自行撤销保护",
            "the application connects as the owner of the tables and could lift their protection",
            "为应用建立单独的角色，运行 waybill migrate grant。",
            "Make a role for the application and run `waybill migrate grant`.",
        )
    if wrong:
        return broken(
            f"权限不符：{_some(wrong)}",
            f"wrong privileges: {_some(wrong)}",
            "以所有者运行 waybill migrate grant。",
            "Run `waybill migrate grant` as the owner.",
        )
    return sound("权限恰如所需", "the role may do what it must and no more")


def _some(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
