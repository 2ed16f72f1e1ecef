"""Scripts that every chunk calls in Redis, without the layers of a client that does anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any


class QuickScript:
    """A script on a connection that is kept for it: a third of the time of redis-py's own call.

    Called by one thread. What goes wrong is left to redis-py, which connects again and sends the
    script if the server has lost it: a script that is called must bear to be carried out twice.
    """

    def __init__(self, client: Any, source: str, errors: tuple[type[BaseException], ...]) -> None:
        self._pool = client.connection_pool
        self._thorough = client.register_script(source)
        self._errors = errors
        self._kept: Any = None
        self._owner = 0

    def __call__(self, keys: Sequence[str], args: Sequence[Any], client: Any = None) -> Any:
        """Return what the script returns; raises what redis-py raises."""
        try:
            connection = self._connection()
            try:
                connection.send_command("EVALSHA", self._thorough.sha, len(keys), *keys, *args)
                return connection.read_response()
            except BaseException:
                connection.disconnect()  # an answer may still be on its way
                raise
        except self._errors:
            return self._thorough(keys=keys, args=args, client=client)

    def _connection(self) -> Any:
        """Return the connection; a process forked from one that has it takes its own."""
        if self._owner != os.getpid():
            self._kept, self._owner = self._pool.get_connection(), os.getpid()
        return self._kept
