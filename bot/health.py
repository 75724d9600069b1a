"""Tell supervisors and Prometheus how the process is."""

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import Metrics
from bot.nursery import Nursery
from db.engine import Database


class Health:
    """/healthz: the process answers; /readyz: it can also do its work; /metrics."""

    def __init__(
        self, database: Database, problems: Callable[[], list[str]], nursery: Nursery, metrics: Metrics
    ) -> None:  # fmt: skip
        self._database, self._problems, self._nursery, self._metrics = database, problems, nursery, metrics

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, _request: web.Request) -> web.Response:
        """Answer, which is the proof."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """Check the database; report knowledge files that could not be loaded."""
        try:
            async with self._database.snapshot() as db:
                await db.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            return web.json_response({"ready": False, "database": type(error).__name__}, status=503)
        return web.json_response(
            {"ready": True, "knowledge_problems": self._problems(), "task_failures": self._nursery.failures}
        )

    async def metrics(self, _request: web.Request) -> web.Response:
        """Give the figures in Prometheus' text form."""
        return web.Response(body=generate_latest(self._metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
