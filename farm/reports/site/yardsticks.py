"""What the report measures by where no table holds a limit: config/reference/yardsticks.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from farm.domain.quantity import Strict, unit
from farm.errors import ScenarioInvalid

_FILE = "reference/yardsticks.toml"

Percent = Annotated[float, unit("%"), Field(gt=0, le=100)]
Days = Annotated[int, unit("day"), Field(ge=1)]


class MortalityNotice(Strict):
    """From which loss at a sea site an inspectorate is told.

    ``small_below_g`` splits the fish; a loss is of the fish at the beginning of the week, and of
    five weeks together.
    """

    small_below_g: Annotated[float, unit("g"), Field(gt=0)]
    week_small: Percent
    week_large: Percent
    five_weeks_small: Percent
    five_weeks_large: Percent


class Answers(Strict):
    """What counts as an answer to a high lice count, and as a treatment that worked."""

    answered_within: Days
    lice_fall: Percent
    deaths_fall: Percent


class Yardsticks(Strict):
    """All of them."""

    mortality_notice: MortalityNotice
    answers: Answers

    @property
    def facts(self) -> Mapping[str, Any]:
        """Values for the queries' places."""
        return {**self.mortality_notice.model_dump(), **self.answers.model_dump()}


def load_yardsticks(config_dir: Path) -> Yardsticks:
    """Return the yardsticks.

    Raises:
        ScenarioInvalid: the file is missing or wrong; names the key.
    """
    label = f"{config_dir.name}/{_FILE}"
    try:
        data = tomllib.loads((config_dir / _FILE).read_text(encoding="utf-8"))
        return Yardsticks.model_validate(data)
    except FileNotFoundError:
        raise ScenarioInvalid(label, "", "no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioInvalid(label, "", f"is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise ScenarioInvalid(label, key, first["msg"].removeprefix("Value error, ")) from None
