"""What the views share: settings, clock, database, vault. Made once per process."""

from dataclasses import dataclass, field
from typing import Final, TypeVar

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from api.metrics import Metrics
from waybill.clock import Clock
from waybill.services.identity import AccountStates
from waybill.settings import Settings
from waybill.storage.personal import PersonalVault
from waybill.storage.replica import Replica

EXTENSION: Final = "waybill"

PartT = TypeVar("PartT")


@dataclass(slots=True, kw_only=True)
class Runtime:
    """What one process of the server works with; views reach it by `runtime()`.

    `account_states` remembers for a few seconds that an account may still come in. `replica`
    answers the desk, see `api.desk`. `parts` holds
    what single resources keep for the life of the process, such as parsed signing keys, each
    under its own type.
    """

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]
    vault: PersonalVault
    replica: Replica | None = None
    account_states: AccountStates = field(default_factory=AccountStates)
    metrics: Metrics = field(default_factory=Metrics)
    parts: dict[type, object] = field(default_factory=dict)

    def add_part(self, part: object) -> None:
        """Keep something under its type; the factory of the application does this."""
        self.parts[type(part)] = part

    def part(self, kind: type[PartT]) -> PartT:
        """Return what is kept under a type.

        Raises:
            LookupError: nothing is; the factory forgot it.
        """
        found = self.parts.get(kind)
        if not isinstance(found, kind):
            raise LookupError(f"no {kind.__name__} was added to the runtime")  # noqa: TRY004  it is missing, not of a wrong type
        return found


def runtime() -> Runtime:
    """Return the running application's runtime."""
    found = current_app.extensions[EXTENSION]
    if not isinstance(found, Runtime):
        raise TypeError("the application was not made by create_app")
    return found
