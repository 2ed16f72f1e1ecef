"""How to run the farm: servers, concurrency, limits, paths. Never what it generates.

A setting comes from, first wins: an argument of `load_settings`, the environment (`FARM_WORKERS`),
the file `.env` in the working directory, a secret file (`farm_database_url` in `FARM_SECRETS_DIR`,
or in `/run/secrets` where that exists). A name that is no setting is an error, not a surprise.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import farm
from farm.errors import SettingsInvalid
from farm.settings.secrets import mask

PREFIX = "FARM_"
DOTENV = Path(".env")
SECRETS_DIR = "FARM_SECRETS_DIR"
DEFAULT_SECRETS_DIR = Path("/run/secrets")

#: Whether by-month tables are to be TimescaleDB hypertables; see `Settings.timescale`.
Timescale = Literal["auto", "on", "off"]


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _database_url(url: str) -> str:
    """Check a PostgreSQL URL and write it the way libpq reads it."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    _check_port(url)
    return f"postgresql://{rest}"


def _redis_url(url: str) -> str:
    if url.partition("://")[0] not in {"redis", "rediss"} or not urlsplit(url).hostname:
        raise ValueError("must look like redis://:password@host:6379/0")
    _check_port(url)
    return url


def _check_port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise ValueError("has a port that is not a number from 0 to 65535") from None


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def available_cpus() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def project_config_dir() -> Path:
    """Return the `config/` folder that lies beside the package."""
    return Path(farm.__file__).resolve().parent.parent / "config"


class Settings(BaseSettings):
    """Every setting, read once and frozen. Its repr shows no password."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=DOTENV,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",  # load_settings names unknown ones in plain words
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Path(".farm")
    #: None: the embedded PostgreSQL in `home`.
    database_url: Annotated[str, AfterValidator(_database_url)] | None = Field(None, repr=False)
    #: None: the embedded Redis-protocol server in `home`.
    redis_url: Annotated[str, AfterValidator(_redis_url)] | None = Field(None, repr=False)
    #: Whether a new database keeps its by-month tables in TimescaleDB hypertables: `auto` where the
    #: server has it, else in native partitions; `on` or not at all; `off` never. A database that
    #: has its tables keeps them as they are: `on` and `off` are refused where they contradict it.
    timescale: Annotated[Timescale, BeforeValidator(_lower)] = "auto"
    workers: int = Field(default_factory=available_cpus, ge=1, le=256)
    #: Months published and not yet closed: more keeps workers busy, fewer keeps Redis small.
    months_in_flight: int = Field(3, ge=1, le=120)
    #: Resident memory of all workers of this farm together.
    memory_limit_mb: int = Field(8192, ge=256)
    #: How often a chunk may be claimed before it counts as failed for good.
    chunk_attempts: int = Field(5, ge=1, le=100)
    #: Seconds between two looks at the ledger.
    reconcile_s: float = Field(1.0, gt=0, le=3600)
    #: Seconds after which a claim no longer counts, however alive its connection looks.
    lease_s: float = Field(120.0, gt=0)
    #: Seconds without any progress after which published chunks count as lost.
    quiet_s: float = Field(5.0, gt=0)
    config_dir: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=project_config_dir
    )
    #: What reaches the terminal; the log files always get `info` and above.
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        "warning"
    )
    flower_user: str = Field("farm", pattern=r"^[^:\s]+$")
    #: None: one is made up and kept in `home`.
    flower_password: SecretStr | None = None
    #: None: 5555, or a free one when that is taken.
    flower_port: int | None = Field(None, ge=1, le=65535)
    #: Crash point for the fault tests, `point:chunk:count`.
    fault: str | None = None

    def __repr_args__(self) -> Any:
        """Yield what repr shows: everything, with passwords masked."""
        yield from super().__repr_args__()
        yield "database_url", mask(self.database_url)
        yield "redis_url", mask(self.redis_url)

    def with_servers(self, *, database_url: str, redis_url: str) -> Settings:
        """Return the same settings pointing at these servers."""
        return self.model_copy(update={"database_url": database_url, "redis_url": redis_url})

    def environment(self) -> dict[str, str]:
        """Return the whole environment for a child process that is to have these very settings.

        Passwords travel here and never in argv. Flower's stays behind: no child needs it.
        """
        given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        for name in type(self).model_fields.keys() - {"flower_password"}:
            if (value := getattr(self, name)) is not None:
                given[PREFIX + name.upper()] = str(value)
        return given


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; an override of None means "not given".

    Raises:
        SettingsInvalid: a name that is no setting, or values that cannot be used, one line each.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    if unknown := given.keys() - Settings.model_fields.keys():
        raise TypeError(f"not a setting: {', '.join(sorted(unknown))}")
    dotenv = _dotenv()
    secrets = _secrets_dir(dotenv)
    _refuse_unknown({**os.environ, **dotenv}, secrets)
    try:
        return Settings(_secrets_dir=secrets, **given)
    except ValidationError as error:
        lines = (_explain(problem) for problem in error.errors(include_url=False))
        raise SettingsInvalid("\n".join(lines)) from None
    except OSError as error:
        raise SettingsInvalid(f"settings cannot be read: {error}") from None


def _dotenv() -> dict[str, str]:
    if not DOTENV.is_file():
        return {}
    try:
        return {name.upper(): value or "" for name, value in dotenv_values(DOTENV).items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{DOTENV} cannot be read: {error}") from None


def _secrets_dir(dotenv: Mapping[str, str]) -> Path | None:
    named = os.environ.get(SECRETS_DIR) or dotenv.get(SECRETS_DIR)
    if not named:
        return DEFAULT_SECRETS_DIR if DEFAULT_SECRETS_DIR.is_dir() else None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise SettingsInvalid(f"{SECRETS_DIR}: {folder} is not a folder")
    return folder


def _refuse_unknown(variables: Mapping[str, str], secrets: Path | None) -> None:
    """Raise SettingsInvalid when a FARM_* variable or farm_* secret file is no setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {SECRETS_DIR}
    names = {name: name for name in variables if name.upper().startswith(PREFIX)}
    if secrets is not None:
        names |= {
            str(file): file.name
            for file in secrets.iterdir()
            if file.name.upper().startswith(PREFIX)
        }
    lines = []
    for shown, name in sorted(names.items()):
        if name.upper() in known:
            continue
        near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
        lines.append(f"{shown}: no such setting; {hint}")
    if lines:
        raise SettingsInvalid("\n".join(lines))


def _explain(problem: Mapping[str, Any]) -> str:
    name = str(problem["loc"][0]).removeprefix(PREFIX.lower())
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {message[:1].lower()}{message[1:]}"
