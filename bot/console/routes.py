"""A page says at its route who may enter; without a word, only who is signed in."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.console.context import Access, Handler
from bot.console.visit import VISIT, Visit
from services.scope import Right

Page = Callable[[Visit], Awaitable[web.StreamResponse]]


class Routes:
    """The pages of one module."""

    def __init__(self) -> None:
        self.table: list[tuple[str, str, Handler, Access]] = []

    def get(
        self, path: str, right: Right | None = None, *, public: bool = False, quiet: bool = False
    ) -> Callable[[Page], Page]:
        """Route a page that is read."""
        return self._add("GET", path, Access(right, public, quiet))

    def post(self, path: str, right: Right | None = None, *, public: bool = False) -> Callable[[Page], Page]:
        """Route an act; its CSRF token has been checked before it is called."""
        return self._add("POST", path, Access(right, public))

    def _add(self, method: str, path: str, access: Access) -> Callable[[Page], Page]:
        def register(page: Page) -> Page:
            async def handle(request: web.Request) -> web.StreamResponse:
                return await page(request[VISIT])

            self.table.append((method, path, handle, access))
            return page

        return register
