from dataclasses import replace
from datetime import date

import pytest

from waybill.goods.catalogue import (
    DATA,
    Edition,
    UnknownEditionError,
    UnknownEntryError,
    catalogue,
    editions,
    load,
    read_goods_list,
)
from waybill.goods.entry import DangerousGoodsEntry, EntryStatus, PackingGroup

TODAY = date(2026, 11, 22)

PETROL = DangerousGoodsEntry(
    key="1203",
    un_number="1203",
    name_zh="车用汽油或汽油",
    name_en="MOTOR SPIRIT or GASOLINE or PETROL",
    name_en_un="MOTOR SPIRIT or GASOLINE or PETROL",
    variant_zh="",
    hazard_class="3",
    division="3",
    classification_code="F1",
    subsidiary_hazards=(),
    labels=("3",),
    packing_group=PackingGroup.II,
    special_provisions_adr=("243", "534", "664"),
    special_provisions_gb=("243",),
    limited_quantity="1 L",
    excepted_quantity="E2",
    packing_instructions=("P001", "IBC02", "R001"),
    packing_special_provisions=("BB2",),
    mixed_packing=("MP19",),
    portable_tank_instruction="T4",
    megc=False,
    portable_tank_special_provisions=("TP1",),
    bulk_container=(),
    tank_codes=("LGBF",),
    tank_special_provisions=("TU9",),
    vehicle_for_tank_carriage="FL",
    transport_category="2",
    tunnel_restriction_code="D/E",
    v_packages=(),
    vc_bulk=(),
    cv_loading=(),
    s_operation=("S2", "S20"),
    hazard_identification_number="33",
    emergency_guide="128",
    status=EntryStatus.SUBJECT,
    highly_toxic="no",
    highly_toxic_entry="",
    aliases_zh=("92号汽油", "95号汽油"),
)


class TestTheListOf2025:
    def test_it_has_every_row(self) -> None:
        entries = catalogue(TODAY).entries

        assert len(entries) == 2939
        assert len({entry.un_number for entry in entries}) == 2347
        assert len({entry.key for entry in entries}) == 2939

    def test_a_row_has_every_column(self) -> None:
        assert catalogue(TODAY).get("1203") == PETROL

    @pytest.mark.parametrize(
        ("un_number", "name_zh", "division", "packing_group", "tank_code"),
        [
            ("1005", "无水氨", "2.3", None, "PxBH(M)"),
            ("1017", "氯", "2.3", None, "P22DH(M)"),
            ("1114", "苯", "3", "II", "LGBF"),
            ("1203", "车用汽油或汽油", "3", "II", "LGBF"),
            ("1223", "煤油", "3", "III", "LGBF"),
            ("1230", "甲醇", "3", "II", "L4BH"),
            ("1402", "碳化钙", "4.3", "II", "SGAN"),
            ("1547", "苯胺", "6.1", "II", "L4BH"),
            ("1689", "固态氰化钠", "6.1", "I", "S10AH"),
            ("1830", "硫酸，含酸高于51%", "8", "II", "L4BN"),
            ("1942", "硝酸铵", "5.1", "III", "SGAV"),
            ("1970", "冷冻液态氪", "2.2", None, "RxBN"),
            ("1978", "丙烷", "2.1", None, "PxBN(M)"),
            ("2055", "苯乙烯单体，稳定的", "3", "III", "LGBF"),
            ("2078", "甲苯二异氰酸酯", "6.1", "II", "L4BH"),
            ("2471", "四氧化锇", "6.1", "I", "S10AH"),
        ],
    )
    def test_well_known_goods_have_the_right_name_and_codes(
        self,
        un_number: str,
        name_zh: str,
        division: str,
        packing_group: str | None,
        tank_code: str,
    ) -> None:
        entry = catalogue(TODAY).find(un_number)[0]

        assert entry.name_zh.startswith(name_zh)
        assert (entry.division, entry.packing_group) == (division, packing_group)
        assert entry.tank_codes[0] == tank_code

    @pytest.mark.parametrize(
        ("un_number", "highly_toxic"),
        [
            pytest.param("1017", "yes", id="chlorine"),
            pytest.param("1076", "yes", id="phosgene"),
            pytest.param("1689", "yes", id="sodium cyanide"),
            pytest.param("1380", "yes", id="pentaborane, of class 4.2"),
            pytest.param("1005", "no", id="ammonia"),
            pytest.param("1230", "no", id="methanol"),
            pytest.param("1203", "no", id="petrol, not toxic at all"),
            pytest.param("3414", "ask", id="cyanide in solution"),
            pytest.param("1955", "ask", id="a toxic gas without a name"),
            pytest.param("1992", "ask", id="toxic as a subsidiary hazard"),
            pytest.param("1731", "ask", id="a solution of class 8 of a highly toxic substance"),
        ],
    )
    def test_highly_toxic_is_answered_only_for_confirmed_matches(
        self, un_number: str, highly_toxic: str
    ) -> None:
        assert {entry.highly_toxic for entry in catalogue(TODAY).find(un_number)} == {highly_toxic}

    def test_rows_of_one_name_are_told_apart_in_chinese(self) -> None:
        diesel = catalogue(TODAY).find("1202")

        assert [entry.variant_zh for entry in diesel] == [
            "闪点不超过60℃",
            "符合 EN 590 闪点规定的柴油",
            "闪点高于60℃且不超过100℃",
        ]

    def test_no_two_rows_look_alike(self) -> None:
        shown = [
            (e.un_number, e.packing_group, e.name_zh, e.variant_zh) for e in load("2025").entries
        ]

        assert len(set(shown)) == len(shown)

    def test_no_two_numbers_share_a_chinese_name_but_for_explosives(self) -> None:
        numbers: dict[str, set[str]] = {}
        for entry in load("2025").entries:
            if entry.hazard_class != "1":
                numbers.setdefault(entry.name_zh, set()).add(entry.un_number)

        shared = {name for name, found in numbers.items() if len(found) > 1}
        assert shared == {"硝酸铵基化肥"}  # UN 2067 and UN 2071 are named alike in English, too

    @pytest.mark.parametrize(
        ("word_en", "sign_zh"),
        [
            ("HAFNIUM", "铪"),
            ("ZIRCONIUM", "锆"),
            ("TITANIUM", "钛"),
            ("CAESIUM", "铯"),
            ("LITHIUM", "锂"),
            ("BERYLLIUM", "铍"),
            ("THALLIUM", "铊"),
            ("VANADIUM", "钒"),
            ("BARIUM", "钡"),
            ("CALCIUM", "钙"),
            ("MAGNESIUM", "镁"),
            ("CADMIUM", "镉"),
            ("NICKEL", "镍"),
            ("ZINC", "锌"),
            ("MERCURY", "汞"),
            ("CYANIDE", "氰"),
            ("HYDRAZINE", "肼"),
            ("ARGON", "氩"),
            ("KRYPTON", "氪"),
            ("XENON", "氙"),
            ("NEON", "氖"),
            ("ANILINE", "苯胺"),
            ("PHENOL", "酚"),
            ("ALDEHYDE", "醛"),
            ("FLUORIDE", "氟"),
            ("BROMIDE", "溴"),
            ("SODIUM", "钠"),
            ("POTASSIUM", "钾"),
        ],
    )
    def test_an_element_or_group_has_its_own_sign_in_chinese(
        self, word_en: str, sign_zh: str
    ) -> None:
        named = [e for e in load("2025").entries if f" {word_en}" in f" {e.name_en}"]

        assert named
        assert [e.un_number for e in named if sign_zh not in e.name_zh] == []

    def test_status_and_modes_follow_from_the_row(self) -> None:
        goods = load("2025")
        aqua_regia, dry_ice, petrol = (goods.find(n)[0] for n in ("1798", "1845", "1203"))

        assert (aqua_regia.is_prohibited, aqua_regia.allows_tank) == (True, False)
        assert (dry_ice.not_subject, dry_ice.is_prohibited) == (True, False)
        assert (petrol.allows_tank, petrol.allows_bulk, petrol.tank_code) == (True, False, "LGBF")
        assert goods.find("1350")[0].allows_bulk

    def test_a_row_without_its_own_name_asks_for_one(self) -> None:
        goods = load("2025")

        assert goods.find("1993")[0].needs_technical_name
        assert not goods.find("1203")[0].needs_technical_name

    @pytest.mark.parametrize(
        ("un_number", "hazards"), [("1017", ("2.3", "5.1", "8")), ("0190", ("1",))]
    )
    def test_hazards_are_named_main_first(self, un_number: str, hazards: tuple[str, ...]) -> None:
        assert load("2025").find(un_number)[0].all_hazards == hazards


class TestLookUp:
    def test_a_number_with_several_rows_gives_them_in_the_order_of_the_list(self) -> None:
        assert [entry.key for entry in load("2025").find("1170")] == ["1170-iii", "1170-ii"]

    def test_an_unknown_number_gives_nothing(self) -> None:
        assert load("2025").find("9999") == ()

    def test_an_unknown_key_is_refused(self) -> None:
        with pytest.raises(UnknownEntryError):
            load("2025").get("1202")


class TestEditions:
    def test_an_edition_is_in_force_from_its_first_day(self) -> None:
        assert catalogue(date(2025, 10, 1)).edition.name == "2025"
        with pytest.raises(UnknownEditionError):
            catalogue(date(2025, 9, 30))

    def test_an_edition_is_in_force_until_its_last_day(self) -> None:
        edition = Edition(
            name="old",
            file="old.csv",
            in_force_from=date(2024, 1, 1),
            in_force_until=date(2025, 9, 30),
            row_count=0,
            sha256="",
        )

        assert edition.is_in_force(date(2025, 9, 30))
        assert not edition.is_in_force(date(2025, 10, 1))

    def test_an_unknown_name_is_refused(self) -> None:
        with pytest.raises(UnknownEditionError):
            load("1999")

    def test_a_list_is_read_once(self) -> None:
        assert load("2025") is catalogue(TODAY)

    def test_altered_data_is_refused(self) -> None:
        edition = editions()[0]
        data = (DATA / edition.file).read_bytes()

        with pytest.raises(ValueError, match="altered"):
            read_goods_list(edition, data.replace(b"LGBF", b"LGBV", 1))

    def test_a_wrong_number_of_rows_is_refused(self) -> None:
        edition = editions()[0]
        data = (DATA / edition.file).read_bytes()

        with pytest.raises(ValueError, match="has 2939 rows"):
            read_goods_list(replace(edition, row_count=2940), data)
