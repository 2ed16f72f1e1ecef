"""What is written down: words that fit the facts, not too many, the same for everybody."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest

from farm.simulation.care import words
from farm.simulation.care.facts import Note, NoteKind
from farm.simulation.care.journal import EXPECTED, text_of
from farm.simulation.process import Today
from tests.unit.simulation.watch_bench import FACTS, WatchBench, note

#: Of the facts of `FACTS`, what every text of a kind must contain, one of each tuple.
SAID: dict[NoteKind, list[tuple[str, ...]]] = {
    NoteKind.VISIT: [
        ("1.23 million",),
        ("9.4 °C",),
        ("4.2 per mille",),
        ("FO-A01-P03",),
        ("65 %",),
        ("2.1",),
        ("0.31",),
        ("moebic gill disease",),
        ("winter ulcer",),
    ],
    NoteKind.SUSPICION: [("inter ulcer",), ("three pens",), ("2.3 per mille",)],
    NoteKind.DIAGNOSIS: [("inter ulcer",), ("6 of 10",), ("Moritella viscosa",)],
    NoteKind.RULED_OUT: [("inter ulcer",), ("all 10 fish negative",)],
    NoteKind.RESULT: [("pancreas disease",), ("SAV PCR",), ("3 of 20",)],
    NoteKind.MORTALITY: [("FO-A01-P03",), ("12 per mille",)],
    NoteKind.RECOVERY: [("inter ulcer",), ("61 days",), ("12,000",)],
    NoteKind.LICE: [("0.52",), ("1.8",), ("0.50",), ("above", "over")],
    NoteKind.DECISION: [("hermal delousing",), ("ten pens",), ("4 May",), ("against lice",)],
    NoteKind.TREATMENT: [("hermal delousing",), ("two pens",), ("254,000",), ("9.4 °C",)],
    NoteKind.EFFECT: [("thermal delousing",), ("0.52",), ("0.09",), ("ten pens",), ("1,200",)],
    NoteKind.WITHHOLDING: [("mamectin in feed",), ("our pens",), ("180 degree-days",)],
    NoteKind.VACCINATION: [
        ("FO-2015-01",),
        ("1.23 million",),
        ("the polyvalent oil vaccine",),
        ("62 g",),
        ("470 degree-days",),
        ("1.4",),
    ],
    NoteKind.EARLY_HARVEST: [("ardiomyopathy syndrome",), ("two pens",), ("0.31 %",), ("4.2 kg",)],
    NoteKind.EVENT: [("lgal bloom", "lgae in the water"), ("twelve days",), ("4.4 per mille",)],
}

CHANCES = np.random.default_rng(5).random((200, 12)).tolist()


@pytest.fixture
def bench() -> WatchBench:
    return WatchBench()


def texts(bench: WatchBench, given: Note) -> set[str]:
    """Whatever may be written about a note."""
    place = bench.frame.places[given.place]
    return {text_of(given, place, chances) for chances in CHANCES}


@pytest.mark.parametrize("kind", list(NoteKind))
def test_every_text_contains_the_facts(bench, kind):
    for text in texts(bench, note(kind)):
        for ways in SAID[kind]:
            assert any(way in text for way in ways), (ways, text)


@pytest.mark.parametrize("kind", list(NoteKind))
def test_there_are_several_ways_to_say_it_and_all_read_like_sentences(bench, kind):
    found = texts(bench, note(kind))

    assert len(found) >= 3
    for text in found:
        assert text[0].isupper() or text.startswith("FO-"), text
        assert text.endswith("."), text
        assert not re.search(r"  | \.|\.\.|,\.| ,|\{|\}|None|nan", text), text


@pytest.mark.parametrize("kind", list(NoteKind))
def test_a_note_that_lacks_a_fact_is_refused(bench, kind):
    for name in EXPECTED[kind]:
        facts = {key: value for key, value in FACTS[kind].items() if key != name}
        with pytest.raises(ValueError, match=f"{kind.value} lacks .*{name}"):
            text_of(Note(kind, 0, None, None, facts), bench.frame.places[0], CHANCES[0])


def test_an_effect_without_anything_before_is_no_effect(bench):
    facts = {k: v for k, v in FACTS[NoteKind.EFFECT].items() if k != "effect_percent"}
    found = texts(bench, Note(NoteKind.EFFECT, 0, None, None, {**facts, "before": 0.0}))

    assert not any("Good effect" in text or "worked well" in text for text in found)


def test_nothing_to_remark_is_only_said_where_nothing_is(bench):
    quiet: dict[str, str | int | float] = {
        "per_mille": 0.3,
        "worst_per_mille": 0.6,
        "appetite": 95.0,
        "gill_score": 0.1,
        "wounded": 0.1,
        "suspected": "",
        "confirmed": "",
    }
    remarks = ("No remarks", "No action needed", "All in order")

    def said(**changed: str | float) -> bool:
        facts = {**FACTS[NoteKind.VISIT], **quiet, **changed}
        found = texts(bench, Note(NoteKind.VISIT, 0, None, None, facts))
        return any(remark in text for text in found for remark in remarks)

    assert said()
    for name in quiet:
        assert not said(**{name: FACTS[NoteKind.VISIT][name]}), name


def test_mortality_is_called_what_it_is(bench):
    def spoken(rate: float) -> set[str]:
        given = note(NoteKind.VISIT, per_mille=rate, worst_per_mille=rate)
        found = " ".join(texts(bench, given)).lower()
        return {word for word in ("low", "normal losses", "raised", "high") if word in found}

    assert spoken(0.2) == {"low"}
    assert spoken(1.0) == {"normal losses"}
    assert spoken(5.0) == {"raised"}
    assert spoken(20.0) == {"high"}


def test_lice_are_above_the_limit_only_where_they_are(bench):
    below = texts(bench, note(NoteKind.LICE, adult_female=0.45))

    assert all("below the limit" in text for text in below)


def test_stations_have_tanks_and_sites_have_pens(bench):
    station = len(bench.frame.places) - 1

    for place, right, wrong in ((0, "pen", "tank"), (station, "tank", "pen")):
        for text in texts(bench, note(NoteKind.TREATMENT, place)):
            assert right in text
            assert wrong not in text


def write(bench: WatchBench, days: int, *notes: Note) -> None:
    for _ in range(days):
        bench.journal.write(Today.of(bench.date), bench.state, list(notes))
        bench.date += timedelta(days=1)


def test_what_is_written_depends_on_place_and_day_alone():
    one, two = WatchBench(), WatchBench()
    write(one, 50, note(NoteKind.VISIT))
    two.date = one.date - timedelta(days=20)
    write(two, 20, note(NoteKind.VISIT))

    assert [e.text for e in one.journal.records()[30:]] == [e.text for e in two.journal.records()]


def test_entries_belong_to_one_place_and_have_an_author(bench):
    write(bench, 1, *(note(kind) for kind in (NoteKind.VISIT, NoteKind.EARLY_HARVEST)))
    visits = bench.biology.laboratory.visits
    first, second = bench.journal.records()

    assert (first.kind, first.site_id, first.station_id) == ("visit", 101, None)
    assert first.author.removesuffix(", veterinarian") in visits.veterinarians["FO"]
    assert second.author.removesuffix(", site manager") in visits.managers["FO"]
    assert second.id == first.id + 1


def test_a_place_gets_about_as_many_entries_a_year_as_it_should(bench):
    write(bench, 365, *(note(kind) for kind in (NoteKind.EVENT, NoteKind.TREATMENT)))

    most = bench.biology.laboratory.visits.entries_per_year
    assert 0.6 * most < len(bench.journal.records()) < 1.2 * most


def test_what_matters_most_is_always_written(bench):
    write(bench, 100, note(NoteKind.DIAGNOSIS))

    assert len(bench.journal.records()) == 100


def test_nobody_listens_to_what_would_not_be_written(bench):
    # Given a place where people write every day
    unheard: list[Note] = []
    for _ in range(60):
        today = Today.of(bench.date)
        listens = bench.journal.listens(today, bench.state)
        unheard = [note(kind) for kind in NoteKind if not listens(kind, 0)]
        bench.journal.write(today, bench.state, [*unheard, note(NoteKind.VISIT)])
        bench.date += timedelta(days=1)

    assert len(unheard) > 5
    assert {entry.kind for entry in bench.journal.records()} == {"visit"}


def test_what_is_listened_to_is_written(bench):
    write(bench, 60)
    listens = bench.journal.listens(Today.of(bench.date), bench.state)
    assert all(listens(kind, 0) for kind in NoteKind)
    write(bench, 1, note(NoteKind.EVENT))

    assert len(bench.journal.records()) == 1


def test_a_cut_session_goes_on_as_one():
    whole, cut = WatchBench(), WatchBench()
    notes = [note(NoteKind.EVENT), note(NoteKind.LICE)]
    write(whole, 200, *notes)
    write(cut, 90, *notes)
    found = cut.journal.records()
    cut.cut()
    write(cut, 110, *notes)

    assert found + cut.journal.records() == whole.journal.records()


def test_numbers_are_written_as_people_write_them():
    assert words.fish(1_234_567) == "1.23 million fish"
    assert words.fish(123_456) == "123,000 fish"
    assert words.fish(7) == "seven fish"
    assert words.per_mille(0.01) == "less than 0.1 per mille"
    assert words.per_mille(12.4) == "12 per mille"
    assert words.percent(0.3) == "less than 1 %"
    assert words.percent(63.0) == "65 %"
    assert words.dead(12_345) == "12,000"
    assert words.dead(42) == "42"
    assert words.day(date(2018, 5, 4).isoformat()) == "4 May"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.lower("Winter ulcer") == "winter ulcer"
    assert words.lower("ISA virus") == "ISA virus"
    assert words.count(13, "pen") == "13 pens"


def test_what_was_written_reads_the_same_whenever_it_is_asked_for(bench):
    write(bench, 3, note(NoteKind.VISIT), note(NoteKind.DIAGNOSIS))
    early = bench.journal.records()
    write(bench, 3, note(NoteKind.VISIT))

    assert bench.journal.records()[: len(early)] == early
    assert len(bench.journal.records()) == len(early) + 3
