"""A person of staff with a browser, for the tests of the console: signs in, reads pages, posts forms."""

import re
from html import unescape
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import uuid4

import aiohttp
from sqlalchemy import select

from db.staff import Audit, Staff
from services.passwords import hash_password
from tests.fakes.clock import SettableClock
from tests.site import Site

PASSWORD = "correct horse 9"
_HASH = hash_password(PASSWORD)
_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


class Office(NamedTuple):
    """A service whose clock the tests move on."""

    site: Site
    clock: SettableClock


def hidden(html: str, name: str) -> str:
    """Return the value of a field of a page."""
    return next(unescape(value) for found, value in _FIELD.findall(html) if found == name)


async def add_staff(site: Site, role: str = "admin", **columns: Any) -> Staff:
    """Put a person of staff into the database, who can sign in with PASSWORD."""
    values = {"login": f"u{uuid4().hex[:10]}", "name": "张三", "password_hash": _HASH} | columns
    async with site.app.database.transaction() as db:
        staff = Staff(role=role, created_at=site.app.now(), **values)
        db.add(staff)
    return staff


class Clerk:
    """One browser of one person of staff; signed in on entering unless told otherwise."""

    def __init__(self, site: Site, role: str = "admin", *, sign_in: bool = True, **columns: Any) -> None:
        self.site, self._role, self._columns, self._sign_in = site, role, columns, sign_in
        self.session = aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.csrf = ""
        self.staff: Staff

    async def __aenter__(self) -> Self:
        self.staff = self._columns.pop("staff", None) or await add_staff(self.site, self._role, **self._columns)
        if self._sign_in:
            status, html = await self.sign_in()
            assert status == 200, html
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str) -> tuple[int, str]:
        """Return status and page; remembers the CSRF token of the page."""
        async with self.session.get(path) as response:
            return response.status, self._seen(await response.text())

    async def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> tuple[int, str]:
        """Post a form with the token of the last page; return status and page after redirects."""
        data = {"csrf": self.csrf} | (fields or {})
        async with self.session.post(path, data=data, **options) as response:
            return response.status, self._seen(await response.text())

    async def sign_in(self, password: str = PASSWORD, login: str | None = None) -> tuple[int, str]:
        """Go through the sign-in page."""
        await self.get("/console/sign-in")
        return await self.post("/console/sign-in", {"login": login or self.staff.login, "password": password})

    async def refreshed(self) -> Staff:
        """Return the row of this person as it stands."""
        async with self.site.app.database.snapshot() as db:
            return (await db.scalars(select(Staff).where(Staff.id == self.staff.id))).one()

    async def audited(self) -> list[str]:
        """Return the actions recorded of this person, oldest first."""
        async with self.site.app.database.snapshot() as db:
            rows = await db.scalars(select(Audit.action).where(Audit.staff_id == self.staff.id).order_by(Audit.id))
            return list(rows)

    def _seen(self, html: str) -> str:
        if 'name="csrf"' in html:
            self.csrf = hidden(html, "csrf")
        return html
