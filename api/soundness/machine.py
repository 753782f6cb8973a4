"""Looks at this machine: keys, folders, files of the program, zones, letters, variables."""

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typst
from pylopdf_fonts_zh_cn import sans_path

import api
from api.soundness.look import Found, Installation, broken, doubtful, sound
from waybill.services.keys import list_signing_keys
from waybill.settings import DEFAULT_ISSUER, unread_variables
from waybill.storage.session import read_session

TABLET: Final = Path(api.__file__).parent / "static" / "tablet" / "index.html"
ROOM_DOUBTFUL: Final = 0.10
ROOM_BROKEN: Final = 0.02
FEWEST_CHARACTERS: Final = 10
"""A secret that was drawn has more different characters than this; `aaaa…` and words have not."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MIDSUMMER: Final = datetime(2027, 7, 1, tzinfo=UTC)


def look_secrets(at: Installation) -> Found:
    """Look whether the secrets were drawn, each for itself."""
    settings = at.settings
    drawn = len(set(settings.secret_key)) > FEWEST_CHARACTERS and all(
        len(set(key)) > FEWEST_CHARACTERS for key in (settings.pii_key, settings.pii_index_key)
    )
    if not drawn or settings.pii_key == settings.pii_index_key:
        return broken(
            "密钥不是随机生成的，或两个密钥相同",
            "a secret was not drawn at random, or two are the same",
            "按 deploy/environment.example 重新生成（个人信息密钥有数据后不可更换）。",
            "Make them as deploy/environment.example says, before there is any data.",
        )
    return sound("密钥为随机生成", "the secrets look drawn")


def look_signing_key(at: Installation) -> Found:
    """Look whether there is a key to sign with, that nobody else can read."""
    now, folder = at.clock.now(), at.settings.key_dir
    with read_session(at.sessions) as session:
        keys = list_signing_keys(session, folder)
    usable = [
        key
        for key in keys
        if key.held and key.revoked_at is None and (key.not_after is None or key.not_after > now)
    ]
    if not usable:
        return broken(
            f"{folder} 中没有可用的签名密钥",
            f"there is no key to sign with in {folder}",
            "运行 waybill key add。",
            "Run `waybill key add`.",
        )
    files = [folder, *folder.glob("*.pem")]
    open_to_others = [path.name for path in files if path.stat().st_mode & OTHERS]
    if open_to_others:
        return broken(
            f"其他用户可读取密钥：{', '.join(open_to_others)}",
            f"others can read keys: {', '.join(open_to_others)}",
            "chmod 700 文件夹，chmod 600 文件；若他人可能已读取，更换密钥。",
            "chmod 700 the folder, 600 the files; if somebody may have read them, revoke them.",
        )
    return sound(f"签名密钥 {usable[-1].kid}", f"signing key {usable[-1].kid}")


def look_demonstration(at: Installation) -> Found:
    """Look whether this is a real installation: its name, its address, its page of codes."""
    settings = at.settings
    if settings.demo_page is not None or settings.issuer == DEFAULT_ISSUER:
        return doubtful(
            "这是演示安装",
            "this is a demonstration",
            "正式使用请另建安装并设置 WAYBILL_ISSUER。",
            "For real data make another installation and set WAYBILL_ISSUER.",
        )
    if not settings.https:
        return doubtful(
            "公开地址不是 https",
            "the public address is not https",
            "设置 WAYBILL_PUBLIC_URL，见 deploy/nginx.conf。",
            "Set WAYBILL_PUBLIC_URL, see deploy/nginx.conf.",
        )
    return sound(
        f"{settings.issuer}，{settings.public_url}", f"{settings.issuer} at {settings.public_url}"
    )


def look_disk(at: Installation) -> Found:
    """Look for room where the installation writes."""
    database = at.engine.url.database
    places = {at.settings.key_dir, at.settings.exports_dir}
    if not at.on_postgresql and database:
        places.add(Path(database))
    least = min(map(_room, places))
    zh, en = f"剩余磁盘空间最少 {least:.0%}", f"at least {least:.0%} of the disk is free"
    next_zh, next_en = "清理磁盘或扩容；日志只增不减。", "Make room: the log only grows."
    if least < ROOM_BROKEN:
        return broken(zh, en, next_zh, next_en)
    return doubtful(zh, en, next_zh, next_en) if least < ROOM_DOUBTFUL else sound(zh, en)


def _room(place: Path) -> float:
    there = place.absolute()
    while not there.exists():
        there = there.parent
    usage = shutil.disk_usage(there)
    return usage.free / usage.total


def look_tablet(_: Installation) -> Found:
    """Look whether the bay tablet is built."""
    if TABLET.is_file():
        return sound("装货平板已构建", "the bay tablet is built")
    return doubtful(
        "装货平板尚未构建",
        "the bay tablet is not built",
        "在源码目录运行 make tablet。",
        "Run `make tablet` where the source is.",
    )


def look_letters(_: Installation) -> Found:
    """Typeset a line of Chinese, as printed waybills need it."""
    source = b'#set text(font: "Noto Sans SC", fallback: false)\n' + "危险货物".encode()
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
        typst.Compiler(font_paths=fonts).compile(source, format="pdf")
    except (OSError, RuntimeError) as error:
        return broken(
            f"无法排版 PDF：{error}",
            f"no PDF can be typeset: {error}",
            "重新安装 typst 与 pylopdf-fonts-zh-cn。",
            "Install typst and pylopdf-fonts-zh-cn again.",
        )
    return sound("PDF 可排版中文", "PDF with Chinese can be typeset")


def look_zone(_: Installation) -> Found:
    """Look whether Shanghai is eight hours ahead, as its law counts days."""
    try:
        ahead = MIDSUMMER.astimezone(ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        ahead = None
    if ahead != timedelta(hours=8):
        return broken(
            "没有 Asia/Shanghai 时区数据",
            "there is no time zone data for Asia/Shanghai",
            "安装系统的 tzdata，或 Python 包 tzdata。",
            "Install the system's tzdata, or Python's.",
        )
    return sound("Asia/Shanghai 为 UTC+8", "Asia/Shanghai is UTC+8")


def look_variables(at: Installation) -> Found:
    """Look for variables that are called like ours and that nothing reads."""
    unread = unread_variables(at.environ)
    if unread:
        names = ", ".join(unread)
        return doubtful(
            f"无人读取的变量：{names}",
            f"nothing reads {names}",
            "与 deploy/environment.example 对照拼写。",
            "Compare the spelling with deploy/environment.example.",
        )
    return sound("所有变量均被读取", "every variable is read")
