"""One request to the console: who it is from, what was posted, and the ways to answer it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import navigation
from bot.console.context import CONSOLE, DOORS, Console
from bot.console.form import Form
from db.staff import Staff
from services import audit
from services.scope import Right, may
from services.vault import BrokenSealError

COOKIE, NOTICE_COOKIE, PATH = "yizhan_console", "yizhan_console_notice", "/console"
_NOTICE_SECONDS = 60


@dataclass(slots=True)
class Visit:
    """A request, checked at the door."""

    request: web.Request
    console: Console
    token: str
    """The browser's secret; it signs a session in once there is a row with its hash."""
    csrf: str
    form: Form
    signed_in: Staff | None

    @property
    def staff(self) -> Staff:
        """Return who is signed in; pages that are not public always have somebody."""
        assert self.signed_in is not None
        return self.signed_in

    @property
    def now(self) -> datetime:
        """Return the present moment."""
        return self.console.now()

    @property
    def origin(self) -> str | None:
        """Return the network address of the browser, as our own proxy tells it where there is one."""
        remote = self.request.remote
        told = self.request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return told[:45] if told and remote in self.console.proxies else remote

    def may(self, right: Right) -> bool:
        """Tell whether who is signed in has a right."""
        return may(self.staff, right)

    def id(self, name: str = "id") -> int:
        """Return the row's id that stands in the address of the page."""
        return int(self.request.match_info[name])

    def render(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """Return a page; templates also see visit, staff, csrf, nav and notice."""
        shared = {
            "visit": self,
            "staff": self.signed_in,
            "csrf": self.csrf,
            "nav": navigation.menu(self.signed_in, self.request.path) if self.signed_in else None,
            "here": self.request.path,
            "notice": self._notice(),
            "form": self.form,
            "refusal": "",
        }
        response = aiohttp_jinja2.render_template(template, self.request, shared | context, status=status)
        access = self.request.app[DOORS].get(self.request.match_info.handler)
        if NOTICE_COOKIE in self.request.cookies and not (access and access.quiet):  # what scripts fetch shows none
            response.del_cookie(NOTICE_COOKIE, path=PATH)
        return response

    def redirect(self, path: str, notice: str = "") -> web.Response:
        """Send the browser on after an act; the notice is shown once, at the top of the next page."""
        response = web.Response(status=303, headers={"Location": path})
        if notice:
            sealed = self.console.vault.encrypt(json.dumps([self.csrf, notice]))
            response.set_cookie(
                NOTICE_COOKIE, sealed, max_age=_NOTICE_SECONDS, path=PATH,
                httponly=True, samesite="Lax", secure=self.console.secure,
            )  # fmt: skip
        return response

    async def record(self, db: AsyncSession, action: str, object_: str, /, **detail: Any) -> None:
        """Audit an act or a view of personal data, in its transaction, as the last thing."""
        staff_id = self.signed_in.id if self.signed_in else None
        await audit.record(db, self.now, staff_id, action, object_, detail, self.origin)

    def _notice(self) -> str:
        sealed = self.request.cookies.get(NOTICE_COOKIE, "")
        try:
            whose, notice = json.loads(self.console.vault.decrypt(sealed)) if sealed else ("", "")
        except BrokenSealError:
            return ""
        return str(notice) if whose == self.csrf else ""


VISIT = web.RequestKey("visit", Visit)


def console_of(request: web.Request) -> Console:
    """Return the console a request is for."""
    return request.app[CONSOLE]
