"""Pages become HTML."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from farm.reports.site import html as html_module
from farm.reports.site.blocks import Fact, Page, Section, Table, Text
from farm.reports.site.chart import Chart, line
from farm.reports.site.data import Column, Data, Mark, number, text
from farm.reports.site.html import Entry, Frame, Renderer

FRAME = Frame("A <farm>", "1 to 2", "smoke", 1, [("Company", [Entry("index.html", "Overview")])])
ROWS: list[dict[str, Any]] = [
    {"batch": "A", "kg": 1234.5, "month": date(2024, 3, 1), "mark": Mark(0.5, 0.2, 0.8, good=True)},
    {"batch": "<B>", "kg": None, "month": date(2024, 4, 1), "mark": None},
]
DATA = Data(
    "rows",
    [
        text("batch", "Batch", link="batches/{}.html"),
        number("kg", "Feed", "kg", 1),
        text("month", "Month", monthly=True),
        Column("mark", "Mark", drawn=True),
    ],
    ROWS,
)


def html(path: str = "index.html", **table) -> str:
    sections = [Section("What & where", [Text(["1 < 2"]), Table("T", "S", DATA, **table)])]
    page = Page(path, "Overview", "Lead", sections, facts=[Fact("Fish", "12", "t")])
    return Renderer(FRAME, [path, "batches/A.html"]).html(page)


def test_whatever_the_data_say_is_text() -> None:
    made = html()
    assert "1 &lt; 2" in made
    assert "<td>&lt;B&gt;<td>" in made
    assert "A &lt;farm&gt;" in made


def test_a_cell_links_to_pages_that_exist_relative_to_its_own() -> None:
    assert '<td><a href="batches/A.html">A</a><td>' in html()
    assert '<td><a href="../batches/A.html">A</a><td>' in html("places/P.html")


def test_numbers_stand_to_the_right_and_days_in_one_line() -> None:
    assert '<table class="r2 d3">' in html()
    style = (Path(html_module.__file__).parent / "assets/site.css").read_text()
    aligned, on_paper = style.split("@media print")
    assert ".r2 td:nth-child(2)" in aligned
    assert ".d3 td:nth-child(3)" in on_paper


def test_a_month_reads_as_a_month() -> None:
    assert "2024-03<" in html()


def test_a_figure_is_drawn_within_its_band() -> None:
    made = html()
    assert '<rect x="20.0" y="2" width="60.0" height="8"/><circle class="good" cx="50.0"' in made


def test_rows_beyond_the_most_are_only_counted() -> None:
    made = html(most=1)
    assert "&lt;B&gt;" not in made
    assert "The first 1 of 2; all of them are in the CSV." in made


def test_plotly_is_loaded_where_there_is_a_chart() -> None:
    chart = Chart("C", "S", [DATA], [line(ROWS, "month", "kg", "kg", "--c1")])
    page = Page("index.html", "Overview", "Lead", [Section("One", [chart])])
    made = Renderer(FRAME, []).html(page)
    assert "plotly.min.js" in made
    assert "plotly.min.js" not in html()
