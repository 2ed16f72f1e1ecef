"""The views of where the company stands, asked on many days of a finished farm.

A day on which the company "stands" is made by forgetting the months after it: what later months
wrote stays in the tables, as it does while the next session is being made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from farm.db.connection import connect
from farm.db.views import VIEWS, comment, create_views, drop_views
from tests.integration.validation.finished_farm import Finished

pytestmark = pytest.mark.services

#: Ends of months in which the smoke farm does different things.
MONTHS = ("2015-03", "2015-12", "2016-05", "2016-09", "2017-02", "2017-06", "2017-08")


class Company:
    """The company on one day."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def ask(self, query: str, **given: object) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), given).fetchall()

    def view(self, name: str) -> list[dict[str, Any]]:
        return self.ask(f"SELECT * FROM {name}")

    @property
    def today(self) -> date:
        (row,) = self.view("company_day")
        return row["today"]  # type: ignore[no-any-return]


@contextmanager
def standing(finished: Finished, month: str) -> Iterator[Company]:
    """Yield the company as it stood at the end of a month."""
    with connect(finished.url, "test") as connection, connection.transaction(force_rollback=True):
        connection.execute("DELETE FROM ops.month WHERE month > %s", (f"{month}-01",))
        yield Company(connection)


@pytest.fixture(params=MONTHS)
def company(request: pytest.FixtureRequest, finished: Finished) -> Iterator[Company]:
    with standing(finished, request.param) as stood:
        yield stood


def test_today_is_the_last_day_of_the_last_completed_session(finished: Finished) -> None:
    with standing(finished, "2017-08") as company:
        assert company.today == date(2017, 8, 31)
        company.ask("UPDATE ops.session SET status = 'running' WHERE session = 4 RETURNING 1")
        assert company.today == date(2016, 12, 31)


def test_before_anything_was_completed_the_views_are_empty(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        company = Company(connection)
        assert company.today is None
        for name in set(VIEWS) - {"company_day"}:
            assert company.view(name) == [], name


def test_every_view_says_what_it_shows(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        said: dict[str, str] = dict(
            connection.execute(
                "SELECT viewname, obj_description(format('public.%I', viewname)::regclass)"
                " FROM pg_views WHERE schemaname = 'public'"
            ).fetchall()
        )
    assert said == {name: comment(name) for name in VIEWS}
    assert all(len(words) > 40 for words in said.values())


def test_the_views_are_made_anew_around_a_change_of_the_schema(database_url: str) -> None:
    with connect(database_url, "test") as connection, connection.transaction(force_rollback=True):
        drop_views(connection)
        drop_views(connection)
        connection.execute("ALTER TABLE feed_store ALTER COLUMN code TYPE varchar(80)")
        create_views(connection)
        assert Company(connection).view("current_inventory") == []


def test_nothing_is_dated_after_today_but_what_is_expected(company: Company) -> None:
    expected = {"expected_harvest", "expected_end", "withheld_until", "next_delivery", "expires_on"}
    for name in VIEWS:
        for row in company.view(name):
            for column, value in row.items():
                if isinstance(value, date) and column not in expected:
                    assert value <= company.today, (name, column, row)


def test_batches_hold_the_fish_of_the_history(company: Company) -> None:
    shown = {row["code"]: row for row in company.view("current_batch")}
    history = company.ask(
        "SELECT b.code, sum(d.population) AS population, sum(d.biomass_kg) AS biomass_kg,"
        " count(*) AS containers, min(a.start_date) AS came"
        " FROM daily_state d JOIN batch b ON b.id = d.batch_id"
        " JOIN assignment a ON a.id = d.assignment_id"
        " WHERE d.date = %(today)s GROUP BY 1",
        today=company.today,
    )
    assert set(shown) == {row["code"] for row in history} != set()
    for row in history:
        seen = shown[row["code"]]
        assert seen["population"] == row["population"]
        assert float(seen["biomass_kg"]) == pytest.approx(row["biomass_kg"], abs=0.06)
        assert seen["containers"] == row["containers"]
        assert seen["stage_since"] <= row["came"]
        assert seen["days_in_stage"] == (company.today - seen["stage_since"]).days


def test_stock_is_what_was_delivered_and_neither_drawn_nor_discarded(company: Company) -> None:
    shown = {
        (row["feed_store"], row["feed_type"]): row
        for row in company.view("current_inventory")
        if row["stock_kg"] > 0
    }
    lots = company.ask(
        "SELECT s.code AS store, t.code AS type, l.delivered_on, l.quantity_kg"
        " - coalesce((SELECT sum(quantity_kg) FROM feed_draw d"
        "              WHERE d.feed_lot_id = l.id AND d.date <= %(today)s), 0)"
        " - CASE WHEN l.discarded_on <= %(today)s THEN l.discarded_kg ELSE 0 END AS left"
        " FROM feed_lot l JOIN feed_store s ON s.id = l.feed_store_id"
        " JOIN feed_type t ON t.id = l.feed_type_id WHERE l.delivered_on <= %(today)s"
        " ORDER BY l.delivered_on, l.id",
        today=company.today,
    )
    in_stock: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for lot in lots:
        if lot["left"] > 0:
            in_stock.setdefault((lot["store"], lot["type"]), []).append(lot)
    assert set(shown) == set(in_stock)
    for place, own in in_stock.items():
        assert shown[place]["stock_kg"] == sum(lot["left"] for lot in own)
        assert shown[place]["lots"] == len(own)
        assert shown[place]["oldest_lot"] == own[0]["delivered_on"]


def test_orders_on_their_way_are_those_that_have_not_arrived(company: Company) -> None:
    (row,) = company.ask(
        "SELECT count(*) AS n, sum(quantity_kg) AS kg FROM purchase_order WHERE ordered_on"
        " <= %(today)s AND NOT coalesce(delivered_on <= %(today)s, false)",
        today=company.today,
    )
    shown = company.view("current_inventory")
    assert sum(one["orders"] for one in shown) == row["n"]
    assert sum(one["ordered_kg"] for one in shown) == (row["kg"] or 0)


def test_health_shows_every_stocked_place_with_what_is_open_there(company: Company) -> None:
    shown = {row["place"]: row for row in company.view("current_health")}
    assert set(shown) == {row["place"] for row in company.view("current_assignment")} != set()
    open_there = company.ask(
        "SELECT coalesce(s.code, t.code) AS place, count(*) AS n FROM disease_outbreak o"
        " LEFT JOIN site s ON s.id = o.site_id LEFT JOIN station t ON t.id = o.station_id"
        " WHERE o.first_case_date <= %(today)s"
        " AND NOT coalesce(o.end_date <= %(today)s, false) GROUP BY 1",
        today=company.today,
    )
    counts = {row["place"]: row["n"] for row in open_there}
    for place, row in shown.items():
        assert row["open_outbreaks"] == counts.get(place, 0)
        assert row["diagnosed_outbreaks"] <= row["open_outbreaks"]
        assert (row["open_outbreaks"] > 0) == (row["diseases"] is not None)
        if row["lice_counted_on"] is not None:
            assert row["is_above_lice_limit"] == (row["lice_adult_female"] >= row["lice_limit"])


def test_withheld_fish_are_expected_to_be_free_when_they_were(finished: Finished) -> None:
    compared = 0
    with connect(finished.url, "test") as connection:
        days = connection.execute("SELECT DISTINCT month FROM ops.month ORDER BY 1").fetchall()
    for (month,) in days:
        with standing(finished, f"{month:%Y-%m}") as company:
            for row in company.view("current_withholding"):
                (real,) = company.ask(
                    "SELECT end_date FROM withholding_period WHERE id = %(id)s",
                    id=row["withholding_id"],
                )
                assert row["expected_end"] > company.today
                if real["end_date"] is not None:
                    left = (real["end_date"] - company.today).days
                    assert abs((row["expected_end"] - real["end_date"]).days) <= 2 + left // 5
                    compared += 1
    assert compared > 0


def test_recent_harvests_are_the_lots_of_ninety_days(finished: Finished) -> None:
    with standing(finished, "2017-08") as company:
        (row,) = company.ask(
            "SELECT sum(count) AS fish, sum(gutted_kg) AS kg, sum(revenue) AS revenue"
            " FROM harvest_lot WHERE date > %(today)s - 90",
            today=company.today,
        )
        shown = company.view("recent_harvest")
        assert sum(one["fish"] for one in shown) == row["fish"] > 0
        assert sum(one["revenue"] for one in shown) == row["revenue"]
        assert float(sum(one["gutted_kg"] for one in shown)) == pytest.approx(row["kg"], abs=1)
