"""The whole service as the tests of the web chat run it: real port, real SQLite file, no optional model."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import App, running
from bot.settings import Settings
from core.clock import Clock, utc_now
from knowledge import vectors


class Site(NamedTuple):
    """The service and where it listens."""

    app: App
    url: str


@asynccontextmanager
async def open_site(folder: Path, port: int = 0, now: Clock = utc_now) -> AsyncIterator[Site]:
    """Run the service, on a free port unless one is named, as on a machine without the optional model."""
    settings = Settings(port=port, data_dir=folder, _env_file=None)  # type: ignore[call-arg]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "available", lambda: False)
        async with running(settings, now) as (app, listening):
            yield Site(app, f"http://127.0.0.1:{listening}")


def free_port() -> int:
    """Return a port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
