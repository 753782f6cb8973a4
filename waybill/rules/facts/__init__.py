"""What a verdict is judged from: plain values with their provenance, and nothing else.

Facts are gathered from the registry and from the scans, stored with the verdict as canonical
JSON, and read back to judge again. Masses are kilograms, volumes litres, as exact decimals;
dates are calendar dates in Asia/Shanghai, moments aware. People stand by reference only.
"""

from waybill.rules.facts.goods import (
    Answer,
    CarriageMode,
    ControlFacts,
    GoodsFacts,
    PhysicalState,
    Regime,
)
from waybill.rules.facts.records import (
    BlackListingFacts,
    CargoFacts,
    CertificateFacts,
    CompartmentFacts,
    MountedTankFacts,
    PartyFacts,
    PersonFacts,
    PositionFacts,
    SubstanceFacts,
    TankFacts,
    UnitFacts,
)
from waybill.rules.facts.trip import (
    BayFacts,
    Facts,
    LastCargoFacts,
    PermitFacts,
    PlantItemFacts,
    WaybillFacts,
)

__all__ = [
    "Answer",
    "BayFacts",
    "BlackListingFacts",
    "CargoFacts",
    "CarriageMode",
    "CertificateFacts",
    "CompartmentFacts",
    "ControlFacts",
    "Facts",
    "GoodsFacts",
    "LastCargoFacts",
    "MountedTankFacts",
    "PartyFacts",
    "PermitFacts",
    "PersonFacts",
    "PhysicalState",
    "PlantItemFacts",
    "PositionFacts",
    "Regime",
    "SubstanceFacts",
    "TankFacts",
    "UnitFacts",
    "WaybillFacts",
]
