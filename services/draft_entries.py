"""A finished draft leaves as a row of the knowledge format, for a reviewer to complete and import."""

from datetime import datetime
from typing import Any

from core.clock import CHINA
from core.errors import Refusal
from db.content import FaqDraft
from knowledge.entry import PHRASING_KINDS
from knowledge.load import read_entry
from knowledge.problem import Problem

NOT_DONE = "这份草稿还没有完成，完成后才能下载。"


def entry_of(draft: FaqDraft, code: str | None, now: datetime) -> dict[str, Any]:
    """Return a done draft as a row of the knowledge format; what only a reviewer can know is left empty.

    Raises:
        Refusal: it is not done.
    """
    if draft.status != "done":
        raise Refusal(NOT_DONE)
    phrasings: dict[str, list[str]] = {kind: [] for kind in PHRASING_KINDS}
    return {
        "slug": f"case-{(code or str(draft.id)).lower()}",
        "stage": "",
        "topic": "",
        "question": draft.question,
        "phrasings": phrasings,
        "answer": draft.answer,
        "sources": [{"title": line.strip()} for line in (draft.source or "").splitlines() if line.strip()],
        "scope": "",
        "who": [],
        "reviewed_on": now.astimezone(CHINA).date(),
    }


def missing(row: dict[str, Any]) -> list[str]:
    """Return what the importer would still say of a row, so that nobody has to try."""
    problems: list[Problem] = []
    read_entry(row, "", {}, problems)
    faults = {problem.field: problem.message for problem in problems}  # of two about a field the later says more
    return [f"{field}：{message}" for field, message in faults.items()]
