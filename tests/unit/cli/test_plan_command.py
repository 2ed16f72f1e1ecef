"""`farm plan`: the documented JSON, a human view, one line for what cannot be, nothing written."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import farm
from farm.cli import plan as plan_module
from farm.cli.errors import run
from farm.cli.main import cli
from farm.reports.programme import BatchLine, Programme
from farm.simulation.facility_use import FacilityUse
from farm.simulation.supply import Supply

MONTHS = tuple(f"{year}-{month:02d}" for year in (2015, 2016) for month in range(1, 13))

PROGRAMME = Programme(
    scenario="tiny",
    months=MONTHS,
    batches=(
        BatchLine(
            "FO-2015-01",
            "FO",
            "external",
            3_250_000,
            date(2015, 1, 3),
            date(2017, 5, 1),
            date(2017, 7, 1),
        ),
    ),
    containers=1234,
    target=2.0,
    active_batches_by_month={month: 1 + (month >= "2016") for month in MONTHS},
    occupancy={
        "tray": dict.fromkeys(MONTHS, 0.123456),
        "pen": {month: 0.0 if month < "2016" else 1.0 for month in MONTHS},
    },
    facilities={
        "egg_alevin": FacilityUse(12, dict.fromkeys(MONTHS, 0.25), dict.fromkeys(MONTHS, 0.5)),
        "pen": FacilityUse(
            8,
            {month: 0.0 if month < "2016" else 0.75 for month in MONTHS},
            {month: 0.0 if month < "2016" else 1.0 for month in MONTHS},
        ),
    },
    supply={
        "FO": Supply({month: int(month != "2016-11") for month in MONTHS[20:]}, 61),
        "SC": Supply({}, 0),
    },
    breaches=(),
    chunks=26,
    rows={"environmental_reading": 1_000_000, "growth_sample": 2000},
    bytes=95_000_000,
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_the_json_is_the_documented_one():
    found = PROGRAMME.as_json()
    assert found["batches"] == [
        {
            "code": "FO-2015-01",
            "geography": "FO",
            "egg_source": "external",
            "eggs": 3_250_000,
            "start_date": "2015-01-03",
            "harvest_from": "2017-05-01",
            "harvest_to": "2017-07-01",
        }
    ]
    assert found["active_batches_by_month"]["2015-12"] == 1
    assert found["active_batches_by_month"]["2016-01"] == 2
    assert found["occupancy"]["tray"]["2015-01"] == 0.1235
    assert {key: found[key] for key in ("scenario", "chunks", "rows", "bytes")} == {
        "scenario": "tiny",
        "chunks": 26,
        "rows": {"environmental_reading": 1_000_000, "growth_sample": 2000},
        "bytes": 95_000_000,
    }
    assert list(found) == [
        *("scenario", "batches", "active_batches_by_month", "occupancy", "chunks", "rows", "bytes"),
        *("ramp", "starts_by_year", "facilities", "supply", "breaches"),
    ]
    assert found["ramp"] == {"target": 2.0, "full_from": "2016-01", "active_when_full": (2, 2)}
    assert found["starts_by_year"] == {"2015": 1, "2016": 0}
    assert found["facilities"]["pen"]["in_use"]["2016-01"] == 1.0
    assert found["supply"]["FO"]["months_without_harvest"] == ["2016-11"]
    assert found["breaches"] == []


def shown(*, free_bytes: int | None, width: int = 100) -> str:
    out = StringIO()
    console = Console(file=out, width=width, color_system=None)
    plan_module.show(console, PROGRAMME, free_bytes=free_bytes)
    return out.getvalue()


def test_people_see_headline_rows_charts_and_batches():
    lines = shown(free_bytes=10**12).splitlines()

    assert lines[0] == (
        "tiny: 2015-01 to 2016-12, 1 batch, 1,234 containers, 26 chunks, about 1,002,000 rows"
    )
    assert "           2015        2016" in lines
    assert "batches    ▅▅▅▅▅▅▅▅▅▅▅▅████████████ 1 to 2 active" in lines
    assert "trays      ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅ 25% stocked, 50% used, 50% peak" in lines
    assert "pens                   ████████████ 75% stocked, 100% used, 100% peak" in lines
    assert "harvest FO                     ██ █ 3 pens, 1 a month at most" in lines


def test_people_read_the_programme_in_words():
    lines = shown(free_bytes=10**12).splitlines()

    assert "starts     2015 1, 2016 0" in lines
    assert "ramp       until 2016-01; 2 to 2 batches active every month since" in lines
    assert "harvest FO from 2016-09, 1 month without; longest gap 61 days" in lines
    assert "harvest SC none within the horizon" in lines
    assert [line for line in lines if line.startswith("checked")]


def test_a_broken_rule_is_said_so():
    broken = replace(PROGRAMME, breaches=("FO-S01: stocked too early",))
    out = StringIO()
    plan_module.show(Console(file=out, width=100), broken, free_bytes=None)
    assert "broken     FO-S01: stocked too early" in out.getvalue()
    assert "checked" not in out.getvalue()


def test_the_batches_come_last():
    lines = shown(free_bytes=10**12).splitlines()

    assert lines[-1].split() == [
        *("FO-2015-01", "FO", "external", "3,250,000", "2015-01-03", "2017-05-01", "2017-07-01")
    ]


def test_a_disk_that_is_too_small_is_said_so():
    assert ": not enough" in shown(free_bytes=10**6)
    assert "not enough" not in shown(free_bytes=10**12)


def test_where_postgresql_runs_elsewhere_this_machines_disk_is_not_mentioned():
    assert "free" not in shown(free_bytes=None)


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_view_keeps_to_the_window(width: int):
    assert max(map(len, shown(free_bytes=10**12, width=width).splitlines())) <= width


def test_the_plan_of_a_real_scenario_needs_no_server_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert run(cli, ["plan", "--scenario", "smoke", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["scenario"] == "smoke"
    assert found["batches"]
    assert len(found["active_batches_by_month"]) == 32
    assert found["chunks"] > len(found["batches"])
    assert set(found["occupancy"]) == {"tray", "tank", "pen"}
    assert all(0 <= v <= 1 for by_month in found["occupancy"].values() for v in by_month.values())
    assert list(tmp_path.iterdir()) == []


def test_another_seed_gives_another_plan_and_the_same_seed_the_same(
    capsys: pytest.CaptureFixture[str],
):
    def planned(seed: str) -> str:
        assert run(cli, ["plan", "--scenario", "smoke", "--seed", seed, "--json"]) == 0
        return capsys.readouterr().out

    assert planned("1") == planned("1") != planned("2")


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["--scenario", "dmeo"], "demo"),
        (["--scenario", "../smoke"], "smoke"),
        (["--seed", "-1"], "--seed"),
        (["--seed", str(2**63)], "--seed"),
        (["--wat"], "--wat"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], args: list[str], names: str
):
    assert run(cli, ["plan", *args]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert names in said.err


def test_an_impossible_programme_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Given the smoke scenario with more batches than its trays can ever hold
    config = tmp_path / "config"
    shutil.copytree(Path(farm.__file__).parent.parent / "config", config)
    smoke = config / "scenarios" / "smoke.toml"
    text, crowded = re.subn(
        r"(target_active_batches = \{ value = )[0-9.]+", r"\g<1>40.0", smoke.read_text()
    )
    assert crowded
    smoke.write_text(text)
    monkeypatch.setenv("FARM_CONFIG_DIR", str(config))

    assert run(cli, ["plan", "--scenario", "smoke"]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert re.search(r"20\d\d-\d\d", said.err), "the line names the month"
