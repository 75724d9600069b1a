"""A visitor without a window, for the tests of the web chat over HTTP."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.channels.web_visitor import Browser
from tests.site import Site


@pytest_asyncio.fixture(loop_scope="session")
async def browser(site: Site) -> AsyncIterator[Browser]:
    """Open the chat as a new visitor."""
    async with Browser(site.url) as found:
        yield found
