"""A Bot API server on this machine, with the rules of Telegram's own that our channel depends on."""

import asyncio
import html
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiohttp import web

from bot.channels.telegram.client import build_bot
from tests.fakes.groups import Groups
from tests.fakes.refused import Refused

TOKEN = "42:TEST"
BOT_USER = {"id": 42, "is_bot": True, "first_name": "驿站", "username": "yizhan_bot"}
_MENTION = re.compile(r'<a href="tg://user\?id=\d+">([^<]*)</a>')
_RAW_MARKUP = re.compile(r"[<>]|&(?!(?:amp|lt|gt|quot);)")


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came."""

    method: str
    params: dict[str, Any]


@dataclass
class BotApi(Groups):
    """What Telegram knows: the updates nobody confirmed yet, the messages sent, the webhook; and every call made."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    webhook: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """What people sent, by file id."""
    _faults: dict[str, deque[Refused | str | None]] = field(default_factory=lambda: defaultdict(deque))
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _stopping: bool = False

    def refuse(
        self, method: str, status: int, description: str, *, retry_after: int | None = None, times: int = 1
    ) -> None:
        """Answer the next calls of a method with an error."""
        self._faults[method].extend([Refused(status, description, retry_after)] * times)

    def drop(self, method: str, *, times: int = 1) -> None:
        """Close the connection on the next calls of a method without an answer."""
        self._faults[method].extend([None] * times)

    def garble(self, method: str, body: str, *, times: int = 1) -> None:
        """Answer the next calls of a method, after doing nothing, with a body of our own."""
        self._faults[method].extend([body] * times)

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of every call of a method."""
        return [call.params for call in self.calls if call.method == method]

    async def push(self, *updates: dict[str, Any]) -> None:
        """Let updates happen."""
        async with self._changed:
            self.updates.extend(updates)
            self._changed.notify_all()

    async def wait_for_call(self, method: str, count: int = 1) -> None:
        """Wait until a method has been called so many times."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.called(method)) >= count)

    async def stop_waiting(self) -> None:
        """End the long polls under way, empty."""
        async with self._changed:
            self._stopping = True
            self._changed.notify_all()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        params = _read_form(await request.post())
        async with self._changed:
            self.calls.append(Call(method, params))
            self._changed.notify_all()
        try:
            if request.match_info["token"] != TOKEN:
                raise Refused(401, "Unauthorized")
            if self._faults[method]:
                fault = self._faults[method].popleft()
                if fault is None:
                    assert request.transport is not None
                    request.transport.close()
                    return web.Response()
                if isinstance(fault, str):
                    return web.Response(text=fault)
                raise fault
            self.check_place(method, params)
            result = await getattr(self, f"_{method}")(params)
            self.note_place(method, params, result)
        except Refused as refused:
            answer: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
            if refused.parameters:
                answer["parameters"] = refused.parameters
            return web.json_response(answer, status=refused.status)
        return web.json_response({"ok": True, "result": result})

    async def give_file(self, request: web.Request) -> web.Response:
        """Answer one download."""
        file_id = request.match_info["file_id"]
        self.calls.append(Call("file", {"file_id": file_id}))
        if self._faults["file"]:
            fault = self._faults["file"].popleft()
            return web.Response(status=fault.status if isinstance(fault, Refused) else 500)
        return web.Response(body=self.files[file_id])

    async def _getFile(self, params: dict[str, Any]) -> Any:  # noqa: N802
        file_id = str(params["file_id"])
        if file_id not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > 20 * 1024 * 1024:  # core.telegram.org/bots/api#getfile
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"things/{file_id}"}

    async def _send_file(self, params: dict[str, Any], kind: str) -> Any:
        if len(params.get("caption", "")) > 1024:  # core.telegram.org/bots/api#sendphoto
            raise Refused(400, "Bad Request: message caption is too long")
        number = len(self.messages) + 1
        shown = {
            "text": params.get("caption", ""), "keyboard": _keyboard(params), "kind": kind, "file": params[kind],
        }  # fmt: skip
        self.messages[str(params["chat_id"]), number] = shown
        return _message(params["chat_id"], number, shown)

    async def _sendPhoto(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return await self._send_file(params, "photo")

    async def _sendVoice(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return await self._send_file(params, "voice")

    async def _sendVideo(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return await self._send_file(params, "video")

    async def _sendDocument(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return await self._send_file(params, "document")

    async def _sendAudio(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return await self._send_file(params, "audio")

    async def _getMe(self, _params: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        return BOT_USER

    async def _getUpdates(self, params: dict[str, Any]) -> Any:  # noqa: N802
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        if "offset" in params:
            self.updates = [u for u in self.updates if u["update_id"] >= params["offset"]]
        async with self._changed:
            try:
                async with asyncio.timeout(params.get("timeout", 0)):
                    await self._changed.wait_for(lambda: self.updates or self._stopping)
            except TimeoutError:
                pass
        return self.updates[:100]

    async def _sendMessage(self, params: dict[str, Any]) -> Any:  # noqa: N802
        number = len(self.messages) + 1
        self.messages[str(params["chat_id"]), number] = _shown(params)
        return _message(params["chat_id"], number, self.messages[str(params["chat_id"]), number])

    async def _editMessageText(self, params: dict[str, Any]) -> Any:  # noqa: N802
        key = (str(params["chat_id"]), params["message_id"])
        if key not in self.messages:
            raise Refused(400, "Bad Request: message to edit not found")
        if "file" in self.messages[key]:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        shown = _shown(params)
        if self.messages[key] == shown:
            raise Refused(
                400, "Bad Request: message is not modified: specified new message content is exactly the same"
            )
        self.messages[key] = shown
        return _message(params["chat_id"], params["message_id"], shown)

    async def _answerCallbackQuery(self, _params: dict[str, Any]) -> Any:  # noqa: N802
        return True

    async def _setWebhook(self, params: dict[str, Any]) -> Any:  # noqa: N802
        self.webhook = params["url"]
        return True

    async def _deleteWebhook(self, _params: dict[str, Any]) -> Any:  # noqa: N802
        self.webhook = ""
        return True

    async def _setMyCommands(self, _params: dict[str, Any]) -> Any:  # noqa: N802
        return True


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it was uploaded."""

    name: str
    content: bytes


def _read_form(form: Any) -> dict[str, Any]:
    """Read the fields; one that says attach:// becomes the file that came under that name."""
    files = {name: Uploaded(v.filename, v.file.read()) for name, v in form.items() if isinstance(v, web.FileField)}
    fields = {name: value for name, value in form.items() if name not in files}
    return {name: files.get(value.removeprefix("attach://")) or _decode(value) for name, value in fields.items()}


def _decode(value: str) -> Any:
    """Telegram takes numbers, booleans and objects as JSON in a form field; text stays text."""
    if value[:1] in "[{" or value in ("true", "false") or re.fullmatch(r"-?\d+", value):
        return json.loads(value)
    return value


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    text = str(params["text"])
    if params.get("parse_mode") == "HTML":
        text = _MENTION.sub(r"\1", text)
        if _RAW_MARKUP.search(text):
            raise Refused(400, "Bad Request: can't parse entities: unsupported start tag")
        text = html.unescape(text)
    if len(text) > 4096:  # core.telegram.org/bots/api#sendmessage
        raise Refused(400, "Bad Request: message is too long")
    return {"text": text, "keyboard": _keyboard(params)}


def _keyboard(params: dict[str, Any]) -> list[list[tuple[str, str]]]:
    keyboard = params.get("reply_markup", {}).get("inline_keyboard", [])
    if any(not 0 < len(button["callback_data"].encode()) <= 64 for row in keyboard for button in row):
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return [[(b["text"], b["callback_data"]) for b in row] for row in keyboard]


def _message(chat_id: Any, number: int, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": number, "date": 1, "chat": {"id": int(chat_id), "type": "private"},
        "from": BOT_USER, "text": shown["text"],
    }  # fmt: skip


@asynccontextmanager
async def telegram() -> AsyncIterator[tuple[BotApi, Bot]]:
    """Run the server, with a real client of it."""
    api = BotApi()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/things/{file_id}", api.give_file)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    bot = build_bot(TOKEN, api.url)
    try:
        yield api, bot
    finally:
        await (await bot.session.create_session()).close()  # type: ignore[attr-defined]
        await bot.session.close()
        await api.stop_waiting()
        await runner.cleanup()


def message_update(update_id: int, *, chat: int = 7, chat_type: str = "private", **content: Any) -> dict[str, Any]:
    """Return an update with a message, as Telegram writes it."""
    message = {
        "message_id": update_id, "date": 1, "chat": {"id": chat, "type": chat_type},
        "from": {"id": 7, "is_bot": False, "first_name": "老李"},
    }  # fmt: skip
    return {"update_id": update_id, "message": message | content}
