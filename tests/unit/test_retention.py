"""How long values are kept: periods as data, their ends as dates."""

from datetime import date

import pytest

from waybill.registry.retention import (
    Retention,
    RetentionPeriod,
    Use,
    UseKind,
    months_later,
    retention_of,
    retention_periods,
)

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(DAY, 12, date(2027, 11, 22), id="a year"),
        pytest.param(date(2026, 12, 31), 2, date(2027, 2, 28), id="no such day in February"),
        pytest.param(date(2027, 12, 31), 2, date(2028, 2, 29), id="a leap year"),
        pytest.param(date(2026, 12, 1), 1, date(2027, 1, 1), id="over the year's end"),
        pytest.param(date(2026, 11, 30), 1, date(2026, 12, 30), id="into December"),
        pytest.param(DAY, 0, DAY, id="no month"),
    ],
)
def test_months_are_counted_in_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_every_kind_of_use_has_a_period_with_its_basis() -> None:
    periods = retention_periods()

    assert set(periods) == set(UseKind)
    assert {kind: (p.least_months, p.keep_months, p.confirmed) for kind, p in periods.items()} == {
        UseKind.WAYBILL: (12, 36, True),
        UseKind.LOADING_RECORD: (12, 36, False),
        UseKind.HAZARDOUS_WASTE: (120, 120, False),
        UseKind.REGISTER: (0, 12, False),
        UseKind.CASE: (0, 36, False),
        UseKind.PHOTO: (12, 24, False),
    }
    assert all(p.basis_zh and p.basis_en and p.note_zh and p.note_en for p in periods.values())


def test_a_period_keeps_no_less_than_the_law_asks() -> None:
    with pytest.raises(ValueError, match="least_months <= keep_months"):
        RetentionPeriod(
            code=UseKind.WAYBILL,
            name_zh="",
            name_en="",
            least_months=13,
            keep_months=12,
            basis_zh="",
            basis_en="",
            confirmed=True,
            note_zh="",
            note_en="",
        )


class TestRetentionOf:
    """The longest period of all uses holds."""

    REGISTER = Use(kind=UseKind.REGISTER, last_on=DAY)
    WAYBILL = Use(kind=UseKind.WAYBILL, last_on=date(2026, 1, 31))
    WASTE = Use(kind=UseKind.HAZARDOUS_WASTE, last_on=date(2020, 2, 29))

    @pytest.mark.parametrize(
        ("uses", "asked", "until", "kind"),
        [
            pytest.param((REGISTER,), False, date(2027, 11, 22), UseKind.REGISTER, id="register"),
            pytest.param(
                (REGISTER, WAYBILL), False, date(2029, 1, 31), UseKind.WAYBILL, id="3 years"
            ),
            pytest.param(
                (REGISTER, WAYBILL), True, date(2027, 1, 31), UseKind.WAYBILL, id="12 months, asked"
            ),
            pytest.param(
                (REGISTER, WAYBILL, WASTE),
                True,
                date(2030, 2, 28),
                UseKind.HAZARDOUS_WASTE,
                id="waste",
            ),
        ],
    )
    def test_the_latest_end_counts(
        self, uses: tuple[Use, ...], *, asked: bool, until: date, kind: UseKind
    ) -> None:
        found = retention_of(uses, asked=asked)

        assert found == Retention(until=until, period=retention_periods()[kind])

    def test_what_only_stood_in_the_register_is_free_once_asked_for(self) -> None:
        assert retention_of((self.REGISTER,), asked=True) is None
