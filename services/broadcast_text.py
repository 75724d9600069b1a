"""How a broadcast reads on each channel, so that whoever approves it sees what the people will see."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Refusal
from core.text import clean, split_at_sentences
from services.notices import LONGEST

FOOT = "回复“退订”，以后不再收这类通知。"
TEST = "【测试，只发给您】"
LONGEST_TITLE, LONGEST_BODY = 40, LONGEST - 100
_WECHAT = 2048 // 3
"""Characters: WeChat cuts a message at 2,048 bytes (observed), and a Chinese character takes three."""
_READABLE, _LINE = 300, 60

NO_TITLE = f"请写一个标题，最多 {LONGEST_TITLE} 个字。"
NO_BODY = f"请写内容，最多 {LONGEST_BODY} 个字。"


@dataclass(frozen=True, slots=True)
class Preview:
    """The text as one message, as WeChat would cut it, and what staff had better change."""

    text: str
    wechat: Sequence[str]
    warnings: Sequence[str]


def check(title: str, body: str) -> tuple[str, str]:
    """Return title and body as they are kept.

    Raises:
        Refusal: one is missing or too long.
    """
    title, body = " ".join(clean(title).split()), clean(body).replace("\r\n", "\n")
    if not title or len(title) > LONGEST_TITLE:
        raise Refusal(NO_TITLE)
    if not body or len(body) > LONGEST_BODY:
        raise Refusal(NO_BODY)
    return title, body


def message(title: str, body: str) -> str:
    """Return what the people get."""
    return f"【{title}】\n{body}\n\n{FOOT}"


def preview(title: str, body: str) -> Preview:
    """Return how it will look."""
    text = message(title, body)
    return Preview(text, split_at_sentences(text, _WECHAT), list(_warnings(text, body)))


def _warnings(text: str, body: str) -> list[str]:
    found = []
    parts = len(split_at_sentences(text, _WECHAT))
    if parts > 1:
        found.append(f"微信一条装不下，会分成 {parts} 条。")
    if len(body) > _READABLE:
        found.append(f"内容有 {len(body)} 个字。超过 {_READABLE} 个字，老人不容易看完，请尽量写短。")
    if any(len(line) > _LINE for line in body.splitlines()):
        found.append(f"有的段落超过 {_LINE} 个字，分成几行更好读。")
    return found
