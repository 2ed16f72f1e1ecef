"""Reads the markers of committed chunks, and says what a marker would be."""

from __future__ import annotations

from farm.db import queries
from farm.db.connection import Database
from farm.db.encoding import digest_of, encode_history
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.orchestration.verify import Marker
from farm.rendering.checksum import checksum_of
from farm.rendering.chunk import RenderedChunk
from farm.simulation.history import History

SQL = queries.load("markers")


def markers(database: Database) -> list[Marker]:
    """Return the markers of all committed chunks, in order of session, month and subject."""
    with database.statement() as connection:
        found = connection.execute(SQL["markers"]).fetchall()
    return [Marker(ChunkAddress.parse(chunk), sha256) for chunk, sha256 in found]


def sha256_of(address: ChunkAddress, made: RenderedChunk | History) -> str:
    """Return the SHA-256 of what was made for a chunk, as its marker has it.

    Raises:
        ContractBroken: a history that cannot be encoded, or not what the address says.
    """
    if isinstance(made, History):
        return digest_of(made, encode_history(made))
    if address.month is None:
        raise ContractBroken(f"{address} is a simulation, not a month")
    return checksum_of(made)
