"""A process that only delivers: `python -m bot deliver`, beside others, with PostgreSQL and Telegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.__main__ import main
from bot.delivery import delivering
from bot.settings import Settings
from core.clock import utc_now
from core.errors import OperatorError
from core.reply import Lane, Reply
from db.engine import Database
from db.turns import Outbox
from services import outbox
from tests.fakes.bot_api import TOKEN, BotApi, telegram

PEOPLE = 24


def settings(folder: Path, **values: Any) -> Settings:
    given = {"port": 0, "data_dir": folder, "telegram_token": TOKEN, "telegram_rate": 1000} | values
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with telegram() as (api, _):
        yield api


async def _post(database: Database, count: int) -> None:
    async with database.transaction() as db:
        for number in range(count):
            to = outbox.Recipient("telegram", str(100 + number), None, 4096)
            await outbox.post(db, to, Reply(f"第{number}条"), utc_now(), lane=Lane(number % 3))
        await db.execute(update(Outbox).where(Outbox.lane != 0).values(notice="news"))


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_several_of_them_send_everything_once(
    api: BotApi, database: Database, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await _post(database, PEOPLE)
    values = {"database_url": database_url, "redis_url": redis_url, "telegram_api_url": api.url}
    async with AsyncExitStack() as stack, asyncio.timeout(60):
        ports = [await stack.enter_async_context(delivering(settings(tmp_path, **values))) for _ in range(3)]
        await api.wait_for_call("sendMessage", PEOPLE)
        async with aiohttp.ClientSession() as client:
            for port in ports:
                async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    assert (await answer.json())["ready"]
                async with client.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    assert "yizhan_deliveries_total" in await answer.text()
    async with database.snapshot() as db:
        assert set(await db.scalars(select(Outbox.status))) == {"sent"}
    assert sorted(call["chat_id"] for call in api.called("sendMessage")) == [100 + n for n in range(PEOPLE)]


async def test_sqlite_is_served_by_one_process(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="deliver needs PostgreSQL"):
        async with delivering(settings(tmp_path)):
            pass


async def test_without_a_channel_there_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="YIZHAN_TELEGRAM_TOKEN"):
        async with delivering(settings(tmp_path, database_url="postgresql+asyncpg://x@/x", telegram_token="")):
            pass


def test_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIZHAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIZHAN_TELEGRAM_TOKEN", TOKEN)
    assert main(["deliver"]) == 1
    assert "deliver 只能配合 PostgreSQL 使用" in capsys.readouterr().err
