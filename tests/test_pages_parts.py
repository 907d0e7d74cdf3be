"""The shared parts of pages: figures as printed, exact intervals, nothing pooled, sorted rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.binomial import exact_interval
from api.directory import Directory, Entry
from api.entity_address import Addresses
from api.list_table import Cell, Row
from api.pages.parts_behind import Behind
from api.pages.parts_evidence import Direction, Evidence
from api.pages.parts_evidence_table import COLUMNS, evidence_table
from api.pages.parts_figures import Figures, read_figures
from api.pages.parts_forest import forest_of
from api.pages.parts_medians import medians_of
from api.pages.parts_place import PlaceShown
from api.pages.parts_things import Thing, Things
from api.problems import ParameterError
from kg.namespaces import Namespaces

ROOT = "https://example.org/"
NAMES = Namespaces({"drug": f"{ROOT}drug/"}, f"{ROOT}ontology/")
MONTH = Entry(f"{ROOT}ontology/Month", ":Month", "month")
THINGS = Things(Directory({MONTH.iri: MONTH}, NAMES), Addresses(ROOT))
RATE, SURVIVAL = "ObjectiveResponseRate", "OverallSurvival"


def result(name: str, endpoint: str = RATE, **given: Any) -> Evidence:
    return Evidence(
        claim=Thing(f"{ROOT}claim/{name}", name, f"/claim/{name}"),
        endpoints=(Thing(f"{ROOT}ontology/{endpoint}", endpoint),),
        measured=endpoint,
        figures=Figures(**given),
        findings=(),
        direction=Direction.FOR,
        level=3,
        levels=(),
        drugs=(Thing(f"{ROOT}drug/{name}", name),),
        regimens=(),
        treatments=(),
        modes=(),
        histologies=(),
        excluded=(),
        biomarkers=(),
        lines=(),
        settings=(),
        population="",
        after=(),
        arms=(),
        comparator_arms=(),
        comparators=(),
        studies=(),
        study_types=frozenset(),
        is_subgroup=False,
        is_pooled=False,
        place=PlaceShown(issued="2007"),
    )


def row(**cells: object) -> Row:
    def cell(value: object) -> Cell:
        if isinstance(value, bool | float):
            return Cell(value, f"{value:g}" if isinstance(value, float) else "true")
        return Cell(str(value), str(value))

    return Row(f"{ROOT}claim/a", {name: (cell(value),) for name, value in cells.items()})


def test_figures_are_shown_as_printed() -> None:
    found = read_figures(THINGS, row(asPrinted="7.5% of 67 patients", percent=7.5, evaluable=67.0))
    assert (found.printed, found.counts) == ("7.5% of 67 patients", "?/67")
    assert read_figures(THINGS, row(percentLow=4.0, percentHigh=18.0)).printed == "4 to 18%"
    assert read_figures(THINGS, row(value=1.0, unit=MONTH.iri)).printed == "1 month"
    assert read_figures(THINGS, row(notReached=True)).printed == "not reached"
    assert read_figures(THINGS, row()).printed == ""


def test_statistics_stand_beside_a_figure_as_printed() -> None:
    found = read_figures(
        THINGS, row(hazardRatio=0.82, ciLow=0.69, ciHigh=0.98, ciLevel=95.0, pAsPrinted="P = .026")
    )
    assert found.statistics == ("hazard ratio 0.82", "95% CI 0.69 to 0.98", "P = .026")


def test_a_time_that_is_printed_without_its_unit_gets_it() -> None:
    found = read_figures(THINGS, row(asPrinted="13", value=13.0, unit=MONTH.iri))
    assert (found.printed, found.unit_beside) == ("13", "months")
    other = read_figures(THINGS, row(asPrinted="13 months", value=13.0, unit=MONTH.iri))
    assert other.unit_beside == ""


def test_the_forest_has_the_exact_interval_of_printed_counts() -> None:
    plot = forest_of([result("a", responders=6, evaluable=42, percent=15.0, percent_printed="15")])
    assert plot is not None
    (only,) = plot.groups[0].rows
    interval = exact_interval(6, 42)
    assert (only.low, only.high) == (100 * interval.low, 100 * interval.high)
    assert only.computed == "14% (5.4 to 29)"
    assert only.differs
    assert plot.unplotted == ()


def test_a_rounded_percentage_does_not_differ() -> None:
    plot = forest_of([result("a", responders=4, evaluable=14, percent=29.0)])
    assert plot is not None
    assert not plot.groups[0].rows[0].differs


@pytest.mark.parametrize(
    "given",
    [
        {"percent": 30.0},
        {"percent": 7.5, "evaluable": 67},
        {"responders": 2},
        {"responders": 5, "evaluable": 0},
        {"responders": 9, "evaluable": 5},
        {"responders": -1, "evaluable": 5},
        {"responders": 1, "evaluable": 10**9},
    ],
)
def test_what_lacks_counts_of_a_group_is_listed_and_not_plotted(given: dict[str, Any]) -> None:
    plot = forest_of([result("a", **given)])
    assert plot is not None
    assert plot.plotted == 0
    assert [each.claim.label for each in plot.unplotted] == ["a"]


def test_endpoints_stay_apart_and_nothing_is_pooled() -> None:
    results = [
        result("a", responders=1, evaluable=10),
        result("b", responders=2, evaluable=10),
        result("c", "CompleteResponseRate", responders=0, evaluable=10),
        result("d", SURVIVAL, value=3.0),
    ]
    plot = forest_of(results)
    assert plot is not None
    shown = {group.endpoint: [row.label for row in group.rows] for group in plot.groups}
    assert shown == {RATE: ["a", "b"], "CompleteResponseRate": ["c"]}
    assert forest_of([results[3]]) is None


def test_the_ends_of_a_forest_stay_within_it() -> None:
    plot = forest_of(
        [result("a", responders=0, evaluable=3), result("b", responders=3, evaluable=3)]
    )
    assert plot is not None
    first, last = plot.groups[0].rows
    assert (first.at(first.rate), last.at(last.high)) == ("0%", "100%")


def test_medians_are_plotted_in_months_with_printed_intervals_only() -> None:
    results = [
        result("a", SURVIVAL, printed="8", value=8.0, months=8.0, is_median=True),
        result("b", SURVIVAL, printed="6 weeks", value=6.0, months=1.38),
        result("c", SURVIVAL, value=9.0, months=9.0, low=7.0, high=11.0, level="95"),
        result("d", SURVIVAL, is_not_reached=True),
    ]
    plot = medians_of(results)
    assert plot is not None
    rows = {row.label: row for row in plot.groups[0].rows}
    assert [rows[name].interval for name in "abc"] == [
        "no interval printed",
        "no interval printed",
        "95% CI 7 to 11",
    ]
    assert [rows[name].is_computed for name in "abc"] == [False, True, False]
    assert [each.claim.label for each in plot.unplotted] == ["d"]
    assert plot.scale.end >= 11


def test_no_time_makes_no_plot() -> None:
    assert medians_of([result("a", SURVIVAL, is_not_reached=True), result("b")]) is None


def test_rows_are_sorted_by_any_column_and_what_states_nothing_is_last() -> None:
    rows = [
        result("a", percent=20.0),
        replace(result("b"), direction=Direction.AGAINST, level=None),
        result("c", percent=10.0),
    ]
    for key in COLUMNS:
        for sort in (key, f"-{key}"):
            evidence_table(rows, address="/x", parameters={"sort": sort}, caption="R")

    def sorted_by(sort: str) -> str:
        table = evidence_table(rows, address="/x", parameters={"sort": sort}, caption="R")
        return "".join(each.claim.label for each in table.rows)

    assert (sorted_by("value"), sorted_by("-value")) == ("cab", "acb")
    assert (sorted_by("level"), sorted_by("-level")) == ("acb", "acb")
    assert sorted_by("direction") == "acb"
    assert sorted_by("-treatment") == "cba"


def test_percentages_and_times_are_not_sorted_into_one_another() -> None:
    rows = [
        result("day", value=82.0, unit="day", months=2.7),
        result("percent", percent=44.0),
        result("month", value=6.0, unit="month", months=6.0),
    ]
    table = evidence_table(rows, address="/x", parameters={"sort": "value"}, caption="R")
    assert [each.claim.label for each in table.rows] == ["percent", "day", "month"]


def test_things_given_to_one_group_each_are_not_told_as_given_together() -> None:
    def given(mode: str) -> str:
        drugs = tuple(Thing(f"{ROOT}drug/{name}", name) for name in ("a", "b"))
        modes = (Thing(f"{ROOT}ontology/{mode}", mode),)
        return replace(result("x"), drugs=drugs, modes=modes).treatment

    assert (given("Monotherapy"), given("Combination")) == ("a or b", "a + b")


def test_an_arm_adds_what_the_treatment_does_not_say() -> None:
    def added(*labels: str) -> list[str]:
        arms = tuple(Thing(f"{ROOT}arm/{label}", label) for label in labels)
        return [words for _, words in replace(result("drug"), arms=arms).arms_in_words]

    assert added("drug 400 mg twice daily") == ["400 mg twice daily"]
    assert (added("drug"), added("drug alone")) == ([], [])
    assert added("drugged") == ["drugged"]
    assert added("drug 6 g", "drug 12 g") == ["drug 6 g", "drug 12 g"]


def test_heads_say_their_order_and_lead_to_the_other() -> None:
    given = {"sort": "value", "histology": "GIST"}
    table = evidence_table([result("a")], address="/x?iri=y", parameters=given, caption="R")
    heads = {head.key: head for head in table.heads}
    assert heads["value"].order == "ascending"
    assert heads["value"].address == "/x?iri=y&sort=-value&histology=GIST#evidence-table"
    assert heads["level"].order == "none"
    assert "sort=level" in heads["level"].address


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean 'level'"):
        evidence_table([], address="/x", parameters={"sort": "-levl"}, caption="R")


def test_only_what_http_reaches_is_linked_to() -> None:
    assert THINGS.get("javascript:alert(1)").address is None
    assert THINGS.get("https://elsewhere.example/").is_elsewhere
    assert THINGS.get(f"{ROOT}drug/a").address == "/drug/a"
    assert len(THINGS.get(f"urn:{'a' * 100_000}").label) <= 300


def test_a_query_is_one_parameter_however_it_is_written() -> None:
    behind = Behind("SELECT * { ?s ?p '#&\"' }", "all")
    assert behind.edit.count("#") == 1
    assert "&" not in behind.run
