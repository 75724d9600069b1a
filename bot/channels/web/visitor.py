"""Know a browser again by a signed cookie that scripts cannot read; it names no person."""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from aiohttp import web

COOKIE = "yizhan"
_YEAR_SECONDS = 365 * 24 * 3600
_KEY_BYTES = 32


def read_key(folder: Path) -> bytes:
    """Return the signing key of the data folder, made at the first start and readable by the owner only.

    It gets its name when it is whole: of several processes that start together, all read the key of the first.
    """
    path = folder / "cookie.key"
    if not path.exists():
        with NamedTemporaryFile(dir=folder, prefix=".cookie.") as whole:  # mode 600
            whole.write(secrets.token_bytes(_KEY_BYTES))
            whole.flush()
            os.fsync(whole.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(whole.name)
    return path.read_bytes()


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
