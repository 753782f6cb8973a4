"""What watches the installation names figures that exist, and every figure is watched or shown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # a dependency of schemathesis

from api.metrics import Metrics

OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")


@pytest.fixture(scope="module")
def figures() -> set[str]:
    """The names of all figures that the program gives."""
    return {
        metric.name + ("_total" if metric.type == "counter" else "")
        for metric in Metrics().registry.collect()
    }


def alerts(repository: Path) -> list[dict[str, object]]:
    text = (repository / "deploy" / "alerts.yaml").read_text()
    rules: list[dict[str, object]] = yaml.safe_load(text)["groups"][0]["rules"]
    return rules


def shown(repository: Path) -> Iterator[str]:
    board = json.loads((repository / "deploy" / "grafana-dashboard.json").read_text())
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def named(expressions: str) -> set[str]:
    found = re.findall(r"waybill_[a-z_]+", expressions)
    return {re.sub("|".join(f"{end}$" for end in OF_A_HISTOGRAM), "", name) for name in found}


def test_alerts_and_dashboard_name_figures_that_exist(repository: Path, figures: set[str]) -> None:
    asked = " ".join([*shown(repository), *(str(rule["expr"]) for rule in alerts(repository))])

    assert named(asked) - figures == set()


def test_every_figure_is_on_the_dashboard_or_in_an_alert(
    repository: Path, figures: set[str]
) -> None:
    asked = " ".join([*shown(repository), *(str(rule["expr"]) for rule in alerts(repository))])
    # How many witnesses there are and must sign is told beside the quorum on the page of witnesses.
    told_elsewhere = {"waybill_log_witnesses_needed", "waybill_log_witnesses_cosigned"}

    assert figures - named(asked) == told_elsewhere


def test_each_alert_says_what_it_means_in_both_languages_and_what_to_do(repository: Path) -> None:
    for rule in alerts(repository):
        told = rule["annotations"]
        assert isinstance(told, dict)
        assert re.fullmatch(r".*[一-鿿].* / .+", told["summary"]), rule["alert"]
        assert told["next"], rule["alert"]
        assert str(rule["expr"]).count("(") == str(rule["expr"]).count(")"), rule["alert"]


def test_operations_tells_of_every_alert(repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text()

    assert [rule["alert"] for rule in alerts(repository) if str(rule["alert"]) not in text] == []
