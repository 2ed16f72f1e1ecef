"""How fast rows arrive and how long the rest will take. Pure arithmetic on samples."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

#: Seconds that samples must span to say anything.
LEAST_SPAN_S = 1.0

#: Seconds of samples that the rate is taken over. Shorter jumps with every month that closes (rows
#: arrive in bursts, then indexes are built); longer is slow to notice that a worker died.
WINDOW_S = 20.0


@dataclass(slots=True)
class Pace:
    """Rows per second over the last ``window_s`` seconds.

    Give it one sample per look: a monotonic time in seconds and the rows committed so far.
    """

    window_s: float = WINDOW_S
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    def sample(self, at_s: float, rows: int) -> None:
        """Add a sample; older ones beyond the window are dropped, but never the last two.

        Rows that went down (another session, a reset) start a new measurement.
        """
        if self._samples and rows < self._samples[-1][1]:
            self._samples.clear()
        self._samples.append((at_s, rows))
        while len(self._samples) > 2 and self._samples[1][0] <= at_s - self.window_s:
            self._samples.popleft()

    @property
    def rows_s(self) -> float | None:
        """Rows per second over the window; None until samples span a second."""
        if not self._samples:
            return None
        (first_at, first_rows), (last_at, last_rows) = self._samples[0], self._samples[-1]
        if last_at - first_at < LEAST_SPAN_S:
            return None
        return (last_rows - first_rows) / (last_at - first_at)

    def eta_s(self, remaining: int) -> float | None:
        """Return the seconds that ``remaining`` rows will take at this pace.

        None while nothing arrives; zero when nothing remains.
        """
        if remaining <= 0:
            return 0.0
        rate = self.rows_s
        return remaining / rate if rate else None
