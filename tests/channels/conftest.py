"""A visitor without a window, for the tests of the web chat over HTTP."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.channels.console import Office
from tests.channels.web_visitor import Browser
from tests.fakes.clock import SettableClock
from tests.site import Site, open_site


@pytest_asyncio.fixture(loop_scope="session")
async def browser(site: Site) -> AsyncIterator[Browser]:
    """Open the chat as a new visitor."""
    async with Browser(site.url) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Run one service for each file of tests of the console, on a clock that they may move on, never back.

    Not one for all: which days the tests of a file see would hang on the files that the same worker ran before.
    """
    clock = SettableClock()
    async with open_site(tmp_path_factory.mktemp("office"), now=clock) as site:
        yield Office(site, clock)
