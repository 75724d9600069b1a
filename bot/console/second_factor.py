"""Set up a second factor: a secret that only the phone and we know, proved by one code before it counts."""

import json
from io import BytesIO

import segno
from aiohttp import web

from bot.console import texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import sign_in, staff, totp
from services.vault import BrokenSealError

_PAGE = "/console/account/second-factor"
_ISSUER = "驿站工作台"

routes = Routes()


@routes.get("/account/second-factor")
async def show(visit: Visit) -> web.Response:
    """Show how to set it up, or how to end it."""
    return _page(visit)


@routes.get("/account/second-factor/qr.svg")
async def picture(visit: Visit) -> web.Response:
    """Draw the QR code; the secret in the address is sealed, and only its owner gets it drawn."""
    secret = _unsealed(visit, visit.request.query.get("sealed", ""))
    if secret is None:
        raise web.HTTPNotFound
    drawn = BytesIO()
    segno.make(totp.address(secret, visit.staff.login, _ISSUER), error="m").save(
        drawn, kind="svg", scale=6, border=4, light="#fff"
    )
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml")


@routes.post("/account/second-factor")
async def confirm(visit: Visit) -> web.Response:
    """Begin to use it, once the phone shows the right code."""
    sealed = visit.form.get("sealed")
    secret = _unsealed(visit, sealed)
    if secret is None or visit.staff.totp_secret is not None:
        return _page(visit, texts.FACTOR_AGAIN)
    async with visit.console.database.transaction() as db:
        whose = await staff.locked(db, visit.staff.id)
        right = whose.totp_secret is None and sign_in.accept_code(whose, secret, visit.form.get("code"), visit.now)
        if right:
            whose.totp_secret = visit.console.vault.encrypt(secret)
            await visit.record(db, "factor_set", f"staff:{whose.id}")
    if not right:
        return _page(visit, sign_in.WRONG_CODE, sealed)
    return visit.redirect("/console/account", texts.FACTOR_SET)


@routes.post("/account/second-factor/end")
async def end(visit: Visit) -> web.Response:
    """End it, with a code as the proof that the phone is still at hand."""
    if visit.staff.totp_required:
        return _page(visit, texts.FACTOR_REQUIRED)
    try:
        async with visit.console.database.transaction() as db:
            whose = await sign_in.begin_code(db, visit.now, visit.staff.id)
            secret = visit.console.vault.decrypt(whose.totp_secret) if whose.totp_secret else ""
            right = bool(secret) and sign_in.accept_code(whose, secret, visit.form.get("code"), visit.now)
            refused = "" if right else sign_in.failure(whose, sign_in.WRONG_CODE, visit.now)
            if right:
                sign_in.succeed(whose)
                whose.totp_secret, whose.totp_used_step = None, None
            await visit.record(db, "factor_ended" if right else "factor_wrong", f"staff:{whose.id}")
    except Refusal as refusal:
        refused = str(refusal)
    return _page(visit, refused) if refused else visit.redirect("/console/account", texts.FACTOR_ENDED)


def _page(visit: Visit, refused: str = "", sealed: str = "") -> web.Response:
    secret = _unsealed(visit, sealed) or totp.new_secret()
    return visit.render(
        "second_factor.html", status=422 if refused else 200, refusal=refused, secret=secret,
        sealed=visit.console.vault.encrypt(json.dumps([visit.staff.id, secret])),
    )  # fmt: skip


def _unsealed(visit: Visit, sealed: str) -> str | None:
    try:
        staff_id, secret = json.loads(visit.console.vault.decrypt(sealed))
    except BrokenSealError:
        return None
    return str(secret) if staff_id == visit.staff.id else None
