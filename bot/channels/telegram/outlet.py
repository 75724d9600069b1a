"""The way out to people alone, which is all that a process needs that only delivers."""

from bot.channels.telegram.client import build_bot
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from bot.nursery import Nursery
from bot.settings import Settings


class Outlet:
    """The client of Telegram, the pace that the settings ask for, and the channel.

    Raises:
        OperatorError: the token or the API address cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.bot = build_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        rates = Rates(
            settings.telegram_rate, settings.telegram_chat_rate, settings.telegram_chat_burst,
            settings.telegram_group_per_minute,
        )  # fmt: skip
        self._shared = None
        if settings.redis_url:
            from bot.channels.telegram.pace_redis import SharedPace  # noqa: PLC0415 - an optional extra

            self._shared = SharedPace(settings.redis_url, str(self.bot.id), rates)
        self.channel = TelegramChannel(self.bot, self._shared or OwnPace(rates))

    def start(self, nursery: Nursery) -> None:
        """Begin to count among the processes that share the pace."""
        if self._shared is not None:
            nursery.start("pace", self._shared.beat)

    async def close(self) -> None:
        """Close the connections, once nothing sends or fetches any more: a later call would open new ones."""
        await self.bot.session.close()
        if self._shared is not None:
            await self._shared.close()
