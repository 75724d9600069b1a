"""Open the port of a process."""

from aiohttp import web

from bot.settings import Settings
from core.errors import OperatorError


async def listen(runner: web.AppRunner, settings: Settings) -> int:
    """Listen where the settings say; return the port.

    Raises:
        OperatorError: the port cannot be had.
    """
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise OperatorError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror} / "
            f"端口 {settings.port} 用不了，可能被别的程序占着：请换一个 YIZHAN_PORT"
        ) from error
    port: int = runner.addresses[0][1]
    return port
