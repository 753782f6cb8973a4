"""Drivers, escorts and loading supervisors; answers are masked."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

from api.fields import Choice, Code, Identity, Instant, Many, StrictInteger, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, page_request
from waybill.registry.kinds import PersonRole, Provenance, RecordStatus
from waybill.registry.records import PersonChanges, PersonParticulars
from waybill.services.paging import PageRequest
from waybill.services.registry.disclosures import PersonalField


class PersonParticularsSchema(Form):
    """What is stated of a person; kept encrypted."""

    name = Text(most=50, required=True)
    id_number = Text(most=18, required=True, description="公民身份号码 (GB 11643).")
    roles = Many(Choice(PersonRole), least=1, most=3, required=True)
    phone = Text(most=40, load_default=None, allow_none=True)
    provenance = Choice(Provenance, load_default=Provenance.TYPED, description="typed or document.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PersonParticulars:
        """Return the value object."""
        return PersonParticulars(**data)


class PersonChangesSchema(Form):
    """What changes of a person; what is absent stays."""

    name = Text(most=50)
    id_number = Text(most=18, description="公民身份号码 (GB 11643).")
    phone = Text(least=0, most=40, description="Empty removes it.")
    roles = Many(Choice(PersonRole), least=1, most=3)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PersonChanges:
        """Return the value object."""
        return PersonChanges(**data)


class PersonSchema(Form):
    """A person as screens show them: masked. What was erased is null."""

    id = Identity(required=True)
    organisation_id = Identity(required=True)
    created_at = Instant(required=True)
    reference = Text(required=True, description="What documents and codes call the person.")
    roles = Many(Choice(PersonRole), required=True)
    name_masked = Text(required=True, allow_none=True)
    id_number_masked = Text(required=True, allow_none=True)
    phone_masked = Text(required=True, allow_none=True)
    provenance = Choice(Provenance, required=True)
    status = Choice(RecordStatus, required=True)
    card_version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonQuery:
    """Which people are wanted."""

    page: PageRequest
    reference: str = ""
    role: PersonRole | None = None
    status: RecordStatus | None = None


class PersonQuerySchema(PageQuerySchema):
    """Which people are wanted; all of it must hold. Names are encrypted and cannot be searched."""

    reference = Code("[0-9a-f]{10}", description="The person's reference.")
    role = Choice(PersonRole, description="Only people with this role.")
    status = Choice(RecordStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PersonQuery:
        """Return the value object."""
        page = page_request(data)
        return PersonQuery(page=page, **data)


class PersonSearchSchema(Form):
    """An identity number to search by; in the body, so that no address holds it."""

    id_number = Text(most=18, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the number."""
        return str(data["id_number"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDisclosure:
    """Which value is to be shown, and why."""

    field: PersonalField
    reason: str


class PersonDisclosureSchema(Form):
    """Which value is to be shown, and why."""

    field = Choice(PersonalField, required=True)
    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PersonDisclosure:
        """Return the value object."""
        return PersonDisclosure(**data)
