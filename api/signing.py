"""The installation's keys, read once per process and looked at again every few seconds."""

from api.runtime import runtime
from waybill.services.keys import KeyKeeper, KeyRing
from waybill.services.waybills.issuing import IssueTerms


def key_ring() -> KeyRing:
    """Return the key to sign with and the keys that are believed."""
    shared = runtime()
    keeper = shared.parts.get(KeyKeeper)
    if not isinstance(keeper, KeyKeeper):
        keeper = KeyKeeper(shared.sessions, shared.settings.key_dir, shared.clock)
        shared.add_part(keeper)
    return keeper.ring()


def issue_terms() -> IssueTerms:
    """Return what this installation contributes to an issue."""
    shared = runtime()
    return IssueTerms(
        keys=key_ring(),
        issuer=shared.settings.issuer,
        public_url=shared.settings.public_url,
        clock=shared.clock,
    )
