"""Know a browser again by a signed cookie that scripts cannot read; it names no person."""

import hmac
import secrets
from hashlib import sha256

from aiohttp import web

COOKIE = "yizhan"
_YEAR_SECONDS = 365 * 24 * 3600


def _sign(visitor: str, key: bytes) -> str:
    return hmac.new(key, visitor.encode(), sha256).hexdigest()


def visitor_of(request: web.Request, key: bytes) -> str | None:
    """Return the visitor a request's cookie names, None when it has none or a forged one."""
    visitor, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if not visitor.isascii() or not signature.isascii():
        return None
    return visitor if visitor and hmac.compare_digest(signature, _sign(visitor, key)) else None


def introduce(response: web.StreamResponse, key: bytes, *, secure: bool) -> None:
    """Give a new browser its cookie."""
    visitor = secrets.token_hex(16)
    response.set_cookie(
        COOKIE,
        f"{visitor}.{_sign(visitor, key)}",
        max_age=_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=secure,
        path="/",
    )
