"""What every test may ask for: real databases, a real Redis, the shipped knowledge, and a clock that is set by hand."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
import pytest_asyncio

from bot import logs
from db.engine import Database
from knowledge.content import read_content
from knowledge.index import Snapshot
from tests.databases import SqliteFile, opened
from tests.fakes.clock import SettableClock
from tests.servers import Postgres, postgres_server, redis_server
from tests.site import Site, open_site

DIALECTS = ("sqlite", "postgresql")
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session", autouse=True)
def _surroundings() -> None:
    """Shield tests from the shell's own settings, and log in one line as the service does."""
    for name in [name for name in os.environ if name.startswith("YIZHAN_")]:
        del os.environ[name]
    logs.configure("info")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run one PostgreSQL server; where it cannot start, the test fails."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFile:
    template = SqliteFile(tmp_path_factory.mktemp("sqlite") / "template.sqlite3")
    asyncio.run(template.prepare())
    return template


@pytest.fixture(params=DIALECTS)
def _template(request: pytest.FixtureRequest) -> SqliteFile | Postgres:
    """Make ready, outside of any event loop, what databases are copied from."""
    found: SqliteFile | Postgres = request.getfixturevalue("postgres" if request.param == "postgresql" else "_sqlite")
    return found


@pytest.fixture
async def database_url(_template: SqliteFile | Postgres) -> AsyncIterator[str]:
    """Give the URL of a migrated database of the test's own, on SQLite and then on PostgreSQL."""
    async with _template.database() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open the database of `database_url`."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Run one redis-server."""
    with redis_server() as server:
        yield server.url


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """Index the shipped knowledge as of one day, without the optional model."""
    return Snapshot(read_content(None), TODAY, meaning=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Run one service for all tests of the web chat: indexing the shipped knowledge takes seconds."""
    async with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def clock() -> SettableClock:
    """Give a clock that only the test moves."""
    return SettableClock()
