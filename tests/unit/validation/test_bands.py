"""The published bands: read with their grades, refused when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.errors import ScenarioInvalid
from farm.validation.bands import find, load_bands

CONFIG = Path(__file__).parents[3] / "config"
HEAD = "id,quantity,unit,low,typical,high,population,statistic,source\n"
GOOD = "EN31,Interannual sd,°C,0.4,0.6,0.9,coast,sd,[derived] a table\n"


def written(folder: Path, *rows: str) -> Path:
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference/bands.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder


def test_the_bands_of_the_project_are_valid() -> None:
    bands = load_bands(CONFIG)
    assert bands["EN08"].typical == 10.7
    assert bands["EN28"].source.startswith("[computed from open data] ")


def test_a_band_may_be_asked_as_a_whole_or_below_and_above_its_middle(tmp_path: Path) -> None:
    bands = load_bands(written(tmp_path, GOOD))
    assert find(bands, "EN31")[1:] == (0.4, 0.9)
    assert find(bands, "EN31.p5")[1:] == (0.4, 0.6)
    assert find(bands, "EN31.p95")[1:] == (0.6, 0.9)


def test_a_yardstick_has_twice_the_room_but_never_below_zero(tmp_path: Path) -> None:
    bands = load_bands(written(tmp_path, GOOD, GOOD.replace("EN31,", "EN32,").replace("0.6", "")))
    assert find(bands, "EN31.wide")[1:] == pytest.approx((0.2, 1.2))
    assert find(bands, "EN32.wide")[1:] == pytest.approx((0.15, 1.15))
    low = load_bands(written(tmp_path, GOOD.replace("0.4", "0.1")))
    assert find(low, "EN31.wide")[1:] == pytest.approx((0.0, 1.2))


def test_a_typical_figure_may_be_unknown_but_then_has_no_parts(tmp_path: Path) -> None:
    bands = load_bands(written(tmp_path, GOOD.replace("0.6", "")))
    assert find(bands, "EN31")[1:] == (0.4, 0.9)
    with pytest.raises(KeyError):
        find(bands, "EN31.p5")


@pytest.mark.parametrize("name", ["EN99", "EN31.p50"])
def test_what_does_not_exist_is_not_made_up(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyError):
        find(load_bands(written(tmp_path, GOOD)), name)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("0.4", "1.4", "EN31"),
        ("0.4", "much", "EN31.low"),
        ("0.4", "nan", "EN31.low"),
        ("[derived] a table", "a table", "EN31.source"),
        ("EN31", "band", "band.id"),
    ],
)
def test_a_wrong_row_is_refused_by_its_name(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(ScenarioInvalid) as refused:
        load_bands(written(tmp_path, GOOD.replace(old, new)))
    assert refused.value.key == key
    assert "\n" not in str(refused.value)


def test_a_band_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid, match="EN31: occurs twice"):
        load_bands(written(tmp_path, GOOD, GOOD))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid, match=r"reference/bands\.csv: no such file"):
        load_bands(tmp_path)
