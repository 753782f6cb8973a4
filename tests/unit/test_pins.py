"""PINs that a thief would try first are refused."""

import pytest

from waybill.errors import InvalidFieldError
from waybill.services.devices import is_weak, new_pin


@pytest.mark.parametrize(
    "pin",
    [
        *("123456", "654321", "890123", "000000", "112112", "121212", "123123", "123321"),
        *(
            "112233",
            "147258",
            "852741",
            "12345",
            "1234567",
            "12345a",
            "\uff14\uff18\uff12\uff19\uff11\uff15",
            "",
            "482915\n",
        ),
    ],
)
def test_a_weak_pin_is_refused(pin: str) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        new_pin(pin)
    assert [problem.code for problem in caught.value.problems] == ["weak-pin"]


@pytest.mark.parametrize("pin", ["482915", "730258", "001937"])
def test_another_one_is_not(pin: str) -> None:
    assert not is_weak(pin)


def test_a_random_one_is_strong_and_shown_by_nothing() -> None:
    made = new_pin()

    assert not is_weak(made.pin)
    assert made.pin not in repr(made)
