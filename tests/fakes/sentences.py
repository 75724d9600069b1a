"""The sentences of handlers, as every screen of an old person has to hold them: short lines, nobody shouted at."""

import string
from collections.abc import Mapping
from types import ModuleType

from core.reply import Choice

WIDEST = 60
"""Characters of a line."""


def check_sentences(module: ModuleType, filling: Mapping[str, object]) -> None:
    """Fail where a sentence of a module has a blank that is not known, a line that is too long, or shouts."""
    sentences = _sentences(module)
    assert sentences
    for sentence in sentences:
        assert {field for _, field, _, _ in string.Formatter().parse(sentence) if field} <= set(filling)
        assert [line for line in sentence.format(**filling).split("\n") if len(line) > WIDEST] == []
        assert "!" not in sentence
        assert "\uff01" not in sentence


def _sentences(module: ModuleType) -> list[str]:
    found = []
    for name, value in vars(module).items():
        if name.isupper() and not name.startswith("_"):
            parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
            found += [part.label if isinstance(part, Choice) else part for part in parts]
    return [part for part in found if isinstance(part, str) and any(sign >= "\u4e00" for sign in part)]
