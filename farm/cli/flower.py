"""`farm flower`: this process becomes Flower, behind a password and on loopback."""

from __future__ import annotations

import os
import secrets
import sys

import click

from farm.errors import SettingsInvalid
from farm.services import machine
from farm.services.embedded import Services
from farm.services.home import Home
from farm.services.workers import APP, record_this_flower
from farm.settings.settings import Settings, load_settings

#: Flower's own default.
USUAL_PORT = 5555
#: What the tasks page shows: kwargs are the address of a chunk or month, results its rows.
COLUMNS = "name,kwargs,state,result,received,runtime,worker"
SECRET = "flower"  # noqa: S105 - the name of the file, not a password


@click.command("flower")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 5555, or a free one.")
@click.option("--address", default="127.0.0.1", show_default=True, help="Where it listens.")
def flower(port: int | None, address: str) -> None:
    """Run Flower, the live view of workers and tasks, in the foreground.

    User and password are FARM_FLOWER_USER and FARM_FLOWER_PASSWORD; without the latter one is made
    up and kept in FARM_HOME. Its /metrics and /healthcheck answer without: keep the port private.
    """
    settings = load_settings(flower_port=port)
    found = Services(settings).endpoints()
    home = Home(settings.home)
    password, kept_in = _password(settings, home)
    chosen = settings.flower_port or _any_port(home)
    click.echo(f"Flower: http://{address}:{chosen} (user {settings.flower_user}, {kept_in})")
    sys.stdout.flush()
    environment = settings.with_servers(
        database_url=found.database_url, redis_url=found.redis_url
    ).environment()
    # Flower reads its options from FLOWER_*: a password in argv would be anybody's to see.
    environment["FLOWER_BASIC_AUTH"] = f"{settings.flower_user}:{password}"
    options = [
        *(f"--address={address}", f"--port={chosen}"),
        *(f"--tasks_columns={COLUMNS}", "--purge_offline_workers=300"),
    ]
    command = [sys.executable, "-m", "celery", "-A", APP, "--quiet", "flower", *options]
    record_this_flower(settings)
    os.execve(command[0], command, environment)  # noqa: S606 - our own interpreter


def _password(settings: Settings, home: Home) -> tuple[str, str]:
    """Return the password and, in words, where a person finds it."""
    if settings.flower_password is not None:
        password = settings.flower_password.get_secret_value()
        if "," in password:
            raise SettingsInvalid("FARM_FLOWER_PASSWORD: Flower cannot take one with a comma")
        return password, "password from FARM_FLOWER_PASSWORD"
    password = home.secret(SECRET) or home.new_secret(SECRET, secrets.token_urlsafe(16))
    return password, f"password in {home.secret_file(SECRET)}"


def _any_port(home: Home) -> int:
    if machine.port_is_free(USUAL_PORT):
        return USUAL_PORT
    port = machine.choose_port(home.port(SECRET))
    home.remember_port(SECRET, port)
    return port
