from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.explosives import Together
from waybill.goods.mixed_loading import Load, limited_quantity_may_load_with, may_load_together
from waybill.goods.tables import table

EDITION = "2025"
YES, NO, UNKNOWN = Together.YES, Together.NO, Together.UNKNOWN
PROHIBITED = (NO, "prohibited")
NO_GROUP = (UNKNOWN, "class1")
LABEL_UNKNOWN = (UNKNOWN, "label_unknown")
NITRATES = ("1942", "2067", "3375", "1451", "2722", "1486", "1498", "1454", "1474", "1507")


def goods(un_number: str) -> Load:
    entry = load(EDITION).find(un_number)[0]
    return Load(
        un_number=un_number, labels=entry.labels, classification_code=entry.classification_code
    )


def labelled(*labels: str, un_number: str = "1263", code: str = "F1") -> Load:
    return Load(un_number=un_number, labels=labels, classification_code=code)


ALL_GOODS = sorted(
    {(entry.un_number, entry.labels, entry.classification_code) for entry in load(EDITION).entries}
)
loads = st.sampled_from(ALL_GOODS).map(
    lambda found: Load(un_number=found[0], labels=found[1], classification_code=found[2])
)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param("1203", "1830", (YES, ""), id="petrol and sulphuric acid"),
        pytest.param("1203", "2912", (YES, ""), id="petrol and radioactive, 7X"),
        pytest.param("1203", "3324", (YES, ""), id="petrol and radioactive, 7X and 7E"),
        pytest.param("1203", "3480", (YES, ""), id="petrol and lithium batteries, 9A"),
        pytest.param("1001", "1017", (YES, ""), id="gases 2.1 and 2.3"),
        pytest.param("1203", "3221", PROHIBITED, id="petrol and 4.1+1"),
        pytest.param("3221", "3222", (YES, ""), id="4.1+1 among themselves"),
        pytest.param("3221", "3225", PROHIBITED, id="4.1+1 and 4.1"),
        pytest.param("3101", "3103", (YES, ""), id="5.2+1 and 5.2"),
        pytest.param("3101", "3102", (YES, ""), id="5.2+1 among themselves"),
        pytest.param("3101", "3221", PROHIBITED, id="5.2+1 and 4.1+1"),
        pytest.param("0081", "1203", PROHIBITED, id="explosives and petrol"),
        pytest.param("0331", "1203", PROHIBITED, id="1.5 and petrol"),
        pytest.param("0486", "1203", PROHIBITED, id="1.6 and petrol"),
        pytest.param("0336", "1203", PROHIBITED, id="1.4G and petrol"),
        pytest.param("0012", "1203", (YES, "a"), id="a: 1.4S and petrol"),
        pytest.param("0012", "2912", (YES, "a"), id="a: 1.4S and radioactive"),
        pytest.param("0012", "3480", (YES, "a"), id="a: 1.4S and 9A"),
        pytest.param("0012", "3268", (YES, "a"), id="a comes before b"),
        pytest.param("0012", "3221", PROHIBITED, id="a does not reach 4.1+1"),
        pytest.param("0012", "3101", PROHIBITED, id="a does not reach 5.2+1"),
        pytest.param("0081", "2990", (YES, "b"), id="b: life-saving appliances"),
        pytest.param("0331", "3072", (YES, "b"), id="b: 1.5"),
        pytest.param("0486", "3268", (YES, "b"), id="b: 1.6"),
        pytest.param("0336", "3268", (YES, "b"), id="b: 1.4G"),
        pytest.param("0503", "3268", (YES, "b"), id="b covers what c allows"),
        pytest.param("0503", "3480", PROHIBITED, id="c names one UN number"),
        pytest.param("0081", "3480", PROHIBITED, id="b names three UN numbers"),
        pytest.param("0083", "1942", PROHIBITED, id="d: not type C"),
        pytest.param("0331", "1942", PROHIBITED, id="d: not with label 1.5"),
        pytest.param("0027", "1942", PROHIBITED, id="d: black powder is no blasting explosive"),
        pytest.param("0081", "1495", PROHIBITED, id="d: sodium chlorate is no nitrate"),
        pytest.param("0081", "1477", (UNKNOWN, "d"), id="d: other nitrates share the number"),
        pytest.param("0081", "1446", (UNKNOWN, "d"), id="d: barium nitrate is toxic too"),
        pytest.param("0331", "1446", PROHIBITED, id="d: barium nitrate and label 1.5"),
        pytest.param("0241", "2464", (UNKNOWN, "d"), id="d: beryllium nitrate is toxic too"),
        pytest.param("0081", "0082", (YES, "class1"), id="group D with D"),
        pytest.param("0081", "0027", (YES, "class1"), id="blasting explosives, black powder"),
        pytest.param("0129", "0081", (NO, "class1"), id="group A with D"),
        pytest.param("0029", "0081", (UNKNOWN, "class1"), id="group B with D"),
        pytest.param("0012", "0081", (YES, "class1"), id="group S with D"),
        pytest.param("0018", "0081", (YES, "class1"), id="an explosive's other labels are nothing"),
        pytest.param("0018", "1203", PROHIBITED, id="toxic explosives and petrol"),
        pytest.param("0250", "0250", (YES, "class1"), id="one type of group L"),
        pytest.param("0250", "0322", (NO, "class1"), id="two types of group L"),
        pytest.param("0354", "0354", (UNKNOWN, "class1"), id="n.o.s. of group L"),
        pytest.param("0349", "0349", (YES, "class1"), id="n.o.s. of group S"),
        pytest.param("2211", "1203", (YES, ""), id="no label asked for"),
        pytest.param("2211", "3314", (YES, ""), id="no label asked for of either"),
        pytest.param("2211", "0081", LABEL_UNKNOWN, id="no label asked for, and explosives"),
        pytest.param("2211", "0012", LABEL_UNKNOWN, id="no label asked for, and 1.4S"),
        pytest.param("2211", "2908", LABEL_UNKNOWN, id="no label asked for, and none known"),
        pytest.param("2908", "1203", LABEL_UNKNOWN, id="no label in the list"),
        pytest.param("2908", "2909", LABEL_UNKNOWN, id="no label in the list for either"),
        pytest.param("0190", "0081", LABEL_UNKNOWN, id="samples of explosives"),
        pytest.param("3537", "1203", LABEL_UNKNOWN, id="see 5.2.2.1.12"),
        pytest.param("3537", "3540", LABEL_UNKNOWN, id="see 5.2.2.1.12 for both"),
    ],
)  # fmt: skip
def test_goods_of_the_list_go_together_or_not(
    a: str, b: str, expected: tuple[Together, str]
) -> None:
    assert may_load_together(goods(a), goods(b), EDITION) == expected
    assert may_load_together(goods(b), goods(a), EDITION) == expected


@pytest.mark.parametrize(
    ("explosive", "nitrate"), list(product(("0081", "0082", "0084", "0241"), NITRATES))
)
def test_note_d_lets_blasting_explosives_go_with_the_nitrates_it_names(
    explosive: str, nitrate: str
) -> None:
    assert may_load_together(goods(explosive), goods(nitrate), EDITION) == (YES, "d")


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param(("4.1", "1"), PROHIBITED, id="4.1 with an explosive hazard"),
        pytest.param(("5.2", "1", "8"), PROHIBITED, id="5.2 with an explosive hazard and another"),
        pytest.param(("4.1", "6.1", "1"), PROHIBITED, id="wherever the label 1 stands"),
        pytest.param(("1", "4.1"), PROHIBITED, id="an explosive that is a flammable solid too"),
        pytest.param(("3", "8"), (YES, ""), id="two labels that may"),
        pytest.param(("3", "moon"), LABEL_UNKNOWN, id="a known label and an unknown one"),
        pytest.param(("moon",), LABEL_UNKNOWN, id="an unknown label"),
        pytest.param((), LABEL_UNKNOWN, id="no label known"),
        pytest.param(("1", "moon"), PROHIBITED, id="prohibited whatever the other may be"),
        pytest.param(("4.2", "1"), PROHIBITED, id="a subsidiary label 1 of another class"),
    ],
)
def test_beside_petrol_each_label_counts(
    labels: tuple[str, ...], expected: tuple[Together, str]
) -> None:
    assert may_load_together(labelled(*labels), goods("1203"), EDITION) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(("5.2", "1", "8"), ("5.2",), (YES, ""), id="5.2+1 with 8 beside 5.2"),
        pytest.param(("5.2", "1"), ("5.2", "8"), PROHIBITED, id="5.2+1 beside 8"),
        pytest.param(("4.1", "1", "8"), ("8", "4.1", "1"), PROHIBITED, id="another main hazard"),
        pytest.param(("4.1", "1", "8"), ("4.1", "8", "1"), (YES, ""), id="the same labels"),
        pytest.param(("moon",), ("moon",), LABEL_UNKNOWN, id="the same unknown label"),
        pytest.param(("1",), ("2.1", "moon"), PROHIBITED, id="2.1 decides before the moon"),
        pytest.param(("1.4",), ("4.1", "1"), PROHIBITED, id="1.4 and 4.1+1"),
        pytest.param(("4.2", "1"), ("5.1",), PROHIBITED, id="note d is for explosives"),
        pytest.param(("4.2", "1"), ("1",), PROHIBITED, id="4.2 beside explosives"),
        pytest.param(("6.2", "1"), ("6.2", "1"), NO_GROUP, id="no group to compare"),
    ],
)
def test_labels_are_compared_each_with_each(
    a: tuple[str, ...], b: tuple[str, ...], expected: tuple[Together, str]
) -> None:
    assert may_load_together(labelled(*a), labelled(*b), EDITION) == expected


def test_a_nitrate_with_a_label_more_than_note_d_thinks_of_is_left_to_a_human() -> None:
    wet = labelled("5.1", "8", un_number="1942", code="O2")

    assert may_load_together(goods("0081"), wet, EDITION) == (UNKNOWN, "d")


def test_the_notes_are_for_explosives_not_for_an_explosive_hazard() -> None:
    hazard = labelled("4.2", "1", un_number="0081", code="1.1D")

    assert may_load_together(hazard, goods("2990"), EDITION) == PROHIBITED


def test_a_subsidiary_label_1_beside_another_asks_for_the_group_that_is_not_known() -> None:
    a, b = labelled("6.2", "1", un_number="0001"), labelled("8", "1", un_number="0002")

    assert may_load_together(a, b, EDITION) == PROHIBITED


def test_a_group_that_is_not_in_the_table_leaves_it_open() -> None:
    toxic = labelled("1", "6.1", un_number="0020", code="1.2K")

    assert may_load_together(toxic, goods("0081"), EDITION) == (UNKNOWN, "class1")


def test_an_unknown_number_of_group_l_is_not_taken_for_one_type() -> None:
    unlisted = labelled("1", un_number="9999", code="1.1L")

    assert may_load_together(unlisted, unlisted, EDITION) == (UNKNOWN, "class1")


def test_goods_without_a_label_do_not_settle_a_label_that_is_not_known() -> None:
    without, unread = labelled("none"), labelled("?")

    assert may_load_together(without, unread, EDITION) == (UNKNOWN, "label_unknown")
    assert may_load_together(unread, without, EDITION) == (UNKNOWN, "label_unknown")


@given(loads, loads)
def test_the_order_of_two_goods_does_not_matter(a: Load, b: Load) -> None:
    assert may_load_together(a, b, EDITION) == may_load_together(b, a, EDITION)


@given(loads)
def test_goods_go_with_themselves_unless_the_list_leaves_it_open(a: Load) -> None:
    assert may_load_together(a, a, EDITION)[0] is not NO


@given(st.tuples(*[st.lists(st.text(max_size=4) | st.sampled_from(["1", "4.1", "3"]))] * 2))
def test_any_labels_get_an_answer_and_an_unknown_one_never_a_yes(
    labels: tuple[list[str], list[str]],
) -> None:
    known = {label for row in table(EDITION, "mixed_loading") for label in row["labels"].split()}
    known |= {"7X", "7E", "none"}
    a, b = labelled(*labels[0]), labelled(*labels[1])

    together, _ = may_load_together(a, b, EDITION)

    certain = labels[0] and labels[1] and known.issuperset(labels[0] + labels[1])
    assert certain or together is not YES or (a.is_explosive and b.is_explosive)


def test_the_table_is_symmetric() -> None:
    rows = {row["labels"]: row for row in table(EDITION, "mixed_loading")}

    assert len(rows) == 18
    assert [
        (a, b) for a, b in product(rows, rows) if rows[a][b] != rows[b][a]
    ] == []  # fmt: skip


@pytest.mark.parametrize(
    ("load_beside", "expected"),
    [
        pytest.param(goods("1203"), YES, id="petrol"),
        pytest.param(goods("3221"), YES, id="4.1+1 is not of Class 1"),
        pytest.param(goods("0012"), YES, id="1.4S"),
        pytest.param(goods("0336"), YES, id="1.4G"),
        pytest.param(goods("0161"), YES, id="smokeless powder 1.3C"),
        pytest.param(goods("0499"), YES, id="solid propellant 1.3C"),
        pytest.param(goods("0160"), NO, id="smokeless powder 1.1C"),
        pytest.param(goods("0498"), NO, id="solid propellant 1.1C"),
        pytest.param(goods("0331"), NO, id="1.5D"),
        pytest.param(goods("0486"), NO, id="1.6N"),
        pytest.param(goods("0190"), UNKNOWN, id="samples of explosives"),
        pytest.param(labelled(un_number="0081", code="1.1D"), NO, id="by the code alone"),
        pytest.param(labelled("1", un_number="0081", code=""), NO, id="by the label alone"),
        pytest.param(labelled(un_number="1203", code="F1"), YES, id="another code alone"),
        pytest.param(labelled("3", un_number="1203", code=""), YES, id="another label alone"),
    ],
)
def test_limited_quantities_keep_from_explosives(load_beside: Load, expected: Together) -> None:
    assert limited_quantity_may_load_with(load_beside) is expected
