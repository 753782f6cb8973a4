"""The closed lists of the registry. Values are stored; what people read is in `labels`."""

from enum import StrEnum


class OrganisationRole(StrEnum):
    """What an organisation does in the chain; one may do several."""

    CARRIER = "carrier"
    CONSIGNOR = "consignor"
    LOADER = "loader"
    CONSIGNEE = "consignee"
    AUTHORITY = "authority"


class PlateColour(StrEnum):
    """Colour of a number plate; plate and colour together identify a vehicle (GA 36)."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    YELLOW_GREEN = "yellow_green"
    WHITE = "white"
    BLACK = "black"


class UnitKind(StrEnum):
    """What kind of transport unit part a plate stands for."""

    TRACTOR = "tractor"
    RIGID = "rigid"
    TRAILER = "trailer"


class UnitBody(StrEnum):
    """What a vehicle or trailer is built as (车身结构)."""

    TANK = "tank"
    CONTAINER_CARRIER = "container_carrier"
    VAN = "van"
    OPEN = "open"
    TRACTOR_ONLY = "tractor_only"


class VehicleApproval(StrEnum):
    """Approval for the carriage of dangerous goods (ADR 9.1.1.2)."""

    EX_II = "EX/II"
    EX_III = "EX/III"
    FL = "FL"
    AT = "AT"
    NONE = "none"


class TankKind(StrEnum):
    """What sort of tank, which decides the papers and rules that hold for it."""

    ATMOSPHERIC_TANK = "atmospheric_tank"
    MOBILE_PRESSURE_VESSEL = "mobile_pressure_vessel"
    PORTABLE_TANK = "portable_tank"
    TANK_CONTAINER = "tank_container"


class PersonRole(StrEnum):
    """What a person does on the trip or at the bay."""

    DRIVER = "driver"
    ESCORT = "escort"
    LOADING_SUPERVISOR = "loading_supervisor"


class CertificateKind(StrEnum):
    """The papers that are checked before loading."""

    CARRIER_LICENCE = "carrier_licence"
    VEHICLE_LICENCE = "vehicle_licence"
    ROAD_TRANSPORT_CERTIFICATE = "road_transport_certificate"
    TECHNICAL_INSPECTION = "technical_inspection"
    LIABILITY_INSURANCE = "liability_insurance"
    DRIVING_LICENCE = "driving_licence"
    DRIVER_QUALIFICATION = "driver_qualification"
    ESCORT_QUALIFICATION = "escort_qualification"
    SUPERVISOR_QUALIFICATION = "supervisor_qualification"
    TANK_INSPECTION = "tank_inspection"
    USE_REGISTRATION = "use_registration"
    TANK_CLEANING = "tank_cleaning"


class PermitKind(StrEnum):
    """Permits of an authority that belong to one trip and its goods."""

    HIGHLY_TOXIC_PASS = "highly_toxic_pass"  # noqa: S105  a pass for the road, not a password
    CIVIL_EXPLOSIVES = "civil_explosives"
    FIREWORKS = "fireworks"
    RADIOACTIVE = "radioactive"
    WASTE_MANIFEST = "waste_manifest"
    DRUG_PRECURSOR = "drug_precursor"


class CertificateStatus(StrEnum):
    """What the issuer says of a certificate; its dates are judged apart."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Provenance(StrEnum):
    """Where a fact comes from, strongest first."""

    REGISTER = "register"
    SIGNED_QR = "signed_qr"
    DOCUMENT = "document"
    TYPED = "typed"


class RecordStatus(StrEnum):
    """Whether a record of the registry may be used for new waybills."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class AskedOf(StrEnum):
    """Who answers an item of a plant: anybody who checks, or a loading supervisor."""

    LOADER = "loader"
    SUPERVISOR = "supervisor"


class ItemStatus(StrEnum):
    """Whether an item of a plant is asked; one that was retired does not come back."""

    ACTIVE = "active"
    RETIRED = "retired"


class TagPoint(StrEnum):
    """Where at a bay somebody must stand to scan a tag."""

    REAR_COUPLING = "rear_coupling"
    VALVE_BOX = "valve_box"
    CAB = "cab"
    TANK_TOP = "tank_top"
    EARTHING = "earthing"
    SIGNS_REAR = "signs_rear"
    SIGNS_SIDE = "signs_side"
    EXTINGUISHERS = "extinguishers"


class SubjectKind(StrEnum):
    """What a certificate, a black list entry or a version of the registry is about."""

    ORGANISATION = "organisation"
    FACILITY = "facility"
    BAY = "bay"
    VEHICLE = "vehicle"
    TANK = "tank"
    PERSON = "person"
    CERTIFICATE = "certificate"
    USER = "user"
