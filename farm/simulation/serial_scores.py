"""Normal scores of what is numbered as it happens, each at the address of its id alone."""

from __future__ import annotations

from farm.simulation.streams import Decision, Streams

#: Ids follow one another at a place: the scores of so many are drawn at a time.
_AT_A_TIME = 64


class SerialScores:
    """The scores of one decision; those of ids near by are drawn as well, to be asked for soon."""

    def __init__(self, streams: Streams, decision: Decision) -> None:
        self._streams, self._decision = streams, decision
        self._known: dict[int, float] = {}

    def of(self, ids: list[int]) -> list[float]:
        """Return the score of each of some ids."""
        known = self._known
        blocks = {each // _AT_A_TIME for each in ids if each not in known}
        if blocks:
            new = [_AT_A_TIME * block + each for block in blocks for each in range(_AT_A_TIME)]
            streams = self._streams.along(self._decision, [(each,) for each in new])
            known.update(zip(new, [each.standard_normal() for each in streams], strict=True))
        return [known[each] for each in ids]
