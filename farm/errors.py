"""Every error this package raises on purpose.

FarmError
├── UserError            bad input: one clear line that says what to do, exit code 2
│   ├── ScenarioInvalid      a configuration file is wrong: which file, which key, what to do
│   ├── ProgrammeImpossible  the batch programme does not fit into the facilities
│   ├── SettingsInvalid      a FARM_* setting or a command-line value cannot be used
│   ├── SessionRefused       a session cannot start or go on: wrong order, other scenario or seed
│   └── ServiceUnavailable   PostgreSQL or Redis cannot be used as configured
├── Transient            may succeed if tried again; an outage does not use up a chunk's attempts
│   ├── DatabaseLost         the connection broke or the server is restarting
│   ├── ChunkBusy            another worker holds the chunk right now
│   └── OtherScenario        the session is not the one this worker knows: the database was reset
├── DiskFull             the database has no space left: the session pauses until `farm resume`
└── Terminal             will fail again: a person must look
    ├── ImbalanceError       the books of a simulated day do not balance
    ├── ContractBroken       a chunk does not keep what the plan promised
    ├── Fenced               the session was taken over; this worker's result is not wanted
    └── AttemptsExhausted    a chunk failed or killed its worker too often

Every constructor argument is handed to ``super().__init__``: Celery rebuilds an exception from its
``args`` when it crosses a process.
"""


class FarmError(Exception):
    """Root of every error of this package."""

    #: What a command exits with when this error ends it.
    exit_code = 1


class UserError(FarmError):
    """Bad input. The message is one line that says what to do."""

    exit_code = 2


class ScenarioInvalid(UserError):
    """A scenario, parameter or geography file cannot be used."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(file, key, problem)
        self.file, self.key, self.problem = file, key, problem

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.problem}"


class ProgrammeImpossible(UserError):
    """The batch programme does not fit into the facilities: names the bottleneck and the month."""


class SettingsInvalid(UserError):
    """A setting or a command-line value cannot be used."""


class SessionRefused(UserError):
    """A session cannot start or go on as asked."""


class ServiceUnavailable(UserError):
    """PostgreSQL or Redis cannot be reached or lacks what the farm needs."""


class Transient(FarmError):
    """May succeed if tried again."""


class DatabaseLost(Transient):
    """The database connection broke, or the server is starting or stopping."""


class ChunkBusy(Transient):
    """Another worker holds this chunk."""


class OtherScenario(Transient):
    """The session has another scenario than this worker was told before."""


class DiskFull(FarmError):
    """The database server has no space left."""


class Terminal(FarmError):
    """Will fail again with the same input: a person must look."""


class ImbalanceError(Terminal):
    """The books of a simulated day do not balance."""

    def __init__(self, day: str, container: str, what: str, missing: float) -> None:
        super().__init__(day, container, what, missing)
        self.day, self.container, self.what, self.missing = day, container, what, missing

    def __str__(self) -> str:
        return f"{self.day}, container {self.container}: {self.what} off by {self.missing}"


class ContractBroken(Terminal):
    """A chunk does not keep what the plan promised for it."""


class Fenced(Terminal):
    """The session's epoch moved on while this worker was busy; its result was thrown away."""


class AttemptsExhausted(Terminal):
    """A chunk used up its attempts."""

    def __init__(self, chunk: str, attempts: int) -> None:
        super().__init__(chunk, attempts)
        self.chunk, self.attempts = chunk, attempts

    def __str__(self) -> str:
        return (
            f"chunk {self.chunk}: gave up after {self.attempts} attempts that never reported back"
        )
