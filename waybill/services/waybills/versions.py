"""Which version of a waybill a writer saw."""

from waybill.errors import PreconditionFailedError


def refuse_other_version(current: int, expected: int) -> None:
    """Refuse a write by somebody who saw another version.

    Raises:
        PreconditionFailedError: says which version it is now.
    """
    if current != expected:
        raise PreconditionFailedError(
            f"当前版本为 {current}，您看到的是 {expected}。",
            f"It is at version {current}; you saw {expected}.",
            current_version=current,
        )
