"""The auditor's page of witnesses: who has cosigned the newest checkpoint; what to do if not."""

from datetime import timedelta

import pytest

from api.runtime import EXTENSION, Runtime
from tests.harness.page_user import PageTown, PageUser
from tests.harness.signed_log import signer_of
from waybill.clock import FixedClock
from waybill.outbound.witnesses import RemoteWitness, WitnessList
from waybill.sequencing import Sequencing
from waybill.services.log.cosignatures import record_cosignatures
from waybill.services.log.sequencer import LogTerms
from waybill.services.log.serving import published
from waybill.storage.session import write_session
from waybill.transparency.notes import Algorithm, NoteSigner, parse_note

SIGNERS = [
    NoteSigner(name=name, private_key=signer_of(name, seed).private_key, algorithm=kind)
    for seed, name, kind in (
        (3, "one.example.org", Algorithm.COSIGNATURE),
        (4, "two.example.org", Algorithm.COSIGNATURE),
    )
]


def look(pages: PageTown, *, quorum: int, cosigned: int, listed: int = 2) -> PageUser:
    """Return what an auditor sees when so many have cosigned."""
    runtime: Runtime = pages.app.extensions[EXTENSION]
    clock = runtime.clock
    terms = LogTerms.of(runtime.settings)
    Sequencing(sessions=runtime.sessions, terms=terms, clock=clock).all()
    remotes = tuple(
        RemoteWitness(url="http://127.0.0.1:1", keys=(signer.verifier,))
        for signer in SIGNERS[:listed]
    )
    runtime.add_part(WitnessList(quorum=quorum, witnesses=remotes))
    with write_session(runtime.sessions) as session:
        found = published(session)
        text = parse_note(found.note).text
        signatures = [signer.cosign(text, clock.now()) for signer in SIGNERS[:cosigned]]
        record_cosignatures(session, found.identity.epoch, found.head.size, signatures)
    auditor = pages.user("auditor", english=True)
    auditor.open("/witnesses")
    return auditor


def pages_clock(pages: PageTown) -> FixedClock:
    clock = pages.app.extensions[EXTENSION].clock
    assert isinstance(clock, FixedClock)
    return clock


def test_enough_have_cosigned(pages: PageTown) -> None:
    page = look(pages, quorum=1, cosigned=1)

    assert "1 of 2 witnesses have cosigned it, at least 1 must" in page.text
    assert "has cosigned the newest checkpoint" in page.text
    assert "has not cosigned yet" in page.text
    assert "The witnesses keep up" in page.text


def test_too_few_have_cosigned(pages: PageTown) -> None:
    page = look(pages, quorum=2, cosigned=1)

    assert "1 of 2 witnesses have cosigned it, at least 2 must" in page.text
    assert "No checkpoint has been cosigned by enough" in page.text
    assert "The witnesses keep up" in page.text
    pages_clock(pages).advance(timedelta(seconds=61))
    page.open("/witnesses")
    assert "has waited for its witnesses for more than a minute" in page.text
    assert "Look into the journal of waybill worker" in page.text


def test_nobody_is_listed(pages: PageTown) -> None:
    page = look(pages, quorum=0, cosigned=0, listed=0)

    assert "WAYBILL_WITNESSES" in page.text


@pytest.mark.parametrize(("username", "status"), [("auditor", 200), ("carrier", 403)])
def test_whoever_reads_the_log_sees_it(pages: PageTown, username: str, status: int) -> None:
    user = pages.user(username)
    user.open("/witnesses")

    assert user.status == status
