"""One running service for all tests of the web chat: indexing the shipped knowledge takes seconds."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.app import App, running
from bot.settings import Settings
from knowledge import vectors
from tests.channels.web_visitor import Browser


class Site(NamedTuple):
    """The service and where it listens."""

    app: App
    url: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Run the whole service on a free port, as on a machine without the optional model."""
    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("site"), _env_file=None)  # type: ignore[call-arg]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "available", lambda: False)
        async with running(settings) as (app, port):
            yield Site(app, f"http://127.0.0.1:{port}")


@pytest_asyncio.fixture(loop_scope="session")
async def browser(site: Site) -> AsyncIterator[Browser]:
    """Open the chat as a new visitor."""
    async with Browser(site.url) as found:
        yield found
