"""Lice: what the process promises, and that it agrees with a plain telling."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from farm.domain import lice as formulas
from farm.domain.calendar import Month
from farm.domain.lice import LiceParameters
from farm.domain.quantity import PLAIN
from farm.simulation.dice import normal
from farm.simulation.lice_on_fish import FEMALE
from farm.simulation.process import Arrival, Rates, Signs, Therapy
from farm.simulation.processes.lice import Lice
from farm.simulation.state import dump, restore
from farm.simulation.streams import Decision
from tests.reference.plain_lice import Pen, PlainLice
from tests.reference.plain_lice import Site as PlainSite
from tests.reference.small_farm import biology
from tests.unit.simulation.lice_bench import LiceBench


def treated(bench: LiceBench, code: str, pens: list[int], first_id: int = 1) -> Therapy:
    kind = np.full(len(pens), bench.kind(code), dtype=np.int64)
    ids = np.arange(first_id, first_id + len(pens), dtype=np.int64)
    size, diseases = bench.frame.size, len(bench.biology.diseases)
    return Therapy(np.asarray(pens), kind, ids, Rates(size, diseases), Signs(size, diseases))


def test_the_vectorised_lice_agree_with_the_plain_ones_day_by_day():
    # Given two sites whose water differs, one pen without fish, and treatments now and then
    bench = LiceBench(first=date(2018, 5, 1))
    bench.state.population[bench.pens] = [210_000, 0, 90_000, 150_000, 130_000, 170_000]
    frame, own = bench.frame, bench.own
    site_of = frame.site_of_pen.tolist()
    plain = PlainLice(
        bench.biology.lice,
        "FO",
        [PlainSite(float(own["place"][s]), float(own["site"][s])) for s in range(2)],
        [Pen(s, deviation=float(own["pen"][p])) for p, s in zip(bench.pens, site_of, strict=True)],
        frame.site_distance_km.tolist(),
    )
    for index, pen in zip(bench.pens, plain.pens, strict=True):
        own["lice"][FEMALE, index] = pen.females = 0.4
    given = {
        30: "cleaner_fish", 40: "thermal", 60: "emamectin", 70: "freshwater_bath", 80: "emamectin",
        120: "deltamethrin",
    }  # fmt: skip
    for day in range(160):
        today = bench.date
        month = Month(today.year, today.month)
        sites = bench.dice.by_site(Decision.LICE_SITE, month, normal)[today.day - 1]
        pens = bench.dice.by_container(Decision.LICE_PEN, month, normal)[today.day - 1]
        warmth = np.asarray([8.0 + day / 30.0, 6.0 + day / 20.0])
        salinity = np.asarray([35.0, 27.0])
        if day == 100:
            bench.state.population[bench.pens[2]] = 0  # harvested
        fish = bench.state.population[bench.pens].tolist()
        # When both live through a day
        morning = bench.morning(warmth, salinity)
        bench.lice.contribute(morning, own)
        plain.live(
            today.timetuple().tm_yday,
            fish,
            warmth.tolist(),
            salinity.tolist(),
            sites.tolist(),
            pens[bench.pens].tolist(),
        )
        if day in given:
            therapy = treated(bench, given[day], [int(bench.pens[3])], first_id=day)
            bench.lice.treat(therapy, own)
            effect = bench.biology.treatments[bench.kind(given[day])].lice
            assert effect is not None
            plain.treat(plain.pens[3], given[day], effect, score_of(bench, given[day], day, today))
        bench.pass_day()
        # Then their lice are the same
        attached, mobile, female = np.asarray([pen.totals() for pen in plain.pens]).T
        rows = own["lice"][:, bench.pens]
        np.testing.assert_allclose(rows[:4].sum(axis=0), attached, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(rows[4:9].sum(axis=0), mobile, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(rows[9], female, rtol=1e-9, atol=1e-15)
    assert plain.pens[3].females > 0.01


def score_of(bench: LiceBench, code: str, treatment: int, today: date) -> float:
    """The standard score of a treatment at the second site: of its campaign and its own."""
    share = bench.biology.lice.campaign_share
    site = bench.frame.sites[1].id
    common = bench.dice.score(Decision.LICE_CAMPAIGN, site, bench.kind(code), today.toordinal())
    alone = bench.dice.score(Decision.LICE_KILLED, treatment)
    return float(np.sqrt(share) * common + np.sqrt(1.0 - share) * alone)


def test_lice_take_as_long_to_grow_up_as_they_were_seen_to():
    # Hamre et al. 2019: 72 days at 6 °C, 13 at 21; Gislason 2018: 49 at 8.5 °C, 42 at 10
    parameters = biology().lice
    days = parameters.attached_days + parameters.mobile_days
    for warmth, seen in ((6.0, 72), (8.5, 49), (10.0, 42), (21.0, 13)):
        took = days / float(formulas.speed(parameters, np.asarray(warmth)))
        assert took == pytest.approx(seen, rel=0.35 if warmth > 20 else 0.12)


def test_counted_lice_grow_up_after_as_many_weeks_as_in_faroese_counts():
    # Fiskaaling 2016: 40 to 60 days from attached to adult, where waters average 8.6 °C
    parameters = biology().lice
    pace = float(formulas.speed(parameters, np.asarray(8.6)))
    mean_age = parameters.attached_days * (1 + 1 / formulas.STEPS) / 2
    assert 40 < (parameters.attached_days + parameters.mobile_days - mean_age) / pace < 60


def test_fish_come_to_sea_without_lice_and_catch_them_there():
    bench = LiceBench()
    assert bench.live().signs.lice_adult_female.sum() == 0.0
    later = bench.live(120).signs
    assert (later.lice_adult_female[bench.pens] > 0).all()
    assert not later.lice_attached[bench.frame.tanks].any()


def test_lice_multiply_faster_in_warm_water():
    found = []
    for warmth in (6.0, 9.0, 13.0):
        bench = LiceBench()
        found.append(bench.live(150, warmth=warmth).signs.lice_adult_female[bench.pens].mean())
    assert found[1] > 2 * found[0]
    assert found[2] > 2 * found[1]


def test_larvae_do_not_settle_in_brackish_water():
    bench = LiceBench()
    fresh = bench.biology.lice.salinity[0]
    signs = bench.live(100, salinity=np.asarray([fresh, 34.0])).signs
    at_first, at_second = signs.lice_attached[bench.pens].reshape(2, -1)
    assert not at_first.any()
    assert at_second.all()


def test_a_neighbour_with_many_lice_is_felt_and_the_more_the_more_fish_it_holds():
    found = []
    for fish in (0, 50_000, 500_000):
        bench = LiceBench()
        second = bench.pens[3:]
        bench.state.population[second] = fish
        bench.own["lice"][FEMALE, second] = 2.0 if fish else 0.0
        found.append(bench.live(25).signs.lice_attached[bench.pens[:3]].sum())
    assert found[0] < found[1] < found[2]


def test_pens_of_a_site_differ_but_less_than_sites_with_time():
    bench = LiceBench(pens=12)
    signs = bench.live(200).signs
    logs = np.log(signs.lice_mobile[bench.pens]).reshape(2, -1)
    assert (logs.std(axis=1) > 0.1).all()


def test_a_bath_kills_at_once_and_medicated_feed_over_weeks():
    bench = LiceBench()
    own = bench.own
    own["lice"][:, bench.pens] = 1.0
    pens = bench.pens.tolist()
    bath = treated(bench, "thermal", pens[:1])
    feed = treated(bench, "emamectin", pens[1:2], first_id=9)
    bench.live()
    before = own["lice"][FEMALE].copy()
    bench.lice.treat(bath, own)
    bench.lice.treat(feed, own)
    left = dict(zip(pens, own["lice"][FEMALE, pens] / before[pens], strict=True))
    assert left[pens[0]] < 0.8
    assert 0.8 < left[pens[1]] < 1.0
    assert left[pens[2]] == 1.0
    # The board shows what is left
    assert bath.signs.lice_adult_female[pens[0]] == own["lice"][FEMALE, pens[0]]
    days = int(own["dying_days"][:, pens[1]].max())
    spec = bench.biology.treatments[bench.kind("emamectin")].lice
    assert spec is not None
    assert days == spec.over_days - 1
    bench.live(days)
    assert own["lice"][FEMALE, pens[1]] < 0.9 * own["lice"][FEMALE, pens[2]]
    assert own["dying_days"].max() == 0


@pytest.mark.parametrize("first", ["cleaner_fish", "emamectin"])
def test_a_bath_kills_as_many_lice_where_an_earlier_treatment_still_works(first):
    # Given two pens with as many lice, and one of them under a treatment that takes weeks
    alone, both = LiceBench(), LiceBench()
    pen = int(alone.pens[0])
    for bench in (alone, both):
        bench.own["lice"][:, bench.pens] = 1.0
        bench.live()
    both.lice.treat(treated(both, first, [pen]), both.own)
    # When both get the same bath
    kept = []
    for bench in (alone, both):
        before = bench.own["lice"][:, pen].copy()
        bench.lice.treat(treated(bench, "thermal", [pen], first_id=9), bench.own)
        kept.append(bench.own["lice"][:, pen] / before)
    # Then it kills the same share of them at once, and the other one goes on at its own pace
    np.testing.assert_allclose(kept[0], kept[1], rtol=1e-12)
    working = both.own["dying_days"][both.kind(first), pen]
    effect = both.biology.treatments[both.kind(first)].lice
    assert effect is not None
    assert working == effect.over_days - 1


def test_treatments_of_a_campaign_are_alike_and_campaigns_differ():
    shares = []
    for start in range(24):
        bench = LiceBench(first=date(2018, 1, 1) + timedelta(days=31 * start), pens=8)
        bench.own["lice"][:, bench.pens] = 1.0
        bench.live()
        before = bench.own["lice"][FEMALE].copy()
        pens = bench.pens[:8].tolist()
        bench.lice.treat(treated(bench, "thermal", pens, first_id=100 * start + 1), bench.own)
        left = bench.own["lice"][FEMALE, pens] / before[pens]
        shares.append(np.log(left / (1.0 - left)))
    logits = np.asarray(shares)
    within, between = logits.std(axis=1).mean(), logits.mean(axis=1).std()
    assert between > within > 0


@pytest.mark.parametrize(("median", "sd"), [(0.8, 1.5), (0.3, 0.5)])
def test_the_median_treatment_kills_the_share_that_is_configured(median, sd):
    scores = np.random.default_rng(3).standard_normal(4001)
    killed = formulas.share_killed(formulas.median_logit(median, 0.0), sd, scores)
    assert np.median(killed) == pytest.approx(median, abs=0.05)
    assert ((killed > 0) & (killed < 1)).all()
    assert not formulas.share_killed(formulas.median_logit(0.0, 1.0), sd, scores).any()


def test_newcomers_bring_the_lice_that_they_had():
    # Given fish that come from one pen into another, which holds as many of its own
    bench = LiceBench()
    a, b = bench.pens[:2].tolist()
    bench.own["lice"][FEMALE, a] = 0.0
    bench.own["lice"][FEMALE, b] = 2.0
    tank = int(bench.frame.tanks[0])
    size, diseases = bench.frame.size, len(bench.biology.diseases)
    one = np.ones(1, dtype=np.int64)
    signs = Signs(size, diseases)

    def came(source: int, target: int, before: int) -> None:
        bench.lice.welcome(
            Arrival(
                np.asarray([target]), one, one, one, one, before * one, np.asarray([source]),
                0 * one, 1000 * one, Rates(size, diseases), signs,
            ),
            bench.own,
        )  # fmt: skip

    came(a, b, 1000)
    assert bench.own["lice"][FEMALE, b] == 1.0
    assert signs.lice_adult_female[b] == 1.0
    came(tank, b, 0)
    assert signs.lice_adult_female[b] == 0.0


def test_only_many_lice_cost_appetite_and_never_all_of_it():
    parameters = biology().lice
    few, many, swarm = formulas.appetite(parameters, np.asarray([0.5, 6.0, 500.0]))
    assert few == 1.0
    assert 0.8 < many < 1.0
    assert swarm == pytest.approx(1.0 - parameters.appetite_lost_at_most)


def test_lice_go_on_from_a_snapshot_as_if_nothing_had_been():
    whole, cut = LiceBench(), LiceBench()
    for bench in (whole, cut):
        bench.live(45)
        bench.lice.treat(treated(bench, "emamectin", bench.pens[:2].tolist()), bench.own)
    data = json.loads(json.dumps(dump(cut.state)))
    cut.lice = Lice(cut.biology, cut.frame, cut.dice)
    cut.lice.turn_month(Month(cut.date.year, cut.date.month))
    cut.state = restore(data, cut.state)
    for bench in (whole, cut):
        bench.live(60)
    for name, array in whole.own.items():
        np.testing.assert_array_equal(array, cut.own[name], err_msg=name)


def test_a_salinity_that_falls_is_refused():
    data = biology().lice.model_dump(mode="json") | {"salinity": [31.0, 20.0]}
    with pytest.raises(ValueError, match="salinity"):
        LiceParameters.model_validate(data, context=PLAIN)
