import inspect
from enum import StrEnum

import pytest

from waybill.registry import kinds
from waybill.registry.kinds import PlateColour
from waybill.registry.labels import LABELS, Label, label_of

KINDS = [one for _, one in inspect.getmembers(kinds, inspect.isclass) if one is not StrEnum]


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_has_a_label_in_both_languages(kind: type[StrEnum]) -> None:
    labels = [label_of(member) for member in kind]

    assert all(label.zh and label.en for label in labels)
    assert len({label.zh for label in labels}) == len(labels)


def test_no_label_is_left_over() -> None:
    assert set(LABELS) == set(KINDS)


def test_a_label_is_what_people_read() -> None:
    assert label_of(PlateColour.YELLOW_GREEN) == Label("黄绿", "yellow-green")
