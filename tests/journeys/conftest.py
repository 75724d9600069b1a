"""People of the tiny county, each talking on a real database of either kind."""

import pytest

from db.engine import Database
from tests.fakes.clock import SettableClock
from tests.journeys.world import Visitor


@pytest.fixture
def visitor(database: Database, clock: SettableClock) -> Visitor:
    """Give one person who has not said anything yet."""
    return Visitor(database, clock=clock)
