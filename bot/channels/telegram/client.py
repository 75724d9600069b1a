"""The one aiogram client of a process, and what it tells Telegram about us at start."""

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats
from aiogram.utils.token import TokenValidationError

from bot.channels.telegram.feed import ALLOWED_UPDATES
from core.errors import OperatorError

_CALL_SECONDS = 10.0
"""An edit and the message sent in its stead must both end within a delivery lease (30 s)."""

_NOT_A_BOT = (
    "YIZHAN_TELEGRAM_TOKEN is no bot token (123456:ABC…, from @BotFather)"
    " / YIZHAN_TELEGRAM_TOKEN 不是有效的机器人令牌(形如 123456:ABC…,向 @BotFather 申请)"
)
_NO_ADDRESS = (
    "YIZHAN_TELEGRAM_API_URL must begin with http:// or https://"
    " / YIZHAN_TELEGRAM_API_URL 必须以 http:// 或 https:// 开头"
)
_COMMANDS = {"start": "开始", "human": "找人工", "guide": "办事指南", "goods": "优待目录", "stop": "退出"}


def build_bot(token: str, api_url: str = "") -> Bot:
    """Build the client, for Telegram's own servers or a self-hosted Bot API server.

    Raises:
        OperatorError: the token or the address cannot be right.
    """
    if api_url and not api_url.startswith(("http://", "https://")):
        raise OperatorError(_NO_ADDRESS)
    api = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    # A preview of a law's page would push the answer off a small screen.
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    try:
        return Bot(token, session=AiohttpSession(api=api, timeout=_CALL_SECONDS), default=defaults)
    except TokenValidationError as error:
        raise OperatorError(_NOT_A_BOT) from error


async def introduce(bot: Bot, webhook_url: str = "", secret: str = "") -> None:
    """Show our commands in private chats and, given an address, have updates delivered there.

    Raises:
        AiogramError: Telegram refused or could not be reached; try again later.
    """
    commands = [BotCommand(command=name, description=text) for name, text in _COMMANDS.items()]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
    if webhook_url:
        await bot.set_webhook(
            webhook_url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        )
