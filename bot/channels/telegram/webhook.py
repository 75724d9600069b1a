"""Have Telegram deliver updates: taken before they are answered, so that what fails is delivered again."""

import hmac
import json
import re
from collections.abc import Awaitable, Callable

from aiogram import Bot, Dispatcher
from aiohttp import web

from bot.channels.telegram.feed import feed, read_update
from core.errors import OperatorError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LARGEST_BODY = 1024 * 1024
_UNGUARDED = (
    "webhook mode needs YIZHAN_TELEGRAM_WEBHOOK_SECRET, 1-256 of A-Z a-z 0-9 _ -, or anybody could speak for Telegram"
    " / webhook 模式必须设置 YIZHAN_TELEGRAM_WEBHOOK_SECRET(1-256 位字母、数字、_ 或 -),否则任何人都能冒充 Telegram"
)

Handler = Callable[[web.Request], Awaitable[web.Response]]


def webhook_handler(dispatcher: Dispatcher, bot: Bot, secret: str) -> Handler:
    """Build the handler of POST /telegram/webhook.

    Raises:
        OperatorError: no usable secret is configured.
    """
    if not _SECRET.fullmatch(secret):
        raise OperatorError(_UNGUARDED)

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=401)
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        update = read_update(raw, bot)
        if update is None:  # refused, it would be delivered for ever
            return web.Response()
        return web.Response(status=200 if await feed(dispatcher, bot, update) else 503)

    return receive


async def _read(request: web.Request) -> bytes | None:
    """Read the body, or None as soon as it is known to be too large."""
    if (request.content_length or 0) > _LARGEST_BODY:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)
