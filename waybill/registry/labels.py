"""What people read for each member of the registry's closed lists, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from waybill.registry.kinds import (
    AskedOf,
    CertificateKind,
    CertificateStatus,
    ItemStatus,
    OrganisationRole,
    PermitKind,
    PersonRole,
    PlateColour,
    Provenance,
    RecordStatus,
    SubjectKind,
    TagPoint,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)


@dataclass(frozen=True, slots=True)
class Label:
    """One term in both languages."""

    zh: str
    en: str


# Keyed by the member itself under its class: members of two lists may share a value.
LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Label]]] = {
    OrganisationRole: {
        OrganisationRole.CARRIER: Label("承运人", "carrier"),
        OrganisationRole.CONSIGNOR: Label("托运人", "consignor"),
        OrganisationRole.LOADER: Label("装货人", "loader"),
        OrganisationRole.CONSIGNEE: Label("收货人", "consignee"),
        OrganisationRole.AUTHORITY: Label("主管部门", "authority"),
    },
    PlateColour: {
        PlateColour.BLUE: Label("蓝", "blue"),
        PlateColour.YELLOW: Label("黄", "yellow"),
        PlateColour.GREEN: Label("绿", "green"),
        PlateColour.YELLOW_GREEN: Label("黄绿", "yellow-green"),
        PlateColour.WHITE: Label("白", "white"),
        PlateColour.BLACK: Label("黑", "black"),
    },
    TagPoint: {
        TagPoint.REAR_COUPLING: Label("车尾连接处", "rear coupling"),
        TagPoint.VALVE_BOX: Label("阀门箱", "valve box"),
        TagPoint.CAB: Label("驾驶室", "cab"),
        TagPoint.TANK_TOP: Label("罐顶", "tank top"),
        TagPoint.EARTHING: Label("静电接地", "earthing"),
        TagPoint.SIGNS_REAR: Label("车尾标志牌", "signs at the rear"),
        TagPoint.SIGNS_SIDE: Label("车侧标志牌", "signs at the side"),
        TagPoint.EXTINGUISHERS: Label("灭火器", "extinguishers"),
    },
    UnitKind: {
        UnitKind.TRACTOR: Label("牵引车", "tractor"),
        UnitKind.RIGID: Label("载货汽车", "rigid vehicle"),
        UnitKind.TRAILER: Label("半挂车", "semi-trailer"),
    },
    UnitBody: {
        UnitBody.TANK: Label("罐式", "tank"),
        UnitBody.CONTAINER_CARRIER: Label("集装箱运输", "container carrier"),
        UnitBody.VAN: Label("厢式", "van"),
        UnitBody.OPEN: Label("栏板或平板", "open or flatbed"),
        UnitBody.TRACTOR_ONLY: Label("牵引车（不载货）", "tractor, bears no load"),
    },
    VehicleApproval: {
        VehicleApproval.EX_II: Label("EX/II 型", "EX/II"),
        VehicleApproval.EX_III: Label("EX/III 型", "EX/III"),
        VehicleApproval.FL: Label("FL 型", "FL"),
        VehicleApproval.AT: Label("AT 型", "AT"),
        VehicleApproval.NONE: Label("无", "none"),
    },
    TankKind: {
        TankKind.ATMOSPHERIC_TANK: Label("常压罐体", "atmospheric tank"),
        TankKind.MOBILE_PRESSURE_VESSEL: Label("移动式压力容器", "mobile pressure vessel"),
        TankKind.PORTABLE_TANK: Label("可移动罐柜", "portable tank"),
        TankKind.TANK_CONTAINER: Label("罐式集装箱", "tank-container"),
    },
    PersonRole: {
        PersonRole.DRIVER: Label("驾驶人", "driver"),
        PersonRole.ESCORT: Label("押运员", "escort"),
        PersonRole.LOADING_SUPERVISOR: Label("装卸管理人员", "loading supervisor"),
    },
    CertificateKind: {
        CertificateKind.CARRIER_LICENCE: Label("道路运输经营许可证", "carrier licence"),
        CertificateKind.VEHICLE_LICENCE: Label("行驶证", "vehicle licence"),
        CertificateKind.ROAD_TRANSPORT_CERTIFICATE: Label(
            "道路运输证", "road transport certificate"
        ),
        CertificateKind.TECHNICAL_INSPECTION: Label(
            "技术等级评定与年度审验", "technical grading and annual review"
        ),
        CertificateKind.LIABILITY_INSURANCE: Label("承运人责任险", "carrier's liability insurance"),
        CertificateKind.DRIVING_LICENCE: Label("驾驶证", "driving licence"),
        CertificateKind.DRIVER_QUALIFICATION: Label(
            "危险货物道路运输驾驶员从业资格证", "dangerous goods driver qualification"
        ),
        CertificateKind.ESCORT_QUALIFICATION: Label("押运人员从业资格证", "escort qualification"),
        CertificateKind.SUPERVISOR_QUALIFICATION: Label(
            "装卸管理人员从业资格证", "loading supervisor qualification"
        ),
        CertificateKind.TANK_INSPECTION: Label("罐体检验报告", "tank inspection report"),
        CertificateKind.USE_REGISTRATION: Label("使用登记证", "use registration certificate"),
        CertificateKind.TANK_CLEANING: Label("罐体清洗证明", "tank cleaning certificate"),
    },
    PermitKind: {
        PermitKind.HIGHLY_TOXIC_PASS: Label(
            "剧毒化学品道路运输通行证", "pass for highly toxic chemicals"
        ),
        PermitKind.CIVIL_EXPLOSIVES: Label("民用爆炸物品运输许可证", "permit for civil explosives"),
        PermitKind.FIREWORKS: Label("烟花爆竹道路运输许可证", "permit for fireworks"),
        PermitKind.RADIOACTIVE: Label("放射性物品运输文件", "documents for radioactive goods"),
        PermitKind.WASTE_MANIFEST: Label("危险废物转移联单", "hazardous waste transfer manifest"),
        PermitKind.DRUG_PRECURSOR: Label(
            "易制毒化学品运输许可证或备案证明", "permit or record for drug precursors"
        ),
    },
    CertificateStatus: {
        CertificateStatus.VALID: Label("有效", "valid"),
        CertificateStatus.SUSPENDED: Label("暂扣", "suspended"),
        CertificateStatus.REVOKED: Label("吊销", "revoked"),
    },
    Provenance: {
        Provenance.REGISTER: Label("登记系统", "register"),
        Provenance.SIGNED_QR: Label("签名二维码", "signed QR code"),
        Provenance.DOCUMENT: Label("证件", "document"),
        Provenance.TYPED: Label("手工录入", "typed by hand"),
    },
    RecordStatus: {
        RecordStatus.ACTIVE: Label("在用", "active"),
        RecordStatus.SUSPENDED: Label("停用", "suspended"),
        RecordStatus.RETIRED: Label("注销", "retired"),
    },
    AskedOf: {
        AskedOf.LOADER: Label("装货人员", "loader"),
        AskedOf.SUPERVISOR: Label("装卸管理人员", "loading supervisor"),
    },
    ItemStatus: {
        ItemStatus.ACTIVE: Label("启用", "active"),
        ItemStatus.RETIRED: Label("停用", "retired"),
    },
    SubjectKind: {
        SubjectKind.ORGANISATION: Label("单位", "organisation"),
        SubjectKind.FACILITY: Label("装货场所", "facility"),
        SubjectKind.BAY: Label("装卸台", "bay"),
        SubjectKind.VEHICLE: Label("车辆", "vehicle"),
        SubjectKind.TANK: Label("罐体", "tank"),
        SubjectKind.PERSON: Label("人员", "person"),
        SubjectKind.CERTIFICATE: Label("证件", "certificate"),
        SubjectKind.USER: Label("用户", "user"),
    },
}


def label_of(member: StrEnum) -> Label:
    """Return what people read for a member.

    Raises:
        KeyError: the member's list has no labels; a test keeps the table complete.
    """
    return LABELS[type(member)][member]
