"""The webhook lets in only Telegram, answers after the turn, and asks again when nothing was recorded."""

import asyncio
import hmac
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Dispatcher
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.channels.telegram.feed import build_dispatcher
from bot.channels.telegram.webhook import SECRET_HEADER, webhook_handler
from core.errors import OperatorError
from core.turn import Inbound
from services.turns import Taken
from tests.fakes.bot_api import message_update, telegram
from tests.fakes.doors import never_too_large, unedited

SECRET = "s3cret_-"


@dataclass
class Service:
    """Our side of the webhook, as Telegram reaches it."""

    client: TestClient[web.Request, web.Application]
    taken: list[Inbound] = field(default_factory=list)
    error: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def receive(self, inbound: Inbound) -> Taken:
        self.entered.set()
        await self.gate.wait()
        if self.error:
            raise self.error
        self.taken.append(inbound)
        return Taken([])

    async def post(self, body: Any, headers: dict[str, str] | None = None) -> int:
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {SECRET_HEADER: SECRET} if headers is None else headers
        async with self.client.post("/telegram/webhook", data=data, headers=headers) as response:
            assert await response.read() == b""
            return response.status


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with telegram() as (_, bot):
        app = web.Application(client_max_size=64 * 1024**2)
        service = Service(TestClient(TestServer(app)))
        app.router.add_post(
            "/telegram/webhook",
            webhook_handler(build_dispatcher(service.receive, unedited, never_too_large), bot, SECRET),
        )
        async with service.client:
            yield service


async def test_update_is_taken(service: Service) -> None:
    assert await service.post(message_update(8, text="在吗")) == 200
    assert service.taken == [Inbound("telegram", "8", "7", "text", "在吗", message_id="8")]


async def test_redelivery_has_the_same_event_id(service: Service) -> None:
    assert [await service.post(message_update(8, text="在吗")) for _ in range(2)] == [200, 200]
    assert [inbound.event_id for inbound in service.taken] == ["8", "8"]


async def test_answered_only_after_the_turn(service: Service) -> None:
    service.gate.clear()
    posting = asyncio.gather(service.post(message_update(8, text="在吗")))
    await service.entered.wait()
    assert not posting.done()
    service.gate.set()
    assert list(await posting) == [200]


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "s3cret_"}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "秘密"}],
)
async def test_forged_secret_is_turned_away(service: Service, headers: dict[str, str]) -> None:
    assert await service.post(message_update(8, text="在吗"), headers) == 401
    assert service.taken == []


async def test_secret_is_compared_in_constant_time(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    compare = hmac.compare_digest

    def watch(given: bytes, expected: bytes) -> bool:
        compared.append((given, expected))
        return compare(given, expected)

    monkeypatch.setattr(hmac, "compare_digest", watch)
    assert await service.post(message_update(8, text="在吗"), {SECRET_HEADER: "wrong"}) == 401
    assert compared == [(b"wrong", SECRET.encode())]


@pytest.mark.parametrize("secret", ["", " ", "秘密", "has space", "x" * 257, "line\n"])
async def test_webhook_mode_is_refused_without_a_usable_secret(secret: str) -> None:
    async with telegram() as (_, bot):
        with pytest.raises(OperatorError, match=r"YIZHAN_TELEGRAM_WEBHOOK_SECRET.*必须设置"):
            webhook_handler(Dispatcher(disable_fsm=True), bot, secret)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"update_id": 1', b"[" * 500_000])
async def test_malformed_body(service: Service, body: bytes) -> None:
    assert await service.post(body) == 400
    assert service.taken == []


async def test_body_of_5_mb(service: Service) -> None:
    assert await service.post(message_update(8, text="长" * 500_000)) == 413
    assert await service.post(message_update(8, text="在吗")) == 200


async def test_long_body_that_hides_its_length(service: Service) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    async with service.client.post("/telegram/webhook", data=chunks(), headers={SECRET_HEADER: SECRET}) as response:
        assert response.status == 413


async def test_body_of_just_under_1_mib_is_read(service: Service) -> None:
    body = json.dumps(message_update(8, text="在吗")).encode()
    assert await service.post(body + b" " * (1024 * 1024 - len(body))) == 200
    assert len(service.taken) == 1


@pytest.mark.parametrize(
    "body",
    [
        [],
        5,
        {},
        {"update_id": "x"},
        {"update_id": 8, "message": {"text": "缺"}},
        {"update_id": 8, "new_kind": {"a": 1}},
    ],
)
async def test_update_that_makes_no_sense_is_not_asked_for_again(service: Service, body: Any) -> None:
    assert await service.post(body) == 200
    assert service.taken == []


async def test_update_that_makes_no_sense_is_logged_without_its_words(service: Service) -> None:
    with capture_logs() as logs:
        await service.post({"update_id": 8, "message": {"text": "我的身份证号"}})
    assert logs[0]["log_level"] == "warning"
    assert "message.message_id" in logs[0]["fields"]
    assert "身份证" not in repr(logs)


async def test_database_down_asks_for_it_again(service: Service) -> None:
    service.error = OperationalError("BEGIN", {}, Exception("down"))
    assert await service.post(message_update(8, text="在吗")) == 503
    service.error = None
    assert await service.post(message_update(8, text="在吗")) == 200
    assert [inbound.event_id for inbound in service.taken] == ["8"]


async def test_a_fault_of_ours_is_not_asked_for_again(service: Service) -> None:
    service.error = ZeroDivisionError()
    with capture_logs() as logs:
        assert await service.post(message_update(8, text="在吗")) == 200
    assert logs[0]["event"] == "update failed"


async def test_only_post(service: Service) -> None:
    async with service.client.get("/telegram/webhook") as response:
        assert response.status == 405
