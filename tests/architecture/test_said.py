"""Every sentence we can say is said somewhere, fits an old person's screen, and does not shout."""

import ast
import string
from collections.abc import Iterator
from typing import Any

import pytest

from core.reply import Choice
from handlers import texts
from knowledge.entry import Profile
from tests.architecture.source import ROOT, files, mentions, tree_of

WIDEST = 60
TEXTS = ROOT / "handlers" / "texts.py"
BUREAU = Profile(
    "桐乡市退役军人事务局", "浙江省桐乡市", "0573-88000000", "桐乡市振兴东路一百号", "工作日 8:30-17:00", ""
)
FILLING = {
    "answer": "带身份证去服务站办。", "place": "浙江省桐乡市", "question": "优待证怎么办", "value": "身份证", "count": 12,
    "number": 3, "who": "退役军人", "office": "人社局", "crisis_phone": "", "stage": "退役", "topic": "优待证",
    "name": "某某饭店", "sample": "", "offer": "打八折", "where": "桐乡市", "batch": "第二批", "dates": "2026-01-01 至今",
    "title": "多地报道", "year": 2026, "month": 11, "day": 21, "code": "YD-0001", "person": "",
    "text": "", "grid": "第一网格", "claimed": 3, "expected": "", "ask": "", "when": "11月23日（周一）上午 9:00", "weekday": "一", "reason": "", "limit": 20, "link": "",
}  # fmt: skip


def _constants() -> list[str]:
    assigned = [node for node in tree_of(TEXTS).body if isinstance(node, ast.Assign)]
    return [
        name.id
        for node in assigned
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    ]


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, Choice):
        yield value.label
    elif isinstance(value, dict | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _sentences(part)
    elif isinstance(value, str):
        yield value


def _all() -> list[tuple[str, str]]:
    return [(name, sentence) for name in _constants() for sentence in _sentences(getattr(texts, name))]


def test_every_constant_is_used() -> None:
    used = {name for path in files("handlers", "bot", "services") for name, _ in mentions(path)}
    inside = [
        node.id for node in ast.walk(tree_of(TEXTS)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    spoken = {name.split(".")[2] for name in used if name.startswith("handlers.texts.")} | set(inside)
    assert [name for name in _constants() if name not in spoken] == []


@pytest.mark.parametrize(("name", "sentence"), _all())
def test_no_line_is_too_wide(name: str, sentence: str) -> None:
    filled = sentence.format(**(BUREAU.variables() | FILLING))
    assert [line for line in filled.split("\n") if len(line) > WIDEST] == []


def test_every_blank_is_known() -> None:
    blanks = {field for _, sentence in _all() for _, field, _, _ in string.Formatter().parse(sentence) if field}
    assert blanks <= set(FILLING) | set(BUREAU.variables())


def test_nobody_is_shouted_at() -> None:
    assert [name for name, sentence in _all() if "!" in sentence or "\uff01" in sentence] == []
