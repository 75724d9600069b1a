"""What people see on Telegram, and what the delivery worker hears when it does not get there."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot

from bot.channels.base import Message, PauseChannelError, RejectedError, UnavailableError, UnreachableError
from bot.channels.telegram.client import build_bot, introduce
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from tests.fakes.bot_api import BotApi, telegram

CHOICES = (
    {"label": "优待证怎么办", "action": "faq:youdaizheng", "digit": "1"},
    {"label": "找人工", "action": "human", "digit": "0"},
)


@pytest.fixture
async def served() -> AsyncIterator[tuple[BotApi, TelegramChannel]]:
    async with telegram() as (api, bot):
        yield api, TelegramChannel(bot, OwnPace(Rates(1000)))


def message(text: str = "您好", **changes: Any) -> Message:
    return Message(**({"recipient": "7", "text": text, "choices": ()} | changes))


async def test_text_is_escaped_and_read_as_written(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    assert await channel.send(message('带<b>身份证</b>&"退伍证"\n去服务站')) == "1"
    assert api.called("sendMessage")[0]["text"] == '带&lt;b&gt;身份证&lt;/b&gt;&amp;"退伍证"\n去服务站'
    assert api.messages["7", 1]["text"] == '带<b>身份证</b>&"退伍证"\n去服务站'
    assert api.called("sendMessage")[0]["link_preview_options"] == {"is_disabled": True}


async def test_full_length_text_of_nothing_but_ampersands_fits(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    await channel.send(message("&" * 4096))
    assert api.messages["7", 1]["text"] == "&" * 4096


async def test_one_numbered_button_a_row(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    await channel.send(message(choices=CHOICES))
    assert api.messages["7", 1]["keyboard"] == [[("1 优待证怎么办", "faq:youdaizheng")], [("0 找人工", "human")]]


async def test_no_choices_no_keyboard(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    await channel.send(message())
    assert "reply_markup" not in api.called("sendMessage")[0]


@pytest.mark.parametrize("action", ["x" * 64, "优" * 21])
async def test_action_of_64_bytes_is_sent(served: tuple[BotApi, TelegramChannel], action: str) -> None:
    api, channel = served
    await channel.send(message(choices=({"label": "是", "action": action, "digit": "1"},)))
    assert api.messages["7", 1]["keyboard"] == [[("1 是", action)]]


@pytest.mark.parametrize("action", ["x" * 65, "优" * 22, ""])
async def test_action_that_telegram_would_refuse_is_rejected_unsent(
    served: tuple[BotApi, TelegramChannel], action: str
) -> None:
    api, channel = served
    with pytest.raises(RejectedError, match="64 bytes"):
        await channel.send(message(choices=({"label": "是", "action": action, "digit": "1"},)))
    assert api.calls == []


async def test_pressed_message_is_edited(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    pressed = await channel.send(message("旧", choices=CHOICES))
    assert await channel.send(message("新<", replaces=pressed)) is None
    assert api.messages == {("7", 1): {"text": "新<", "keyboard": []}}


async def test_not_modified_is_success(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    pressed = await channel.send(message("同", choices=CHOICES))
    assert await channel.send(message("同", choices=CHOICES, replaces=pressed)) is None
    assert len(api.messages) == 1


async def test_vanished_message_is_sent_anew(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    assert await channel.send(message("新", replaces="99", choices=CHOICES)) == "1"
    assert [call.method for call in api.calls] == ["editMessageText", "sendMessage"]
    assert api.messages["7", 1]["text"] == "新"


@pytest.mark.parametrize("description", ["Bad Request: message can't be edited", "Bad Request: MESSAGE_ID_INVALID"])
async def test_message_that_cannot_be_edited_is_sent_anew(
    served: tuple[BotApi, TelegramChannel], description: str
) -> None:
    api, channel = served
    pressed = await channel.send(message("旧"))
    api.refuse("editMessageText", 400, description)
    assert await channel.send(message("新", replaces=pressed)) == "2"


async def test_foreign_id_is_not_edited(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    assert await channel.send(message(replaces="web-1")) == "1"
    assert api.called("editMessageText") == []


@pytest.mark.parametrize("description", ["Bad Request: ENTITIES_TOO_LONG", "Bad Request: can't parse entities: byte 3"])
async def test_markup_trouble_falls_back_to_plain_text(
    served: tuple[BotApi, TelegramChannel], description: str
) -> None:
    api, channel = served
    api.refuse("sendMessage", 400, description)
    assert await channel.send(message("<b>&")) == "1"
    assert "parse_mode" not in api.called("sendMessage")[1]
    assert api.messages["7", 1]["text"] == "<b>&"


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_flood_control_pauses_for_as_long_as_asked(served: tuple[BotApi, TelegramChannel], method: str) -> None:
    api, channel = served
    api.refuse(method, 429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.raises(PauseChannelError) as caught:
        await channel.send(message(replaces="1" if method == "editMessageText" else None))
    assert caught.value.seconds == 17
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", UnreachableError),
        (403, "Forbidden: user is deactivated", UnreachableError),
        (400, "Bad Request: chat not found", UnreachableError),
        (400, "Bad Request: message is too long", RejectedError),
        (400, "Bad Request: message text is empty", RejectedError),
        (413, "Request Entity Too Large", RejectedError),
        (418, "I'm a teapot", RejectedError),
        (500, "Internal Server Error", UnavailableError),
        (502, "Bad Gateway", UnavailableError),
        (401, "Unauthorized", PauseChannelError),
        (404, "Not Found", PauseChannelError),
    ],
)
async def test_refusals_in_the_workers_words(
    served: tuple[BotApi, TelegramChannel], status: int, description: str, expected: type[Exception]
) -> None:
    api, channel = served
    api.refuse("sendMessage", status, description)
    with pytest.raises(expected):
        await channel.send(message())
    assert await channel.send(message()) == "1"


async def test_dropped_connection_is_tried_later(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    api.drop("sendMessage", times=2)  # aiohttp itself repeats a request once on a connection that was kept alive
    with pytest.raises(UnavailableError):
        await channel.send(message())


async def test_gateway_page_is_tried_later(served: tuple[BotApi, TelegramChannel]) -> None:
    api, channel = served
    api.garble("sendMessage", "<html>502</html>")
    with pytest.raises(UnavailableError):
        await channel.send(message())


async def test_message_that_was_sent_is_never_sent_again_for_an_odd_answer(
    served: tuple[BotApi, TelegramChannel],
) -> None:
    api, channel = served
    api.garble("sendMessage", json.dumps({"ok": True, "result": {"message_id": 88, "date": "未来"}}))
    assert await channel.send(message()) == "88"


async def test_nobody_listens() -> None:
    async with telegram() as (api, _):
        url = api.url
    bot = build_bot("42:SECRET", url)
    with pytest.raises(UnavailableError) as caught:
        await TelegramChannel(bot, OwnPace(Rates(1000))).send(message())
    assert "SECRET" not in str(caught.value)
    await _close(bot)


async def test_wrong_token_keeps_the_messages() -> None:
    async with telegram() as (api, _):
        bot = build_bot("42:WRONG", api.url)
        with pytest.raises(PauseChannelError):
            await TelegramChannel(bot, OwnPace(Rates(1000))).send(message())
        await _close(bot)


async def _close(bot: Bot) -> None:
    await (await bot.session.create_session()).close()  # type: ignore[attr-defined]
    await bot.session.close()


async def test_commands_are_shown_in_chinese_and_no_webhook_set() -> None:
    async with telegram() as (api, bot):
        await introduce(bot)
        shown = {c["command"]: c["description"] for c in api.called("setMyCommands")[0]["commands"]}
        assert shown == {"start": "开始", "human": "找人工", "guide": "办事指南", "goods": "优待目录", "stop": "退出"}
        assert api.called("setWebhook") == []


async def test_webhook_is_registered_with_secret_and_nothing_dropped() -> None:
    async with telegram() as (api, bot):
        await introduce(bot, "https://example.gov.cn/telegram/webhook", "s3cret")
        (call,) = api.called("setWebhook")
        assert call["url"] == "https://example.gov.cn/telegram/webhook"
        assert call["secret_token"] == "s3cret"
        assert call["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
        assert call.get("drop_pending_updates", False) is False
