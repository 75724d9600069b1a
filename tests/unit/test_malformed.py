"""However a file is damaged, its reader tells of it: no malformed file may raise, or pass and break what is built on it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.goods import read_offers
from knowledge.lexicon import read_lexicon
from knowledge.load import read_entries, read_facts
from knowledge.problem import Problem
from knowledge.profile import read_profile
from tests.journeys.world import VILLAGE, village

Reader = Callable[[Path, list[Problem]], object]
READERS: dict[str, Reader] = {
    "faq": lambda path, problems: read_entries([path], village().facts, problems),
    "offers": lambda path, problems: read_offers([path], problems),
    "lexicon": read_lexicon,
    "facts": read_facts,
    "bureau": read_profile,
}
keys = st.one_of(st.text("ab", max_size=2), st.integers(0, 2), st.none(), st.booleans())
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4), st.just(date(2026, 1, 1))),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(keys, inner, max_size=2)),
    max_leaves=4,
)  # fmt: skip


def damaged(content: Any, choose: Callable[[int], int], value: Any) -> Any:
    """Return content with one part, at any depth, exchanged for a value."""
    names = list(content) if isinstance(content, dict) else range(len(content)) if isinstance(content, list) else []
    chosen = choose(len(names))
    if chosen == len(names):
        return value
    part = damaged(content[names[chosen]], choose, value)
    if isinstance(content, dict):
        return content | {names[chosen]: part}
    return [*content[:chosen], part, *content[chosen + 1 :]]


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), value=values)
def test_a_damaged_file_never_raises(tmp_path: Path, name: str, data: st.DataObject, value: Any) -> None:
    content = yaml.safe_load((VILLAGE / f"{name}.yaml").read_text(encoding="utf-8"))
    if isinstance(content, dict):
        content = {key: part[:2] if isinstance(part, list) else part for key, part in content.items()}
    path = tmp_path / "damaged.yaml"
    bad = damaged(content, lambda most: data.draw(st.integers(0, most)), value)
    path.write_text(yaml.safe_dump(bad, allow_unicode=True), encoding="utf-8")
    problems: list[Problem] = []
    READERS[name](path, problems)
    assert all(str(problem).startswith("damaged.yaml: ") for problem in problems)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("ab:-{}[]&*!|>'\"#,%@\\ \n\t优", max_size=30))
def test_any_text_never_raises(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(text, encoding="utf-8")
    READERS[name](path, [])
