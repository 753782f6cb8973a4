"""Versions of records in HTTP: `ETag` goes out, `If-Match` must come back with a change."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, Protocol, TypeVar

from flask import request

from api.blueprint import note
from api.problems import RequestRefusedError, plain_problem

P = ParamSpec("P")
R = TypeVar("R")
VersionedT = TypeVar("VersionedT", bound="Versioned")

_ETAG: Final = re.compile('"([0-9]{1,9})"')


class Versioned(Protocol):
    """A record that counts its changes."""

    @property
    def version(self) -> int:
        """How often it was changed, and once more."""
        ...


def versioned(record: VersionedT) -> tuple[VersionedT, dict[str, str]]:
    """Return a record with the header that names its version, for a view to return."""
    return record, {"ETag": f'"{record.version}"'}


def if_match(view: Callable[P, R]) -> Callable[..., R]:
    """Require `If-Match` and hand its version to the view as `expected_version`."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        kwargs["expected_version"] = _expected_version()
        return view(*args, **kwargs)

    note(checked, "versioned")
    return checked


def _expected_version() -> int:
    header = request.headers.get("If-Match")
    if header is None:
        raise RequestRefusedError(
            plain_problem(
                428,
                "修改须带 If-Match，值为所见版本的 ETag。",
                "A change needs If-Match with the ETag of the version that was seen.",
            )
        )
    found = _ETAG.fullmatch(header)
    if found is None:
        raise RequestRefusedError(
            plain_problem(
                412,
                'If-Match 应为单个 ETag，例如 "3"。',
                'If-Match must be one ETag, such as "3".',
            )
        )
    return int(found[1])
