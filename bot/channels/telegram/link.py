"""The whole channel as the composition root sees it: the way out, and one of the two ways in."""

from aiohttp import web

from bot.channels.telegram.client import introduce
from bot.channels.telegram.feed import build_dispatcher
from bot.channels.telegram.inbound import Amend, Receive
from bot.channels.telegram.outlet import Outlet
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.staff_link import StaffLink
from bot.channels.telegram.webhook import webhook_handler
from bot.files import Files
from bot.nursery import Nursery
from bot.settings import Settings
from core.clock import Clock
from db.engine import Database

WEBHOOK_PATH = "/telegram/webhook"


class TelegramLink:
    """A process's link with Telegram.

    Raises:
        OperatorError: the token, the API address or the webhook secret cannot be used.
    """

    def __init__(
        self, settings: Settings, receive: Receive, amend: Amend, files: Files, database: Database, now: Clock,
        holder: str, staff: StaffLink | None = None,
    ) -> None:  # fmt: skip
        self._webhook = settings.telegram_mode == "webhook"
        self._webhook_url = settings.telegram_webhook_url if self._webhook else ""
        self._secret = settings.telegram_webhook_secret.get_secret_value()
        self._outlet = Outlet(settings)
        self._bot = self._outlet.bot
        dispatcher = build_dispatcher(receive, amend, files.too_large, staff.router() if staff else None)
        self._handler = webhook_handler(dispatcher, self._bot, self._secret) if self._webhook else None
        self._poller = Poller(self._bot, dispatcher, database, now, holder)
        self.channel = self._outlet.channel
        self.staff = staff.channel(self._bot) if staff else None
        self._staff_link = staff

    def start(self, nursery: Nursery, app: web.Application) -> None:
        """Begin to listen; Telegram may be out of reach as yet."""
        if self._handler:
            app.router.add_post(WEBHOOK_PATH, self._handler)
        else:
            nursery.start("telegram-poll", self._poller.run)
        nursery.start("telegram-introduce", self._introduce)
        self._outlet.start(nursery)

    async def _introduce(self) -> None:
        await introduce(self._bot, self._webhook_url, self._secret)
        if self._staff_link is not None:
            await self._staff_link.introduce(self._bot)

    async def close(self, _app: web.Application | None = None) -> None:
        """Close the connections, once nothing sends or fetches any more: a later call would open new ones."""
        await self._outlet.close()
