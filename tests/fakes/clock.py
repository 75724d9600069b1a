"""A clock that stands still until a test moves it, so that nothing has to be waited for."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""Ten in the morning in China, on the day that the `snapshot` fixture is of."""


class SettableClock:
    """Give it wherever a `core.clock.Clock` is wanted."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> datetime:
        """Move on, and return the new moment."""
        self.moment += timedelta(seconds=seconds)
        return self.moment
