"""Numbers of advisory locks. Transaction locks only: session locks leak through poolers."""

from __future__ import annotations

from hashlib import sha256

from farm.domain.address import ChunkAddress


def lock_number(name: str) -> int:
    """Return the number of the lock of that name: 64 bits of its SHA-256, signed as bigint is."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


def chunk_lock(address: ChunkAddress) -> int:
    """Return the number of the lock that whoever commits a chunk holds."""
    return lock_number(f"chunk {address}")
