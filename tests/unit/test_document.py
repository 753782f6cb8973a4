"""A document is exactly its canonical bytes: read back, and refused when they are anything else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec
import pytest

from waybill.codec import canonical_json, parse_json
from waybill.document import (
    FORMAT_VERSION,
    CrewMember,
    GoodsItem,
    LoadedItem,
    LoadingRecord,
    Party,
    Place,
    Unit,
    WaybillContent,
    digest,
    parse_loading_record,
    parse_waybill,
    to_bytes,
)
from waybill.registry.kinds import PlateColour

AT: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
PARTY: Final = Party(uscc="91320800MAD000011X", name="示例运输有限公司")
PLACE: Final = Place(area_code="320800", address="示例市化工园区一路 8 号")
UNIT: Final = Unit(plate="苏H90001", plate_colour=PlateColour.YELLOW)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document and its reader."""

    content: WaybillContent | LoadingRecord

    def read(self, document: bytes) -> WaybillContent | LoadingRecord:
        """Read bytes as this kind."""
        if isinstance(self.content, WaybillContent):
            return parse_waybill(document)
        return parse_loading_record(document)


WAYBILL: Final = Kind(
    WaybillContent(
        v=FORMAT_VERSION,
        id="01a203f6-d623-701b-8adf-64feb77b5d23",
        number="3208000011202611220001177H",
        revision=1,
        supersedes=None,
        issuer="demo",
        list_edition="2025",
        issued_at=AT,
        valid_from=AT,
        valid_until=AT + timedelta(hours=72),
        planned_loading_at=AT,
        carrier=PARTY,
        consignor=PARTY,
        consignee=PARTY,
        loader=PARTY,
        loading_place=PLACE,
        destination=PLACE,
        vehicle=UNIT,
        driver=CrewMember(reference="d_8f3a9c27b1", name="00" * 32),
        escort=CrewMember(reference="e_1b2c3d4e90", name="11" * 32),
        goods=(
            GoodsItem(
                position=1,
                entry_key="1203",
                un_number="1203",
                name_zh="车用汽油或汽油",
                name_en="MOTOR SPIRIT or GASOLINE or PETROL",
                hazard_class="3",
                subsidiary_hazards=(),
                packing_group="II",
                mode="tank",
                quantity_kg=Decimal(28500),
            ),
        ),
    )
)
RECORD: Final = Kind(
    LoadingRecord(
        v=FORMAT_VERSION,
        waybill_id="01a203f6-d623-701b-8adf-64feb77b5d23",
        waybill_number="3208000011202611220001177H",
        revision=1,
        waybill_digest="22" * 32,
        check_id="01a203f6-d623-701b-8adf-64feb77b5d24",
        verdict_digest="33" * 32,
        loader=PARTY,
        carrier=PARTY,
        consignor=PARTY,
        facility_id="01a203f6-d623-701b-8adf-64feb77b5d25",
        bay_id="01a203f6-d623-701b-8adf-64feb77b5d26",
        vehicle=UNIT,
        driver="d_8f3a9c27b1",
        supervisor="s_a161bdd1ac",
        started_at=AT,
        finished_at=AT,
        released_at=AT,
        loaded=(
            LoadedItem(
                position=1,
                entry_key="1203",
                un_number="1203",
                name_zh="车用汽油或汽油",
                hazard_class="3",
                quantity_kg=Decimal("28499.5"),
            ),
        ),
    )
)
KINDS: Final = [pytest.param(WAYBILL, id="waybill"), pytest.param(RECORD, id="loading record")]


@pytest.mark.parametrize("kind", KINDS)
class TestDocument:
    def test_what_was_written_is_read_back_from_its_one_spelling(self, kind: Kind) -> None:
        document = to_bytes(kind.content)

        assert kind.read(document) == kind.content
        assert to_bytes(kind.read(document)) == document

    def test_other_spellings_of_the_same_content_are_refused(self, kind: Kind) -> None:
        spaced = to_bytes(kind.content).replace(b'":', b'": ', 1)

        with pytest.raises(ValueError, match="not the canonical bytes"):
            kind.read(spaced)

    def test_an_unknown_field_is_refused(self, kind: Kind) -> None:
        fields = msgspec.to_builtins(kind.content) | {"zz": "added"}

        with pytest.raises(ValueError, match="not the canonical bytes"):
            kind.read(canonical_json(fields))

    def test_another_version_is_refused(self, kind: Kind) -> None:
        fields = msgspec.to_builtins(kind.content) | {"v": FORMAT_VERSION + 1}

        with pytest.raises(ValueError, match="unknown document version 4"):
            kind.read(canonical_json(fields))

    def test_another_shape_is_refused(self, kind: Kind) -> None:
        with pytest.raises(ValueError, match="missing required field"):
            kind.read(b'{"v":1}')

    def test_the_digest_is_over_exactly_these_bytes(self, kind: Kind) -> None:
        document = to_bytes(kind.content)

        assert len(digest(document)) == 64
        assert digest(document) != digest(document + b"\n")

    def test_quantities_stand_as_text_and_never_as_floats(self, kind: Kind) -> None:
        parse_json(to_bytes(kind.content), allow_floats=False)


def test_a_waybill_is_no_loading_record() -> None:
    with pytest.raises(ValueError, match="Expected `str`"):
        parse_loading_record(to_bytes(WAYBILL.content))


FIRST_VERSION: Final = (
    b'{"accepted_findings":[],"carrier":{"licence_number":"","name":"\xe7\xa4\xba","phone":"",'
    b'"uscc":"91320800MAD000011X"},"city_delivery":false,"consignee":{"licence_number":"",'
    b'"name":"\xe7\xa4\xba","phone":"","uscc":"91320800MAD000011X"},"consignor":{'
    b'"licence_number":"","name":"\xe7\xa4\xba","phone":"","uscc":"91320800MAD000011X"},'
    b'"destination":{"address":"A","area_code":"320800","facility_id":"","name":""},'
    b'"dispatcher":"","driver":{"certificate_number":"","name":"00","phone":"",'
    b'"reference":"d_1"},"emergency_phone":"","escort":{"certificate_number":"","name":"11",'
    b'"phone":"","reference":"e_1"},"goods":[{"compartment":null,"concentration":"",'
    b'"entry_key":"1203","hazard_class":"3","highly_toxic_declared":"ask","mode":"tank",'
    b'"name_en":"PETROL","name_zh":"\xe6\xb1\xbd\xe6\xb2\xb9","not_subject_declared":"ask",'
    b'"packages":null,"packaging":"","packing_group":"II","position":1,"quantity_kg":"28500",'
    b'"quantity_l":null,"subsidiary_hazards":[],"technical_name":"","un_number":"1203"}],'
    b'"id":"01a203f6-d623-701b-8adf-64feb77b5d23","issued_at":"2026-11-22T06:05:00Z",'
    b'"issuer":"demo","list_edition":"2025","loader":{"licence_number":"","name":'
    b'"\xe7\xa4\xba","phone":"","uscc":"91320800MAD000011X"},"loading_place":{"address":"A",'
    b'"area_code":"320800","facility_id":"","name":""},"number":"32",'
    b'"planned_loading_at":"2026-11-22T06:05:00Z","remarks":"","revision":1,"supersedes":null,'
    b'"tank":null,"trailer":null,"v":1,"valid_from":"2026-11-22T06:05:00Z",'
    b'"valid_until":"2026-11-25T06:05:00Z","vehicle":{"certificate_number":"","plate":'
    b'"\xe8\x8b\x8fH90001","plate_colour":"yellow"}}'
)
"""A waybill as the first version of the format wrote it."""


def test_a_waybill_of_the_first_version_is_read_and_is_the_same_bytes() -> None:
    content = parse_waybill(FIRST_VERSION)

    assert (content.v, content.foodstuffs, content.permits) == (1, "ask", ())
    assert content.goods[0].density_kg_l is None
    assert to_bytes(content) == FIRST_VERSION


def test_what_came_later_has_no_place_in_the_first_version() -> None:
    later = FIRST_VERSION.replace(b'"id":', b'"foodstuffs":"no","id":')

    with pytest.raises(ValueError, match="not the canonical bytes"):
        parse_waybill(later)


def test_a_loading_record_of_the_first_version_is_read_and_is_the_same_bytes() -> None:
    record = RECORD.content
    document = to_bytes(msgspec.structs.replace(record, v=1))

    assert b"temperature_c" not in document
    assert to_bytes(parse_loading_record(document)) == document
