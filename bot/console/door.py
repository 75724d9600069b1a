"""Let in who may come in: the session, the CSRF token and the right are checked here, before any page is called."""

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.console import kept, navigation, texts
from bot.console.context import DOORS, Access, Console, Handler
from bot.console.form import Form, read_form
from bot.console.visit import COOKIE, PATH, VISIT, Visit, console_of
from db.staff import Staff
from services import sessions
from services.scope import may

SIGN_IN, SECOND_FACTOR = "/console/sign-in", "/console/account/second-factor"
_FREE_WITHOUT_FACTOR = (SECOND_FACTOR, "/console/sign-out")


@web.middleware
async def enter(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Make the visit, and turn away who may not make it."""
    access = request.app[DOORS].get(request.match_info.handler)
    if access is None:
        return await handler(request)  # a file of ours, or no such page
    console = console_of(request)
    token = request.cookies.get(COOKIE, "")
    staff = await _who(console, token, quiet=access.quiet) if token else None
    token = token or secrets.token_urlsafe(32)
    visit = Visit(request, console, token, csrf_of(token), Form(), staff)
    request[VISIT] = visit
    if request.method == "POST":
        await _read(visit)
    response = await _admit(visit, access, handler)
    if COOKIE not in request.cookies and COOKIE not in response.cookies and not response.prepared:
        give_cookie(response, token, secure=console.secure)
    return response


def csrf_of(token: str) -> str:
    """Return the CSRF token of a browser: made from its secret, it outlives the session, as a typed text must."""
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def give_cookie(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """Give a browser its secret; it goes when the browser is closed."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure, path=PATH)


async def _who(console: Console, token: str, *, quiet: bool) -> Staff | None:
    now = console.now()
    async with console.database.snapshot() as db:
        found = await sessions.find(db, now, token, console.idle)
    if found is None:
        return None
    staff, session = found
    if not quiet and sessions.stale(session, now):
        async with console.database.transaction() as db:
            await sessions.touch(db, now, token)
    return staff


async def _read(visit: Visit) -> None:
    try:
        visit.form = await read_form(
            visit.request, visit.csrf, visit.console.largest_file, trusted=visit.signed_in is not None
        )
    except (
        ValueError,
        LookupError,
        HttpProcessingError,
    ) as error:  # bytes that are no text, an unknown charset, a broken multipart
        raise web.HTTPBadRequest from error


def _from_here(request: web.Request) -> bool:
    """Tell whether a page of this site posted, by the Origin that browsers add to every post."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


async def _admit(visit: Visit, access: Access, handler: Handler) -> web.StreamResponse:
    staff, forged = visit.signed_in, visit.request.method == "POST" and not visit.form.genuine
    if forged and (access.public or not _from_here(visit.request)):
        return visit.render("sentence.html", status=403, sentence=texts.NOT_GENUINE)
    if access.public:
        return await handler(visit.request)
    if staff is None:
        return _to_sign_in(visit, access)
    if forged:
        return kept.resume(visit, kept.of(visit), texts.CHECK_AGAIN, status=403)
    return _unfit(visit, staff, access) or await handler(visit.request)


def _unfit(visit: Visit, staff: Staff, access: Access) -> web.Response | None:
    """Answer who is signed in but may not enter this page."""
    path = visit.request.path
    if staff.totp_required and staff.totp_secret is None and not path.startswith(_FREE_WITHOUT_FACTOR):
        return visit.redirect(SECOND_FACTOR)
    if access.right is None or may(staff, access.right):
        return None
    if path == f"{PATH}/":
        return visit.redirect(navigation.home(staff))
    return visit.render("sentence.html", status=403, sentence=texts.NO_RIGHT)


def _to_sign_in(visit: Visit, access: Access) -> web.Response:
    if access.quiet:
        return web.Response(status=401)
    if visit.request.method == "POST":
        return visit.render(
            "sign_in.html", status=401, refusal=texts.SIGN_IN_AGAIN, then="", kept=kept.seal(visit, kept.of(visit))
        )
    return visit.redirect(f"{SIGN_IN}?{urlencode({'then': visit.request.path_qs})}")
