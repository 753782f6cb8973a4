"""The demonstration's people and accounts, as one table each."""

from dataclasses import dataclass, field
from typing import Final

from api.demo.fleet import IN_A_YEAR, YESTERDAY
from waybill.registry.kinds import PersonRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with papers; `key` is how the cases call them, `number` makes the identity."""

    key: str
    owner: str
    number: int
    name: str
    roles: tuple[PersonRole, ...]
    endorsements: tuple[str, ...] = ()
    qualified_for_days: int = IN_A_YEAR
    phone: str = field(default="13900000000")


DRIVER: Final = (PersonRole.DRIVER,)
ESCORT: Final = (PersonRole.ESCORT,)
BOTH: Final = (PersonRole.DRIVER, PersonRole.ESCORT)
SUPERVISOR: Final = (PersonRole.LOADING_SUPERVISOR,)
HIGHLY_TOXIC: Final = ("highly_toxic",)

PEOPLE: Final[tuple[Person, ...]] = (
    Person(key="anda-driver-1", owner="anda", number=101, name="赵示例", roles=DRIVER),
    Person(key="anda-driver-2", owner="anda", number=102, name="钱示例", roles=DRIVER),
    Person(key="anda-driver-3", owner="anda", number=103, name="孙示例", roles=DRIVER),
    Person(
        key="anda-driver-expired",
        owner="anda",
        number=104,
        name="李示例",
        roles=DRIVER,
        qualified_for_days=YESTERDAY,
    ),
    Person(key="anda-driver-escort", owner="anda", number=105, name="周示例", roles=BOTH),
    Person(key="anda-escort-1", owner="anda", number=111, name="吴示例", roles=ESCORT),
    Person(key="anda-escort-2", owner="anda", number=112, name="郑示例", roles=ESCORT),
    Person(
        key="henglv-driver-1",
        owner="henglv",
        number=201,
        name="王示例",
        roles=DRIVER,
        endorsements=HIGHLY_TOXIC,
    ),
    Person(key="henglv-driver-plain", owner="henglv", number=202, name="冯示例", roles=DRIVER),
    Person(
        key="henglv-escort-1",
        owner="henglv",
        number=211,
        name="陈示例",
        roles=ESCORT,
        endorsements=HIGHLY_TOXIC,
    ),
    Person(
        key="shuntong-driver-1",
        owner="shuntong",
        number=301,
        name="褚示例",
        roles=DRIVER,
        endorsements=HIGHLY_TOXIC,
    ),
    Person(
        key="shuntong-escort-1",
        owner="shuntong",
        number=311,
        name="卫示例",
        roles=ESCORT,
        endorsements=HIGHLY_TOXIC,
    ),
    Person(key="plant-supervisor", owner="plant", number=401, name="蒋示例", roles=SUPERVISOR),
    Person(key="plant-supervisor-2", owner="plant", number=402, name="沈示例", roles=SUPERVISOR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A demo account: its role is that of its name unless said otherwise."""

    username: str
    company: str
    role: str
    person: str = ""


ACCOUNTS: Final[tuple[Account, ...]] = (
    Account(username="carrier", company="anda", role="carrier"),
    Account(username="carrier-henglv", company="henglv", role="carrier"),
    Account(username="carrier-shuntong", company="shuntong", role="carrier"),
    Account(username="loader", company="plant", role="loader"),
    Account(username="supervisor", company="plant", role="supervisor", person="plant-supervisor"),
    Account(username="consignor", company="consignor", role="consignor"),
    Account(username="consignee", company="consignee", role="consignee"),
    Account(username="auditor", company="authority", role="auditor"),
    Account(username="senior-auditor", company="authority", role="senior-auditor"),
    Account(username="senior-auditor-2", company="authority", role="senior-auditor"),
    Account(username="inspector", company="authority", role="inspector"),
    Account(username="admin", company="authority", role="admin"),
)
