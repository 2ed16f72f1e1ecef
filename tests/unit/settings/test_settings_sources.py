"""Settings: where they come from, what is refused, what is never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from farm.errors import SettingsInvalid
from farm.settings import settings as settings_module
from farm.settings.settings import Settings, load_settings

SECRET = "s3cret-w0rd"


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and a machine without /run/secrets."""
    monkeypatch.setattr(settings_module, "DEFAULT_SECRETS_DIR", tmp_path / "no-secrets")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_setting_the_embedded_servers_of_the_working_directory_serve(
    working_directory: Path,
):
    settings = load_settings()

    assert settings.home == working_directory / ".farm"
    assert settings.database_url is None
    assert settings.redis_url is None
    assert (settings.config_dir / "scenarios").parent.name == "config"


def test_an_argument_wins_over_the_environment_over_dotenv_over_a_secret_file(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
):
    # Given four sources that each know one setting more than the one before
    secrets = working_directory / "secrets"
    secrets.mkdir()
    for name in ("farm_workers", "farm_months_in_flight", "farm_chunk_attempts", "farm_lease_s"):
        (secrets / name).write_text("1\n")
    dotenv = "FARM_WORKERS=2\nFARM_MONTHS_IN_FLIGHT=2\nFARM_CHUNK_ATTEMPTS=2\nOTHER=x\n"
    (working_directory / ".env").write_text(dotenv)
    monkeypatch.setenv("FARM_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("FARM_WORKERS", "3")
    monkeypatch.setenv("FARM_MONTHS_IN_FLIGHT", "3")

    # When they are read
    settings = load_settings(workers=4)

    # Then each wins where nothing before it speaks
    assert settings.workers == 4
    assert settings.months_in_flight == 3
    assert settings.chunk_attempts == 2
    assert settings.lease_s == 1.0


def test_an_override_of_none_and_an_empty_variable_mean_not_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FARM_DATABASE_URL", "")
    monkeypatch.setenv("FARM_WORKERS", "7")

    settings = load_settings(workers=None)

    assert settings.database_url is None
    assert settings.workers == 7


@pytest.mark.parametrize("source", ["environment", "dotenv", "secret file"])
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    source: str, working_directory: Path, monkeypatch: pytest.MonkeyPatch
):
    if source == "environment":
        monkeypatch.setenv("FARM_DATABSE_URL", "postgresql://x")
    elif source == "dotenv":
        (working_directory / ".env").write_text("FARM_DATABSE_URL=postgresql://x\n")
    else:
        monkeypatch.setenv("FARM_SECRETS_DIR", str(working_directory))
        (working_directory / "farm_databse_url").write_text("postgresql://x")

    with pytest.raises(SettingsInvalid, match="did you mean FARM_DATABASE_URL") as refused:
        load_settings()

    assert refused.value.exit_code == 2
    assert len(str(refused.value).splitlines()) == 1


def test_every_bad_value_gets_one_line_that_names_its_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FARM_WORKERS", "many")
    monkeypatch.setenv("FARM_RECONCILE_S", "0")
    monkeypatch.setenv("FARM_LOG_LEVEL", "loud")

    with pytest.raises(SettingsInvalid) as refused:
        load_settings()

    names = {line.partition(":")[0] for line in str(refused.value).splitlines()}
    assert names == {"FARM_WORKERS", "FARM_RECONCILE_S", "FARM_LOG_LEVEL"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FARM_DATABASE_URL", f"mysql://u:{SECRET}@h/db"),
        ("FARM_DATABASE_URL", f"postgresql://u:{SECRET}@h:port/db"),
        ("FARM_REDIS_URL", f"http://:{SECRET}@h"),
        ("FARM_REDIS_URL", f"redis://:{SECRET}@"),
        ("FARM_REDIS_URL", f"redis://:{SECRET}@h:99999/0"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_repeating_its_password(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid, match=name) as refused:
        load_settings()

    assert SECRET not in str(refused.value)


def test_a_missing_secrets_folder_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FARM_SECRETS_DIR", "/no/such/folder")

    with pytest.raises(SettingsInvalid, match="FARM_SECRETS_DIR: /no/such/folder"):
        load_settings()


def test_the_other_spellings_of_a_postgresql_url_become_the_one_libpq_reads():
    for spelling in ("postgres", "postgresql", "postgresql+psycopg"):
        settings = load_settings(database_url=f"{spelling}://u@h/db")
        assert settings.database_url == "postgresql://u@h/db"


def test_no_password_shows_in_the_repr_of_settings():
    settings = load_settings(
        database_url=f"postgresql://u:{SECRET}@h/db",
        redis_url=f"redis://:{SECRET}@h/0",
        flower_password=SECRET,
    )

    assert SECRET not in repr(settings) + str(settings)
    assert "postgresql://u:***@h/db" in repr(settings)


def test_settings_cannot_be_changed_once_read():
    settings = load_settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.workers = 9  # type: ignore[misc]


def test_a_child_process_reads_the_very_same_settings(monkeypatch: pytest.MonkeyPatch):
    # Given settings put together of arguments and variables
    monkeypatch.setenv("FARM_CHUNK_ATTEMPTS", "9")
    given = load_settings(workers=3, fault="commit:1/FO-2015-01/2015-02:1", flower_password=SECRET)
    given = given.with_servers(database_url="postgresql://u@h/db", redis_url="redis://h/0")

    # When a child gets their environment and nothing else
    environment = given.environment()
    for name in [name for name in os.environ if name.startswith("FARM_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    # Then it reads the same, but for Flower's password, which is no child's business
    assert load_settings() == given.model_copy(update={"flower_password": None})
    assert SECRET not in str(environment)


def test_an_override_that_is_no_setting_is_a_programming_error():
    with pytest.raises(TypeError, match="wrokers"):
        load_settings(wrokers=2)


def test_every_field_is_documented_by_its_own_variable():
    variables = {f"FARM_{name.upper()}" for name in Settings.model_fields}

    assert {"FARM_HOME", "FARM_DATABASE_URL", "FARM_REDIS_URL", "FARM_FAULT"} <= variables
