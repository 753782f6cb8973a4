"""A view that the database broke off is done again from its beginning, once or twice.

Of transactions that stand in each other's way PostgreSQL breaks one (a deadlock), and an engine
that keeps them serialisable breaks one that saw what another has changed. Nothing of it is there
then, and nothing is wrong with it: done again it goes through, and its client need not know.
What the replica could not answer is asked of the primary in the same way.
"""

import random
import time
from typing import Final

from flask import Flask, request
from flask.typing import ResponseReturnValue
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from api.desk import ask_primary
from api.transactions import has_committed
from waybill.storage.replica import AskPrimaryError

ATTEMPTS: Final = 4
REST_S: Final = 0.05
"""Before the second attempt up to so long is waited, and each time twice as long."""
BROKEN_OFF: Final = (DeadlockDetected, SerializationFailure)


class Application(Flask):
    """The application; see above for what it adds to Flask."""

    @override
    def dispatch_request(self) -> ResponseReturnValue:
        """Do what is asked, again where the database broke it off and nothing was committed."""
        for attempt in range(1, ATTEMPTS):
            try:
                return super().dispatch_request()
            except AskPrimaryError:
                if has_committed():
                    raise
                ask_primary()
            except DBAPIError as error:
                if not isinstance(error.orig, BROKEN_OFF) or has_committed():
                    raise
                time.sleep(random.uniform(0, REST_S * 2**attempt))  # noqa: S311  no secret
            for upload in request.files.values():
                upload.seek(0)
        return super().dispatch_request()
