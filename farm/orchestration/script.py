"""What every chunk says to Redis, without the layers of a client that does anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any


class KeptConnection:
    """A connection of a client's pool that is kept: half of the time of redis-py's own call.

    Used by one thread; a process forked from one that has it takes its own.
    """

    def __init__(self, client: Any) -> None:
        self._pool = client.connection_pool
        self._kept: Any = None
        self._owner = 0

    def ask(self, *commands: Sequence[Any]) -> list[Any]:
        """Return the answer to each command, all sent as one; raises what redis-py raises.

        After an error any of them may have been carried out, or none.
        """
        if self._owner != os.getpid():
            self._kept, self._owner = self._pool.get_connection(), os.getpid()
        connection = self._kept
        try:
            connection.send_packed_command(connection.pack_commands(commands))
            return [connection.read_response() for _ in commands]
        except BaseException:
            connection.disconnect()  # an answer may still be on its way
            raise


class QuickScript:
    """A script on a connection that is kept for it.

    Called by one thread. What goes wrong is left to redis-py, which connects again and sends the
    script if the server has lost it: a script that is called must bear to be carried out twice.
    """

    def __init__(self, client: Any, source: str, errors: tuple[type[BaseException], ...]) -> None:
        self._connection = KeptConnection(client)
        self._thorough = client.register_script(source)
        self._errors = errors

    def __call__(self, keys: Sequence[str], args: Sequence[Any], client: Any = None) -> Any:
        """Return what the script returns; raises what redis-py raises."""
        call = ("EVALSHA", self._thorough.sha, len(keys), *keys, *args)
        try:
            return self._connection.ask(call)[0]
        except self._errors:
            return self._thorough(keys=keys, args=args, client=client)
