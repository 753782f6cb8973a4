"""The words of the pages: both languages whole, and every key a template asks for is there."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from api.wording import catalogue
from scanners.checklist import StepKind, StepState
from waybill.registry.access import Role
from waybill.registry.cases import (
    CaseAct,
    CaseMatter,
    CaseOutcome,
    CaseSource,
    CaseStatus,
    CaseSubject,
    RequestStatus,
)
from waybill.registry.kinds import PlateColour
from waybill.registry.measures import AppealOutcome, MeasureAct, MeasureKind, MeasureStatus
from waybill.registry.personal import LegalPurpose, ValueState
from waybill.registry.personal import RequestStatus as ErasureStatus
from waybill.rules.facts import Answer, CarriageMode, PhysicalState, Regime
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.registry.certificate_fields import ENDORSEMENTS
from waybill.storage.events import EventKind, EventResult, SubjectKey

PLAIN_KEY = re.compile(r"""\bt\(\s*["']([a-z_]+\.[A-Za-z0-9_-]+)["']""")
NAMED_KEY = re.compile(
    r"""(?<!url_for\()(?<!endpoint=)["']((?:field|hint|nav|issue|act|bay|words)\.[A-Za-z0-9_-]+)["']"""
)
"""A key handed on as a value; the name of a view looks the same."""

CLOSED_LISTS: list[tuple[str, type[StrEnum]]] = [
    ("role", Role),
    ("colour", PlateColour),
    ("waybill_status", WaybillStatus),
    ("waybill_next", WaybillStatus),
    ("check_status", CheckStatus),
    ("step", StepKind),
    ("step_todo", StepKind),
    ("step_state", StepState),
    ("event", EventKind),
    ("subject", SubjectKey),
    ("event_result", EventResult),
    ("regime", Regime),
    ("physical_state", PhysicalState),
    ("mode", CarriageMode),
    ("answer", Answer),
    ("case_status", CaseStatus),
    ("case_next", CaseStatus),
    ("case_act", CaseAct),
    ("case_source", CaseSource),
    ("case_matter", CaseMatter),
    ("case_subject", CaseSubject),
    ("case_outcome", CaseOutcome),
    ("request_status", RequestStatus),
    ("measure_kind", MeasureKind),
    ("measure_status", MeasureStatus),
    ("measure_act", MeasureAct),
    ("appeal_outcome", AppealOutcome),
    ("value_state", ValueState),
    ("legal_purpose", LegalPurpose),
    ("erasure_status", ErasureStatus),
]


def asked_for(repository: Path) -> Iterator[tuple[str, str]]:
    """Yield every key that stands literally in a template or a page, with its file."""
    pages = repository / "api"
    files = [*pages.glob("templates/**/*.html"), *pages.glob("pages/**/*.py")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for pattern in (PLAIN_KEY, NAMED_KEY):
            for found in pattern.finditer(text):
                if not found[1].endswith((".", "_")):
                    yield found[1], path.name


def test_both_languages_hold_the_same_keys() -> None:
    assert sorted(catalogue("zh")) == sorted(catalogue("en"))


def test_no_text_is_empty() -> None:
    assert [
        key for words in ("zh", "en") for key, text in catalogue(words).items() if not text
    ] == []


def test_both_languages_put_in_the_same_values() -> None:
    def values(locale: str) -> dict[str, list[str]]:
        found = catalogue(locale).items()
        return {key: sorted(re.findall(r"\{([a-z_]+)\}", text)) for key, text in found}

    assert values("zh") == values("en")


def test_every_key_that_pages_ask_for_is_there(repository: Path) -> None:
    known = catalogue("zh")

    assert {found for found in asked_for(repository) if found[0] not in known} == set()


@pytest.mark.parametrize(("section", "kind"), CLOSED_LISTS)
def test_every_member_of_a_closed_list_has_its_word(section: str, kind: type[StrEnum]) -> None:
    assert [m.value for m in kind if f"{section}.{m.value}" not in catalogue("zh")] == []


def test_every_endorsement_has_its_word() -> None:
    assert {f"endorsement.{name}" for name in ENDORSEMENTS} <= set(catalogue("zh"))
