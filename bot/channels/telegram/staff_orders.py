"""What a colleague's message in the group wants: words for the person, a note, or an order. In doubt, nothing goes out."""

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal["say", "note", "claim", "close", "transfer", "false", "reopen", "help", "unknown", "other_bot"]

_COMMAND = re.compile(r"\s*[/\uff0f]+\s*(\w+)(?:@(\w+))?\s*(.*)", re.DOTALL)
_NOTE = re.compile(r"\s*(?:备注|内部备注|【备注】)[\s:\uff1a,\uff0c]*(.*)", re.DOTALL)
_VERBS: dict[str, Verb] = {
    "note": "note", "备注": "note", "claim": "claim", "领取": "claim", "close": "close", "办结": "close",
    "transfer": "transfer", "转交": "transfer", "false": "false", "误报": "false", "reopen": "reopen",
    "重新打开": "reopen", "help": "help", "帮助": "help", "start": "help",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """A verb, and what stands behind it: the words, the note, or whom to transfer to."""

    verb: Verb
    rest: str


def read_order(text: str, username: str | None) -> Order:
    """Read a message. What looks like a command never reaches the person, nor does what begins like a note."""
    command = _COMMAND.fullmatch(text)
    if command is not None:
        name, addressee, rest = command.groups()
        if addressee and username and addressee.lower() != username.lower():
            return Order("other_bot", "")
        verb = _VERBS.get(name.lower())
        return Order("unknown", name) if verb is None else Order(verb, rest.strip())
    note = _NOTE.fullmatch(text)
    return Order("note", note[1].strip()) if note else Order("say", text.strip())
