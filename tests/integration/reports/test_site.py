"""The report of a finished farm: complete, closed in itself, and true to its CSV files."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from datetime import date
from itertools import pairwise

import psycopg
import pytest

from farm.reports.site.blocks import SHOWN
from farm.reports.site.wording import MINUS, NOTHING
from tests.integration.reports.written import HtmlTable, Written

pytestmark = pytest.mark.services

MENU = {
    "index.html", "production.html", "batches.html", "mature.html", "health.html", "lice.html",
    "compliance.html", "feed.html", "economy.html", "facilities.html", "environment.html",
    "quality.html", "generation.html",
}  # fmt: skip


def test_every_page_is_there_and_every_batch_and_place_has_one(written: Written) -> None:
    assert set(written.pages) >= MENU
    batches = {f"batches/{row['batch']}.html" for row in written.csv("batches/batches.csv")}
    assert batches == {page for page in written.pages if page.startswith("batches/")}
    assert {"places/FO-A01.html", "places/SC-N1.html"} <= set(written.pages)
    assert written.built.pages == len(written.pages)


def test_every_reference_leads_to_a_file_of_the_report(written: Written) -> None:
    missing = []
    for page, found in written.pages.items():
        for _, _, reference in found.references:
            path, _, anchor = reference.partition("#")
            if anchor and not path and anchor not in found.anchors:
                missing.append((page, reference))
            if path and path != "data:," and not written.target(page, path).is_file():
                missing.append((page, reference))
    assert missing == []


def test_nothing_is_loaded_from_a_network(written: Written) -> None:
    far = re.compile(r"^(https?:)?//|^ftp:|^wss?:")
    for page, found in written.pages.items():
        assert [r for r in found.references if far.match(r[2])] == [], page
    style = (written.folder / "assets/site.css").read_text()
    script = (written.folder / "assets/site.js").read_text()
    assert not re.search(r"url\(|@import|https?:", style)
    assert not re.search(r"fetch\(|XMLHttp|import\(|https?:", script)


def test_every_table_is_its_csv(written: Written) -> None:
    compared = sum(
        _compare(written, page, table)
        for page, found in written.pages.items()
        for table in found.tables
    )
    assert compared > 400


def _compare(written: Written, page: str, table: HtmlTable) -> int:
    """Compare what is shown with the file; return how many rows that are."""
    with written.target(page, table.csv).open(encoding="utf-8", newline="") as opened:
        names, *rows = csv.reader(opened)
    shown = [row for row in table.rows if row]
    assert len(shown) == min(len(rows), max(len(shown), SHOWN)), (page, table.csv)
    for cells, row in zip(shown, rows, strict=False):
        if len(cells) == len(names) + 1:
            cells.remove("")  # what is drawn is not in the file
        for name, cell, value in zip(names, cells, row, strict=True):
            assert _same(cell, value), (page, table.csv, name, cell, value)
    return len(shown)


def _same(cell: str, value: str) -> bool:
    if cell == NOTHING:
        return value == ""
    if cell == value or value.replace("T", " ").startswith(cell):
        return True
    number = cell.replace(",", "").replace(MINUS, "-")
    digits = len(number.partition(".")[2])
    return abs(float(number) - float(value)) <= 0.50001 * 10.0**-digits


def test_every_column_that_stands_to_the_right_has_a_rule_of_the_style_sheet(
    written: Written,
) -> None:
    style = (written.folder / "assets/site.css").read_text()
    looks = {
        one
        for found in written.pages.values()
        for table in found.tables
        for one in table.looks.split()
    }
    assert {"r2", "d1"} <= looks
    assert [one for one in looks if f".{one} td:nth-child({one[1:]})" not in style] == []


def test_every_chart_and_no_caption_is_empty(written: Written) -> None:
    for page, found in written.pages.items():
        assert len(found.captions) >= len(found.specs), page
        for title, says in found.captions:
            assert title, page
            assert says.endswith((".", "!")), (page, title, says)


def test_captions_say_what_the_rows_hold(written: Written) -> None:
    said = dict(written.pages["index.html"].captions)
    whole: dict[str, float] = defaultdict(float)
    for row in written.csv("index/biomass.csv"):
        whole[row["date"]] += float(row["biomass_t"])
    at = date.fromisoformat(max(whole, key=lambda day: whole[day]))
    peak = f"At most {max(whole.values()):,.0f} t at the end of {at:%B %Y}"
    assert said["Standing biomass"].startswith(peak)
    above = [row for row in written.csv("lice/months.csv") if int(row["above"])]
    every = len(written.csv("lice/months.csv"))
    (says,) = (s for title, s in written.pages["lice.html"].captions if "each month" in title)
    assert (f"{len(above):,} of {every:,} months" if above else "no month") in says
    for batch in written.csv("batches/batches.csv"):
        page = written.pages[f"batches/{batch['batch']}.html"]
        outbreaks = len(written.csv(f"batches/{batch['batch']}/outbreaks.csv"))
        assert f" {outbreaks} outbreak" in f" {page.captions[0][1]}"


def test_every_chart_has_traces_named_axes_and_colours_of_the_style_sheet(written: Written) -> None:
    style = (written.folder / "assets/site.css").read_text()
    specs = [(page, spec) for page, found in written.pages.items() for spec in found.specs]
    assert len(specs) > 60
    for page, spec in specs:
        assert spec["traces"], page
        for name in re.findall(r"--[a-z]+[\w-]*", json.dumps(spec)):
            assert f"{name}:" in style, (page, name)


def test_what_a_page_says_is_what_the_database_holds(written: Written, farm_url: str) -> None:
    with psycopg.connect(farm_url) as connection:
        (live_t, deaths, feed_t, fish) = connection.execute(
            "SELECT (SELECT sum(biomass_kg) / 1000 FROM harvest_event), sum(deaths),"
            " sum(feed_kg)::float8 / 1000,"
            " sum(population) FILTER (WHERE date = (SELECT max(date) FROM daily_state))"
            " FROM daily_state"
        ).fetchall()[0]
    harvested = sum(float(row["live_t"]) for row in written.csv("production/harvest_by_month.csv"))
    assert harvested == pytest.approx(live_t)
    weeks = [
        row
        for batch in written.csv("batches/batches.csv")
        for row in written.csv(f"batches/{batch['batch']}/weeks.csv")
    ]
    assert sum(float(row["deaths"]) for row in weeks) == deaths
    assert sum(float(row["feed_kg"]) for row in weeks) == pytest.approx(1000 * feed_t)
    now = written.csv("index/current_batches.csv")
    assert sum(float(row["fish"]) for row in now) == (fish or 0)


def test_months_follow_each_other_in_every_timeline(written: Written) -> None:
    for batch in written.csv("batches/batches.csv"):
        days = [row["date"] for row in written.csv(f"batches/{batch['batch']}/weeks.csv")]
        assert all(one < other for one, other in pairwise(days))
