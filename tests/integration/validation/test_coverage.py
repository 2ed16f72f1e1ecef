"""`farm coverage` on a finished farm says what counting the tables says."""

from __future__ import annotations

import json

import pytest

from farm.db.coverage import WORLD_TABLES, dated
from farm.db.tables import DATA_TABLES
from tests.integration.validation.finished_farm import Finished

pytestmark = pytest.mark.services


def test_every_table_of_data_has_the_rows_that_counting_finds(farm, finished: Finished) -> None:
    code, out, err = farm("coverage", "--json")
    told = json.loads(out)

    assert (code, err) == (0, "")
    assert set(told["tables"]) == set(DATA_TABLES)
    for name, shown in told["tables"].items():
        column = dated().get(name)
        year = f"extract(year FROM {column})::int" if column else "NULL::int"
        counted = finished.connection.execute(
            f"SELECT {year}, count(*) FROM public.{name} GROUP BY 1".encode()
        ).fetchall()
        assert shown["rows"] == sum(rows for _, rows in counted), name
        if column:
            by_year = {int(year): rows for year, rows in shown["by_year"].items() if rows}
            assert by_year == dict(counted), name
    # The opening stock of feed was bought before the first day.
    assert told["years"] == [2014, 2015, 2016, 2017]
    assert told["rows"] == sum(shown["rows"] for shown in told["tables"].values())
    assert told["empty"] == sorted(n for n, shown in told["tables"].items() if not shown["rows"])


def test_all_but_the_world_belongs_to_years() -> None:
    assert set(DATA_TABLES) - set(dated()) == WORLD_TABLES


def test_people_see_a_table_and_what_is_empty(farm) -> None:
    code, out, err = farm("coverage")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["table", "2014", "2015", "2016", "2017", "rows"]
    assert any(line.startswith("lice_observation ") for line in lines)
    assert lines[-1].startswith(("empty: ", "no table is empty"))


def test_bad_input_is_one_line(farm) -> None:
    code, out, err = farm("coverage", "2016")

    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
