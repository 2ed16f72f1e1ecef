"""Each figure about feed and money notices what goes wrong, however little data there is."""

from __future__ import annotations

import pytest

from farm.validation.scope import Scope
from tests.integration.validation.feed_figures import WRONG_FEED
from tests.integration.validation.finished_farm import CHECKS, Answers, Finished, eager, failed
from tests.integration.validation.test_health_figures import WRONG

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def before(finished: Finished) -> Answers:
    """What the figures are before anything is changed: a small farm is no average one."""
    return finished.asked([eager(name) for name in WRONG_FEED])


@pytest.mark.parametrize("check", WRONG_FEED)
def test_a_figure_notices_what_goes_wrong(finished: Finished, before: Answers, check: str) -> None:
    after = finished.asked([eager(check)], *WRONG_FEED[check])
    assert any(after[name] != before.get(name) for name in failed(after))


def test_every_figure_of_feed_and_money_is_put_to_the_test() -> None:
    parts: tuple[str, ...] = (
        "feed_lot",
        "feed_price",
        "feed_type",
        "purchase_order",
        "stock_balance",
        "stock_day",
    )
    parts += ("feed_shortage", "salmon_price", "batch_month", "batch_account", "herd_day")
    measuring = {c.id for c in CHECKS.values() if c.measures and any(map(c.uses, parts))}
    assert measuring <= set(WRONG_FEED) | set(WRONG) | {"mature_years_convert_better"}


def test_mature_years_that_convert_feed_no_better_are_found_out(finished: Finished) -> None:
    # Given batches that do in the next year as others did, but for a tenth more feed
    copies = (
        """CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
            SELECT m.*, (SELECT max(x.id) FROM batch AS x WHERE x.geography_id = b.geography_id)
                   AS other
              FROM batch_month AS m JOIN batch AS b ON b.id = m.batch_id
             WHERE m.batch_id IN (SELECT batch_id FROM batch_account) AND m.month < '2016-09-01'""",
        """UPDATE copy SET batch_id = other, month = month + interval '1 year',
            feed_kg = 1.1 * feed_kg""",
        "DELETE FROM batch_month AS m USING copy AS c WHERE c.batch_id = m.batch_id",
        "ALTER TABLE copy DROP COLUMN other; INSERT INTO batch_month SELECT * FROM copy",
    )
    # When the company counts as mature from the time of the second on
    outline = finished.scenario.outline.model_copy(update={"sessions": (20, 1, 11)})
    scenario = finished.scenario.model_copy(update={"outline": outline})
    found = finished.asked(
        [eager("mature_years_convert_better")],
        *copies,
        scope=Scope(scenario, scenario.session_numbers),
    )
    assert failed(found) == {f"mature_years_convert_better.{code}" for code in ("FO", "SC")}
