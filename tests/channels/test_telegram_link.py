"""The channel as a whole: from the settings to a message in and a message out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.base import Message
from bot.channels.telegram import TelegramLink
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.files import Files
from bot.nursery import Nursery
from bot.settings import Settings
from core.errors import OperatorError
from core.turn import Inbound
from db.engine import Database
from db.leases import Lease
from services.turns import Taken
from tests.fakes.bot_api import TOKEN, BotApi, message_update, telegram
from tests.fakes.doors import unedited

URL = "https://example.gov.cn/telegram/webhook"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with telegram() as (api, _):
        yield api


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Lease.metadata.create_all)
    yield database
    await database.close()


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **({"telegram_token": TOKEN} | values))  # type: ignore[call-arg]  # of pydantic


async def nobody(_inbound: Inbound) -> Taken:
    return Taken([])


def link(database: Database, receive: Any = nobody, **values: Any) -> TelegramLink:
    files = Files(Path(database.engine.url.database or "").parent / "files", 20)
    return TelegramLink(settings(**values), receive, unedited, files, database, lambda: datetime.now(UTC), "here")


async def test_polling_both_ways(api: BotApi, database: Database) -> None:
    heard: asyncio.Queue[Inbound] = asyncio.Queue()

    async def receive(inbound: Inbound) -> Taken:
        heard.put_nowait(inbound)
        return Taken([])

    nursery, app = Nursery(database), web.Application()
    channel = link(database, receive, telegram_api_url=api.url, telegram_webhook_url=URL)
    channel.start(nursery, app)
    await api.push(message_update(8, text="在吗"))
    assert (await heard.get()).text == "在吗"
    assert await channel.channel.send(Message("7", "在的", ())) == "1"
    await api.wait_for_call("setMyCommands")
    assert api.called("setWebhook") == []
    assert list(app.router.routes()) == []
    await nursery.close()
    await channel.close()
    assert nursery.failures == 0


async def test_webhook_mode(api: BotApi, database: Database) -> None:
    nursery, app = Nursery(database), web.Application()
    channel = link(
        database,
        telegram_api_url=api.url,
        telegram_mode="webhook",
        telegram_webhook_secret="s",
        telegram_webhook_url=URL,
    )
    channel.start(nursery, app)
    await api.wait_for_call("setWebhook")
    assert api.called("setWebhook")[0]["secret_token"] == "s"
    async with TestClient(TestServer(app)) as client:
        for secret, status in (("s", 200), ("t", 401)):
            async with client.post(
                "/telegram/webhook", json=message_update(8, text="在吗"), headers={SECRET_HEADER: secret}
            ) as response:
                assert response.status == status
    assert api.called("getUpdates") == []
    await nursery.close()
    await channel.close(app)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"telegram_token": "not a token"}, "YIZHAN_TELEGRAM_TOKEN"),
        ({"telegram_api_url": "localhost:8081"}, "YIZHAN_TELEGRAM_API_URL"),
        ({"telegram_mode": "webhook"}, "YIZHAN_TELEGRAM_WEBHOOK_SECRET"),
    ],
)
async def test_wrong_settings_are_told_to_the_operator(database: Database, values: dict[str, str], named: str) -> None:
    with pytest.raises(OperatorError, match=named):
        link(database, **values)
