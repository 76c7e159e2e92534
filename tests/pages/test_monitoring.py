"""What watches the course asks for numbers that the course gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

import dxcourse.homework.pages
import dxcourse.pages.routes
from dxcourse.text import words
from dxcourse.web.handlers import Handler
from dxcourse.web.metrics import ServerMetrics

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
GUIDE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b(?:dxcourse|process)_\w+")
SELECTED = re.compile(r'(\w+)(=~|=)"([^"]*)"')


def given() -> dict[str, set[str]]:
    """Every sample's name that `/metrics` gives, with the names of its labels."""
    metrics = ServerMetrics(lambda: 3)
    metrics.request("CourseAnswer", 200, 0.01)
    metrics.page(made=True)
    metrics.operation("verify", 1.0)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rules() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    board = json.loads((MONITORING / "grafana.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = board["panels"]
    return found


def expressions() -> list[str]:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [*(str(rule["expr"]) for rule in rules()), *asked]


def handlers(of: type[Handler] = Handler) -> set[str]:
    names = {of.__name__.removesuffix("Handler")}
    return names.union(*map(handlers, of.__subclasses__()))


def test_each_number_that_is_asked_for_is_given_and_each_of_ours_is_asked_for() -> None:
    known = given()
    asked = {name for expression in expressions() for name in NAME.findall(expression)}
    assert asked <= set(known)
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", n) for n in known if "dxcourse" in n}
    assert {re.sub(r"_(bucket|total)$", "", name) for name in asked if "dxcourse" in name} == {
        re.sub(r"_total$", "", name) for name in ours
    }


def test_each_label_that_is_selected_by_has_such_a_value() -> None:
    assert dxcourse.pages.routes.SHARED
    assert dxcourse.homework.pages
    labels = set().union(*given().values()) | {"job"}
    values = {
        "handler": handlers(),
        "status": {"200", "429", "503"},
        "outcome": {"made", "failed"},
        "done": set(words("answers.done")),
        "job": {"dxcourse"},
    }
    for expression in expressions():
        assert expression.count("(") == expression.count(")")
        for label, how, value in SELECTED.findall(expression):
            assert label in labels
            wanted = re.compile(value if how == "=~" else re.escape(value))
            assert any(wanted.fullmatch(each) for each in values[label]), expression


def test_each_alert_says_what_to_do_and_stands_in_the_guide() -> None:
    table = dict(re.findall(r"^\| `(Dxcourse\w+)` \| ([^|]+)", GUIDE, re.MULTILINE))
    assert [rule["alert"] for rule in rules()] == [*table]
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "action"}
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))


def test_panels_do_not_lie_upon_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not taken & cells
        taken |= cells
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_figures_of_the_guides_sizing_are_measured_ones() -> None:
    measured = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    table = GUIDE.partition("## 大きさの見積もり")[2].partition("ディスクは")[0]
    cells = re.findall(r"^\|[^|]+\|([^|]+)\|", table, re.MULTILINE)[2:]
    figures = {figure for cell in cells for figure in re.findall(r"\d[\d,.]*\d", cell)}
    assert len(figures) > 10
    assert {each for each in figures - {"95", "99"} if each not in measured} == set()


def test_prometheus_is_sent_where_the_guide_says_that_numbers_are() -> None:
    scraped = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))
    [job] = scraped["scrape_configs"]
    port = re.search(r"metrics_port = (\d+)", GUIDE)
    assert port
    assert job["static_configs"][0]["targets"] == [f"127.0.0.1:{port[1]}"]
    assert scraped["rule_files"] == ["alerts.yml"]
    assert job["job_name"] == "dxcourse"
