"""The model pages say what config/ and the code say."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from farm.domain import mortality, water, weather
from farm.settings.scenarios import load_scenario

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "docs" / "models"
PAGES = sorted(page for page in MODELS.glob("*.md") if page.name != "README.md")

#: What a page must show completely: a file, and the tables of it (empty: all of it).
COMPLETE = {
    "config/parameters/biology.toml": (),
    "config/parameters/water.toml": (),
    "config/parameters/events.toml": (),
    "config/parameters/breeding.toml": (),
    "config/parameters/costs.toml": (),
    "config/parameters/feed.toml": (),
    "config/parameters/lice.toml": (),
    "config/parameters/observation.toml": (
        *("sensors", "co2", "light", "meals", "condition", "estimates", "health"),
    ),
    "config/parameters/treatments.toml": (),
    "config/parameters/vaccines.toml": (),
    "config/parameters/laboratory.toml": (),
}

#: Ends the source of a row whose columns have sources of their own.
EACH = " (each in the file)"

#: The largest plot, in bytes.
MOST = 120_000


@dataclass(frozen=True)
class Row:
    """One row of a parameter table: the values by file and dotted name."""

    page: str
    values: dict[tuple[str, str], str]
    unit: str
    source: str


@cache
def document(file: str) -> dict[str, Any]:
    return dict(keyed(tomllib.loads((ROOT / file).read_text(encoding="utf-8"))))


def keyed(node: Any) -> Any:
    """Return a document with each list of tables as a table: by their code, or counted from 0."""
    if isinstance(node, dict):
        return {key: keyed(value) for key, value in node.items()}
    if isinstance(node, list) and node and all(isinstance(each, dict) for each in node):
        return {each.get("code", str(n)): keyed(each) for n, each in enumerate(node)}
    return node


def leaf(file: str, name: str) -> dict[str, Any] | None:
    node: Any = document(file)
    for word in name.split("."):
        if word not in node:
            return None
        node = node[word]
    assert set(node) == {"value", "unit", "source"}, f"{file}: {name} is no parameter"
    return dict(node)


def leaves(node: dict[str, Any], name: tuple[str, ...] = ()) -> Iterator[str]:
    for key, value in node.items():
        if isinstance(value, dict):
            if set(value) == {"value", "unit", "source"}:
                yield ".".join((*name, key))
            else:
                yield from leaves(value, (*name, key))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows_of(page: Path) -> Iterator[Row]:
    file, columns = "", None
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            columns = None
            if found := re.search(r"`(config/[^`]+\.toml)`", line):
                file = found.group(1)
            continue
        found_cells = cells(line)
        if found_cells[0] == "parameter":
            columns = [cell.strip("`") for cell in found_cells[1:-2]]
            assert found_cells[-2:] == ["unit", "source"], page.name
        elif columns is not None and not set(line) <= set("|-"):
            name, *values, unit, source = found_cells
            assert len(values) == len(columns), f"{page.name}: {line}"
            yield Row(
                page.name,
                {
                    (file.replace("…", column), name.strip("`").replace("…", column)): value
                    for column, value in zip(columns, values, strict=True)
                },
                unit,
                source,
            )


def all_rows() -> list[Row]:
    return [row for page in PAGES for row in rows_of(page)]


def numbers(value: Any) -> list[float]:
    return [float(number) for number in (value if isinstance(value, list) else [value])]


def test_every_parameter_on_a_page_has_the_value_and_unit_that_config_has():
    rows = all_rows()

    assert len(rows) > 150
    for row in rows:
        for (file, name), shown in row.values.items():
            where, known = f"{row.page}: {name}", leaf(file, name)
            if known is None:
                assert shown == "-", where
                continue
            assert [float(n) for n in shown.split(", ")] == numbers(known["value"]), where
            assert row.unit == known["unit"], where


def test_every_source_on_a_page_is_the_one_that_config_names():
    for row in all_rows():
        known = [leaf(file, name) for file, name in row.values]
        sources = [parameter["source"] for parameter in known if parameter is not None]
        assert sources, row
        if row.source.endswith(EACH):
            parts = row.source.removesuffix(EACH).split("; ")
            assert all(any(part in source for source in sources) for part in parts), row
        else:
            assert all(source in row.source for source in sources), row


@pytest.mark.parametrize("file", COMPLETE)
def test_no_parameter_of_the_models_is_without_a_page(file):
    shown = {name for row in all_rows() for at, name in row.values if at == file}
    wanted = COMPLETE[file]
    there = {n for n in leaves(document(file)) if not wanted or n.split(".")[0] in wanted}

    assert there - shown == set()


@pytest.mark.parametrize("room", ["processes", "environment"])
def test_every_process_is_named_on_a_page(room):
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

    modules = [m for m in (ROOT / "farm/simulation" / room).glob("*.py") if m.stem != "__init__"]

    assert [m.name for m in modules if f"`farm/simulation/{room}/{m.name}`" not in text] == []


def test_the_index_has_every_page_and_every_page_its_plot():
    index = (MODELS / "README.md").read_text(encoding="utf-8")
    tree = ast.parse((MODELS / "plots.py").read_text(encoding="utf-8"))
    (plots,) = (
        [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "PLOTS"
        and isinstance(node.value, ast.Dict)
    )

    assert sorted(re.findall(r"\]\(([a-z-]+)\.md\)", index)) == [p.stem for p in PAGES]
    assert sorted(map(str, plots)) == [p.stem for p in PAGES]
    for page in PAGES:
        assert f"](images/{page.stem}.png)" in page.read_text(encoding="utf-8")
        assert (MODELS / "images" / f"{page.stem}.png").stat().st_size < MOST


@pytest.mark.parametrize("page", [*PAGES, MODELS / "README.md"], ids=lambda page: page.stem)
def test_what_a_page_points_to_is_there(page):
    text = page.read_text(encoding="utf-8")
    files = re.findall(r"`((?:farm|config|tests|docs)/[^` …]+)`", text)
    links = re.findall(r"\]\(([^)#:]+)\)", text)

    missing = [f for f in files if not (ROOT / f).exists()]
    missing += [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_functions_that_a_page_names_are_in_the_code():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "farm").rglob("*.py"))
    defined = set(re.findall(r"(?:def|class) (\w+)", code))
    # In an equation a function stands alone after at least two spaces at the end of its line.
    named = {
        name
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("    ")
        for name in re.findall(r"  ([a-z]+_[a-z_0-9]+)(?=[,;]| *$)", line)
    }

    assert len(named) > 12
    assert named - defined == set()


def test_numbers_that_follow_from_parameters_or_stand_in_the_code_are_right():
    sea = (MODELS / "sea-water.md").read_text(encoding="utf-8")
    biology = load_scenario("full", ROOT / "config").biology

    for code, place in (("FO", "the Faroes"), ("SC", "Scotland")):
        sd = water.sea_temperature_sd(biology.water.sea[code])
        assert f"{sd:.2f} °C in {place}" in sea
    assert f"{water.HARMONICS} harmonics" in sea
    assert f"/{weather.SPRING_TO_SPRING})" in sea
    losses = (MODELS / "mortality.md").read_text(encoding="utf-8")
    assert f"means up to {mortality.SUM_UP_TO:g} exactly" in losses
