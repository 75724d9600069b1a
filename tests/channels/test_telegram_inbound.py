"""What each thing a person can do on Telegram becomes, through the real dispatcher."""

import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.channels.telegram.feed import build_dispatcher, feed, read_update
from core.turn import Inbound, Media
from services.amend import Amendment
from services.turns import Taken
from tests.fakes.bot_api import BOT_USER, BotApi, message_update, telegram

FILE = {"file_id": "f", "file_unique_id": "u"}
USER = {"id": 7, "is_bot": False, "first_name": "老李"}
CONTENT: list[tuple[dict[str, Any], str]] = [
    ({"photo": [FILE | {"width": 1, "height": 1}]}, "photo"),
    ({"voice": FILE | {"duration": 1}}, "voice"),
    ({"audio": FILE | {"duration": 1}}, "voice"),
    ({"video": FILE | {"width": 1, "height": 1, "duration": 1}}, "video"),
    ({"video_note": FILE | {"length": 1, "duration": 1}}, "video"),
    ({"animation": FILE | {"width": 1, "height": 1, "duration": 1}, "document": FILE}, "video"),
    (
        {"sticker": FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        "sticker",
    ),
    ({"document": FILE}, "document"),
    ({"location": {"latitude": 30.6, "longitude": 120.5}}, "location"),
    (
        {
            "venue": {"location": {"latitude": 30.6, "longitude": 120.5}, "title": "服务站", "address": "一号"},
            "location": {"latitude": 30.6, "longitude": 120.5},
        },
        "location",
    ),
    ({"contact": {"phone_number": "1", "first_name": "李"}}, "other"),
    ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
    ({"something_of_next_year": {"a": 1}}, "other"),
    (
        {
            "poll": {
                "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                "allows_revoting": False, "members_only": False,
            }
        },
        "other",
    ),
]  # fmt: skip


@dataclass
class Recorder:
    """Stands in for the intake: notes what it is given, and what had been called by then."""

    api: BotApi
    taken: list[Inbound] = field(default_factory=list)
    called_before: list[list[str]] = field(default_factory=list)
    error: Exception | None = None
    amended: list[Amendment] = field(default_factory=list)

    async def amend(self, amendment: Amendment) -> None:
        self.amended.append(amendment)

    async def receive(self, inbound: Inbound) -> Taken:
        self.taken.append(inbound)
        self.called_before.append([call.method for call in self.api.calls])
        if self.error:
            raise self.error
        return Taken([])


@dataclass
class Phone:
    """A person's Telegram: what happens there reaches the dispatcher."""

    api: BotApi
    bot: Bot
    recorder: Recorder
    dispatcher: Dispatcher

    async def happens(self, raw: dict[str, Any]) -> bool:
        update = read_update(raw, self.bot)
        assert update is not None
        return await feed(self.dispatcher, self.bot, update)

    async def hears(self, raw: dict[str, Any]) -> Inbound | None:
        assert await self.happens(raw)
        return self.recorder.taken[-1] if self.recorder.taken else None


@pytest.fixture
async def phone() -> AsyncIterator[Phone]:
    async with telegram() as (api, bot):
        recorder = Recorder(api)
        yield Phone(api, bot, recorder, build_dispatcher(recorder.receive, recorder.amend, too_large))


def too_large(name: str, size: int | None) -> str | None:
    return f"{name} 太大" if size and size > 100 else None


def inbound(event_id: str, kind: Any, text: str, pressed: str | None = None) -> Inbound:
    return Inbound("telegram", event_id, "7", kind, text, pressed)


def sent(event_id: str, kind: Any, text: str, **more: Any) -> Inbound:
    """Return what a message becomes; the tests' updates and messages have the same numbers."""
    return Inbound("telegram", event_id, "7", kind, text, message_id=event_id, **more)


def media(content: dict[str, Any], event: str) -> tuple[Media, ...]:
    """Return what a message of one file carries."""
    carried = event in ("photo", "voice", "video", "document") and "sticker" not in content
    return (Media(event, "", file_ref="f"),) if carried else ()  # type: ignore[arg-type]  # one of the kinds


async def test_words(phone: Phone) -> None:
    assert await phone.hears(message_update(5, text="优待证怎么办\n<b>")) == sent("5", "text", "优待证怎么办\n<b>")
    assert phone.api.calls == []


@pytest.mark.parametrize(
    ("command", "action"),
    [
        ("/start", "start"),
        ("/start ref_42", "start"),
        ("/help", "start"),
        ("/menu", "start"),
        ("/Human", "human"),
        ("/guide@yizhan_bot", "guide"),
        ("/goods", "goods"),
        ("/stop", "stop"),
    ],
)
async def test_commands(phone: Phone, command: str, action: str) -> None:
    assert await phone.hears(message_update(5, text=command)) == sent("5", "action", action)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/优待证 怎么办", "优待证 怎么办"),
        ("/card@yizhan_bot 丢了", "card 丢了"),
        ("/2", "2"),
        ("/", "/"),
        ("//", "//"),
    ],
)
async def test_other_commands_are_words(phone: Phone, command: str, words: str) -> None:
    assert await phone.hears(message_update(5, text=command)) == sent("5", "text", words)


@pytest.mark.parametrize(("content", "event"), CONTENT)
async def test_each_kind_of_content(phone: Phone, content: dict[str, Any], event: str) -> None:
    place = {"latitude": 30.6, "longitude": 120.5} if "location" in content else None
    heard = sent("6", "event", event, media=media(content, event), place=place)
    assert await phone.hears(message_update(6, **content)) == heard


@pytest.mark.parametrize(("content", "event"), CONTENT[:8])
async def test_words_under_a_picture_matter_most_and_the_picture_comes_along(
    phone: Phone, content: dict[str, Any], event: str
) -> None:
    heard = await phone.hears(message_update(6, caption="这个能报销吗", **content))
    assert heard == sent("6", "text", "这个能报销吗", media=media(content, event))


async def test_every_picture_of_an_album_is_kept(phone: Phone) -> None:
    for update_id in (6, 7, 8):
        photo = {"photo": [FILE | {"file_id": f"f{update_id}", "width": 1, "height": 1}]}
        await phone.happens(message_update(update_id, media_group_id="900", **photo))
    assert [(i.event_id, i.album, i.media[0].file_ref) for i in phone.recorder.taken] == [
        ("6", "900", "f6"), ("7", "900", "f7"), ("8", "900", "f8"),
    ]  # fmt: skip


async def test_the_largest_size_of_a_photo_is_taken(phone: Phone) -> None:
    sizes = [FILE | {"file_id": name, "width": w, "height": w, "file_size": w} for name, w in (("s", 9), ("l", 90))]
    heard = await phone.hears(message_update(6, photo=sizes))
    assert heard is not None
    assert [(m.file_ref, m.size) for m in heard.media] == [("l", 90)]


async def test_a_file_announced_too_large_is_refused_at_once(phone: Phone) -> None:
    document = {"document": FILE | {"file_name": "录像.pdf", "file_size": 101}}
    heard = await phone.hears(message_update(6, **document))
    assert heard is not None
    assert [(m.name, m.refused) for m in heard.media] == [("录像.pdf", "录像.pdf 太大")]


@pytest.mark.parametrize(
    "content", [{"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, {"new_chat_title": "新"}]
)
async def test_service_messages_want_no_answer(phone: Phone, content: dict[str, Any]) -> None:
    assert await phone.hears(message_update(6, **content)) is None


async def test_bots_are_not_heard(phone: Phone) -> None:
    raw = message_update(6, text="我也是机器人")
    raw["message"]["from"] = USER | {"is_bot": True}
    assert await phone.hears(raw) is None


def edited(update_id: int, **content: Any) -> dict[str, Any]:
    message = message_update(6, **content)["message"] | {"edit_date": 2}
    return {"update_id": update_id, "edited_message": message}


@pytest.mark.parametrize("content", [{"text": "改了"}, {"caption": "改了", **CONTENT[0][0]}])
async def test_new_words_for_a_message(phone: Phone, content: dict[str, Any]) -> None:
    assert await phone.hears(edited(9, **content)) is None
    assert phone.recorder.amended == [Amendment("telegram", "9", "7", "6", "改了")]


async def test_a_moving_location_is_no_new_message(phone: Phone) -> None:
    assert await phone.hears(edited(9, location={"latitude": 30.6, "longitude": 120.5})) is None
    assert phone.recorder.amended == []


def press(update_id: int = 9, data: str | None = "faq:youdaizheng", **changes: Any) -> dict[str, Any]:
    message = message_update(31, text="请选择")["message"] | {"from": BOT_USER} | changes
    query: dict[str, Any] = {"id": "q1", "from": USER, "chat_instance": "c", "message": message}
    return {"update_id": update_id, "callback_query": query | ({"data": data} if data else {"game_short_name": "g"})}


async def test_press_is_answered_first_then_taken(phone: Phone) -> None:
    assert await phone.hears(press()) == inbound("9", "action", "faq:youdaizheng", "31")
    assert [call["callback_query_id"] for call in phone.api.called("answerCallbackQuery")] == ["q1"]
    assert phone.recorder.called_before == [["answerCallbackQuery"]]


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "Bad Request: query is too old and response timeout expired"),
        (429, "Too Many Requests"),
        (502, "Bad Gateway"),
    ],
)
async def test_press_counts_though_answering_fails(phone: Phone, status: int, description: str) -> None:
    phone.api.refuse("answerCallbackQuery", status, description, retry_after=3 if status == 429 else None)
    assert await phone.hears(press()) == inbound("9", "action", "faq:youdaizheng", "31")


async def test_press_counts_though_the_connection_breaks(phone: Phone) -> None:
    phone.api.drop("answerCallbackQuery", times=2)
    assert await phone.hears(press()) == inbound("9", "action", "faq:youdaizheng", "31")


async def test_press_of_an_old_message(phone: Phone) -> None:
    raw = press()
    raw["callback_query"]["message"] = {"chat": {"id": 7, "type": "private"}, "message_id": 31, "date": 0}
    assert await phone.hears(raw) == inbound("9", "action", "faq:youdaizheng", "31")
    del raw["callback_query"]["message"]
    assert await phone.hears(raw) == inbound("9", "action", "faq:youdaizheng")


async def test_press_without_data_is_only_answered(phone: Phone) -> None:
    assert await phone.hears(press(data=None)) is None
    assert len(phone.api.called("answerCallbackQuery")) == 1


async def test_press_in_a_group_is_only_answered(phone: Phone) -> None:
    assert await phone.hears(press(chat={"id": -5, "type": "group"})) is None
    assert len(phone.api.called("answerCallbackQuery")) == 1


def membership(before: str, after: str, chat_type: str = "private") -> dict[str, Any]:
    def member(status: str) -> dict[str, Any]:
        return {"status": status, "user": BOT_USER} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": {"id": 7, "type": chat_type}, "from": USER, "date": 1}
    return {
        "update_id": 4,
        "my_chat_member": change | {"old_chat_member": member(before), "new_chat_member": member(after)},
    }


async def test_block_and_unblock_are_noticed(phone: Phone) -> None:
    assert await phone.hears(membership("member", "kicked")) == inbound("4", "event", "blocked")
    assert await phone.hears(membership("kicked", "member")) == inbound("4", "event", "unblocked")


async def test_changes_in_groups_are_not_blocks(phone: Phone) -> None:
    assert await phone.hears(membership("member", "kicked", "group")) is None


def in_group(update_id: int, text: str, *, chat: int = -5, kind: str = "supergroup", **content: Any) -> dict[str, Any]:
    return message_update(update_id, chat=chat, chat_type=kind, text=text, **content)


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"entities": [{"type": kind, "offset": offset, "length": length} | more]}


ADDRESSED: list[dict[str, Any]] = [
    in_group(3, "@Yizhan_Bot 优待证", **entity("mention", 0, 11)),
    in_group(3, "😀 @yizhan_bot", **entity("mention", 3, 11)),
    in_group(3, "/start@yizhan_bot", kind="group", **entity("bot_command", 0, 17)),
    in_group(3, "驿站 你好", **entity("text_mention", 0, 2, user=BOT_USER)),
    in_group(3, "那我呢", reply_to_message=in_group(2, "您好")["message"] | {"from": BOT_USER}),
]


@pytest.mark.parametrize("raw", ADDRESSED)
async def test_group_that_speaks_to_us_is_declined_once(phone: Phone, raw: dict[str, Any]) -> None:
    assert await phone.hears(raw) == Inbound("telegram", "3", "-5", "event", "group")
    assert await phone.happens(raw | {"update_id": 4})
    assert len(phone.recorder.taken) == 1


async def test_another_group_is_declined_too(phone: Phone) -> None:
    for chat in (-5, -6):
        await phone.happens(in_group(3, "/help@yizhan_bot", chat=chat, **entity("bot_command", 0, 16)))
    assert [i.sender for i in phone.recorder.taken] == ["-5", "-6"]


async def test_group_is_declined_later_when_the_database_was_down(phone: Phone) -> None:
    phone.recorder.error = OperationalError("INSERT", {}, Exception("down"))
    assert not await phone.happens(ADDRESSED[0])
    phone.recorder.error = None
    assert await phone.happens(ADDRESSED[0])
    assert len(phone.recorder.taken) == 2


@pytest.mark.parametrize(
    "raw",
    [
        in_group(3, "大家好"),
        in_group(3, "/start", **entity("bot_command", 0, 6)),
        in_group(3, "/start@other_bot", **entity("bot_command", 0, 16)),
        in_group(3, "@other_bot hi", **entity("mention", 0, 10)),
        in_group(3, "对", reply_to_message=in_group(2, "问")["message"]),
        {
            "update_id": 3,
            "channel_post": {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "@yizhan_bot"},
        },
    ],
)
async def test_group_talk_among_others_is_left_alone(phone: Phone, raw: dict[str, Any]) -> None:
    assert await phone.hears(raw) is None


async def test_unknown_update_type_passes_without_a_word(phone: Phone) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert await phone.hears({"update_id": 3, "thought_of_next_year": {"a": 1}}) is None
    poll_answer = {"poll_id": "1", "option_ids": [], "option_persistent_ids": [], "user": USER}
    assert await phone.hears({"update_id": 3, "poll_answer": poll_answer}) is None


async def test_redelivered_update_has_the_same_event_id(phone: Phone) -> None:
    for _ in range(2):
        await phone.happens(message_update(77, text="在吗"))
    assert [i.event_id for i in phone.recorder.taken] == ["77", "77"]


@pytest.mark.parametrize(
    "error", [OperationalError("BEGIN", {}, Exception("down")), ConnectionRefusedError("no database")]
)
async def test_database_down_is_told(phone: Phone, error: Exception) -> None:
    phone.recorder.error = error
    assert not await phone.happens(message_update(77, text="在吗"))


async def test_a_fault_of_ours_is_not_repeated(phone: Phone) -> None:
    phone.recorder.error = ZeroDivisionError()
    with capture_logs() as logs:
        assert await phone.happens(message_update(77, text="在吗"))
    assert [(entry["event"], entry["update_id"]) for entry in logs] == [("update failed", 77)]
