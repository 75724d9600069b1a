"""What a plea to staff is about, read from its words and from what was said before."""

from collections.abc import Sequence

from handlers.turn import Turn
from services.cases import Plea

_PETITION = ("信访", "上访", "投诉", "举报", "告状", "反映问题", "讨说法", "不公平", "不作为")
_ERRAND = ("代办", "代我", "替我办", "帮我办", "上门", "走不动", "出不了门", "行动不便", "代祭扫")
_BENEFIT = ("抚恤", "补助", "待遇", "优抚", "困难", "救助", "补贴", "没发", "没到账", "停发", "优待金")
_BENEFIT_STAGE = "优待"
_FEWEST = 4
"""Characters of words that can be a matter; less is a digit or 转人工."""
LONGEST_QUESTION = 500
"""Characters of the first words that stand at the head of a case; the whole is in its transcript."""


def make_plea(turn: Turn, reason: str, words: str, before: Sequence[str]) -> Plea:
    """Return what to open a case with: `words` of the plea itself, and what was written before, newest first."""
    matters = [text for text in before if len(text) >= _FEWEST]
    question = words or turn.data.get("question") or next(iter(matters), "")
    entry = turn.heard.snapshot.entries.get(turn.data.get("entry", ""))
    in_benefits = entry is not None and entry.stage == _BENEFIT_STAGE
    kind = _kind(" ".join([question, *matters[:2]]), in_benefits=in_benefits)
    return Plea(reason, kind, question[:LONGEST_QUESTION], entry.topic if entry else None)


def _kind(said: str, *, in_benefits: bool) -> str:
    if any(word in said for word in _PETITION):
        return "petition"
    if any(word in said for word in _ERRAND):
        return "errand"
    return "benefit" if in_benefits or any(word in said for word in _BENEFIT) else "consult"
