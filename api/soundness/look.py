"""What a look is given and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.settings import Settings


class Level(IntEnum):
    """How it stands; the number is the command's exit code."""

    SOUND = 0
    DOUBTFUL = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is looked at. `environ` is the environment that the settings were read from."""

    settings: Settings
    environ: Mapping[str, str]
    engine: Engine
    sessions: sessionmaker[Session]
    clock: Clock

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is a PostgreSQL."""
        return self.engine.dialect.name == "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look found. `next_*` say what would help, empty where nothing is the matter."""

    level: Level
    zh: str
    en: str
    next_zh: str = ""
    next_en: str = ""

    def members(self, name: str) -> dict[str, JsonValue]:
        """Return the finding as members of a JSON object."""
        return {
            "name": name,
            "level": self.level.name.lower(),
            "zh": self.zh,
            "en": self.en,
            "next_zh": self.next_zh,
            "next_en": self.next_en,
        }


def sound(zh: str, en: str) -> Found:
    """Return that nothing is the matter."""
    return Found(level=Level.SOUND, zh=zh, en=en)


def doubtful(zh: str, en: str, next_zh: str, next_en: str) -> Found:
    """Return that it works, and that somebody should see to it."""
    return Found(level=Level.DOUBTFUL, zh=zh, en=en, next_zh=next_zh, next_en=next_en)


def broken(zh: str, en: str, next_zh: str, next_en: str) -> Found:
    """Return that something does not work, or does not protect."""
    return Found(level=Level.BROKEN, zh=zh, en=en, next_zh=next_zh, next_en=next_en)
