"""Columns of the list, computed anew from the criteria and compared with what is printed.

A slip of the scan, of the list or of the criteria shows as a difference. Those that remain are
named here, each with its reason.
"""

import pytest

from waybill.goods.catalogue import load
from waybill.goods.entry import EntryStatus
from waybill.goods.transport_category import transport_category
from waybill.goods.tunnels import expected_tunnel_code

EDITION = "2025"

NO_CATEGORY_IN_THE_LIST = {
    "1043": "fertilizer solution: an empty column",
    "3166": "vehicles: a dash, special provisions decide",
    "3171": "vehicles: a dash, special provisions decide",
    "3316": "kits: the category of what is in them, special provision 671",
    "3359": "fumigated unit: a dash, 5.5.2 applies alone",
    "3373-0f84": "a dash, packing instruction P650 applies alone",
    "3528": "engines: a dash, special provision 363 decides",
    "3529": "engines: a dash, special provision 363 decides",
    "3530": "engines: a dash, special provision 363 decides",
    "3556": "vehicles: a dash, special provisions decide",
    "3557": "vehicles: a dash, special provisions decide",
    "3558": "vehicles: a dash, special provisions decide",
}
NO_CRITERION_OF_A_CATEGORY = {
    "2028": "smoke bombs without a packing group: the list says 2",
    "3165": "a fuel tank without a packing group: the list says 1",
}

EXEMPT_FROM_TUNNELS = {
    "2814-5c83", "2900-1e8f", "3291-1a06", "3291-a75a", "3373-0f84", "3373-9abe", "3549",
    "2908", "2909", "2910", "2911", "2919", "3331",
    "3077", "3082",
    "3166", "3171", "3359", "3556", "3557", "3558",
}  # fmt: skip
"""Infectious goods, excepted packages and special arrangements of Class 7, goods that are only
hazardous to water, vehicles: a dash in the column, which the criteria take from there."""

OTHER_TUNNEL_CODES = {
    "2029": ("E", "D", "hydrazine, CFT I: the list is milder than the criterion"),
    "3256-iii-d418": ("D", "D/E", "one of two rows of one number: the list is stricter"),
    "3500": ("C/E", "E", "chemicals under pressure, 8A: the list treats them like 2A"),
    "3503": ("C/D", "E", "chemicals under pressure, 8C: the list treats them like 2TC"),
    "3505": ("B/D", "D", "chemicals under pressure, 8FC: the list treats them like 2F"),
    "3537": ("E", "D", "articles with flammable gas: the list is milder than the criterion"),
    "3539": ("E", "D", "articles with toxic gas: the list is milder than the criterion"),
}


def test_the_transport_category_of_every_row_follows_from_the_criteria() -> None:
    carried = [row for row in load(EDITION).entries if row.status is EntryStatus.SUBJECT]

    differences = {
        row.key for row in carried if transport_category(row, EDITION) != row.transport_category
    }

    assert len(carried) == 2912
    assert differences == set(NO_CATEGORY_IN_THE_LIST) | set(NO_CRITERION_OF_A_CATEGORY)


@pytest.mark.parametrize(("key", "printed"), [("2028", "2"), ("3165", "1")])
def test_where_no_criterion_fits_nothing_is_computed(key: str, printed: str) -> None:
    row = load(EDITION).get(key)

    assert (row.transport_category, transport_category(row, EDITION)) == (printed, "")


def test_where_the_list_has_no_category_it_is_not_a_number() -> None:
    found = {load(EDITION).get(key).transport_category for key in NO_CATEGORY_IN_THE_LIST}

    assert found == {"", "-", "see SP671"}


def test_the_tunnel_code_of_every_row_follows_from_the_criteria() -> None:
    rows = [row for row in load(EDITION).entries if row.tunnel_restriction_code]

    differences = {
        row.key: (row.tunnel_restriction_code, expected_tunnel_code(row, EDITION))
        for row in rows
        if expected_tunnel_code(row, EDITION) != row.tunnel_restriction_code
    }

    exempt = dict.fromkeys(EXEMPT_FROM_TUNNELS, ("-", "E"))
    others = {key: codes for key, (*codes, _) in OTHER_TUNNEL_CODES.items()}
    assert len(rows) == 2909
    assert differences == exempt | {key: tuple(codes) for key, codes in others.items()}
