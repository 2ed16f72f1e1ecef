"""SQL files: every query has a name and a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

import farm.db
from farm.db import queries

ROOMS = sorted(file.stem for file in (Path(farm.db.__file__).parent / "sql").glob("*.sql"))


def test_a_query_is_found_under_its_name() -> None:
    found = queries.parse(
        "-- A room.\n\n-- one --\n-- Says one.\nSELECT 1;\n\n-- two --\nSELECT 2;\n"
    )
    assert {name: query.as_string() for name, query in found.items()} == {
        "one": "-- Says one.\nSELECT 1",
        "two": "SELECT 2",
    }


def test_two_queries_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two queries are called one"):
        queries.parse("-- one --\nSELECT 1;\n-- one --\nSELECT 2;\n")


def test_sql_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="before the first"):
        queries.parse("SELECT 1;\n-- one --\nSELECT 2;\n")


@pytest.mark.parametrize("room", ROOMS)
def test_every_query_is_explained_and_is_one_statement(room: str) -> None:
    for name, query in queries.load(room).items():
        text = query.as_string()
        assert text.startswith("-- "), f"{room}.{name} has no sentence"
        code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
        assert ";" not in code, f"{room}.{name} is more than one statement"


# The queries of `standing` are views, and all of them are made.
@pytest.mark.parametrize("room", [room for room in ROOMS if room != "standing"])
def test_every_query_is_used(room: str) -> None:
    folder = Path(farm.db.__file__).parent
    code = "".join(file.read_text() for file in folder.glob("*.py"))
    unused = [name for name in queries.load(room) if f'"{name}"' not in code]
    assert unused == []
