"""Ask questions from the command line; the JSON line format is stable, others measure with it."""

import argparse
import json
from uuid import uuid4

from bot.commands.desk import Desk, desk, drawn
from bot.settings import Settings
from core.errors import OperatorError


async def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Answer each question in a fresh conversation."""
    try:
        questions = options.file.read_text(encoding="utf-8").splitlines() if options.file else [options.question]
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"cannot read {options.file}: {error} / 文件读不了") from error
    if questions == [None]:
        raise OperatorError("give a question or --file / 请写上问题，或用 --file 指定文件")
    async with desk(settings) as open_desk:
        for question in questions:
            if question.strip():
                print(await _answer(open_desk, question, as_json=options.json), flush=True)
    return 0


async def _answer(open_desk: Desk, question: str, *, as_json: bool) -> str:
    replies, inbox = await open_desk.say(uuid4().hex, question)
    text = "\n\n".join(map(drawn, replies))
    if not as_json:
        return text
    result = inbox.result or {
        "journey": "none",
        "outcome": "none",
        "entry": None,
        "score": None,
        "facts": [],
        "near": [],
    }
    return json.dumps({"question": question, **result, "text": text}, ensure_ascii=False)
