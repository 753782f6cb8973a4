"""Every look, in the order in which they are told; the first two must succeed for the others."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from api.soundness import database, log, machine
from api.soundness.look import Found, Installation, Level, broken


class Look(NamedTuple):
    """One look: its name, for ever, and what it does. `needs` names what must be sound first."""

    name: str
    run: Callable[[Installation], Found]
    needs: tuple[str, ...] = ()


DATABASE: Final = ("database",)
SCHEMA: Final = ("database", "schema")

LOOKS: Final = (
    Look("database", database.look_reachable),
    Look("schema", database.look_schema, DATABASE),
    Look("append-only", database.look_append_only, SCHEMA),
    Look("grants", database.look_grants, SCHEMA),
    Look("clock", database.look_clock, DATABASE),
    Look("replica", database.look_replica, DATABASE),
    Look("worker", log.look_worker, DATABASE),
    Look("log", log.look_log, SCHEMA),
    Look("witnesses", log.look_witnesses, SCHEMA),
    Look("counting", log.look_counting, SCHEMA),
    Look("figures", log.look_figures, SCHEMA),
    Look("secrets", machine.look_secrets),
    Look("signing-key", machine.look_signing_key, SCHEMA),
    Look("demonstration", machine.look_demonstration),
    Look("disk", machine.look_disk),
    Look("tablet", machine.look_tablet),
    Look("letters", machine.look_letters),
    Look("time-zone", machine.look_zone),
    Look("variables", machine.look_variables),
)


def look_at(installation: Installation) -> Mapping[str, Found]:
    """Do every look whose needs are met, and return what each found."""
    found: dict[str, Found] = {}
    for look in LOOKS:
        if all(name in found and found[name].level < Level.BROKEN for name in look.needs):
            found[look.name] = _done(look, installation)
    return found


def _done(look: Look, installation: Installation) -> Found:
    try:
        return look.run(installation)
    except (SQLAlchemyError, OSError) as error:
        # Neither password nor value: the kind of the error, and what the driver calls it.
        cause = type(getattr(error, "orig", None) or error).__name__
        return broken(
            f"无法检查：{cause}",
            f"could not be looked at: {cause}",
            "检查 WAYBILL_DATABASE_URL、网络与数据库服务。",
            "Look at WAYBILL_DATABASE_URL, the network and the database's own journal.",
        )


def worst(found: Mapping[str, Found]) -> Level:
    """Return how it stands on the whole."""
    return max(each.level for each in found.values())
