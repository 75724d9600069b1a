"""Read services.yaml: what people usually come to a station for, with what to bring out of a cited entry, never of our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.entry import Entry
from knowledge.fields import Fields, name_of
from knowledge.load import read_yaml
from knowledge.problem import Problem

MINUTES = range(5, 481)
"""How long one visit may take."""
PLACES = range(1, 51)
"""How many may be served at the same time."""


@dataclass(frozen=True, slots=True)
class VisitService:
    """One thing that is done at a station (事项), as it is shipped."""

    name: str
    words: tuple[str, ...]
    bring: tuple[str, ...]
    """Of the entry; without one nobody has written down what to bring, and nothing is said of it."""
    entry: str | None
    minutes: int
    capacity: int


def read_visit_services(
    path: Path, entries: Mapping[str, Entry], problems: list[Problem]
) -> Mapping[str, VisitService]:  # fmt: skip
    """Read the file; faults go to `problems`."""
    content = read_yaml(path, problems)
    top = Fields({} if content is None else content, path.name, "", problems)
    top.only({"services"})
    found: dict[str, VisitService] = {}
    owner: dict[str, str] = {}
    for row in top.rows("services"):
        service = _service(row, path.name, entries, problems)
        found[service.name] = service
        for word in (service.name, *service.words):
            if owner.setdefault(word, service.name) != service.name:
                top.fault("services", f"{word} 同时写在 {owner[word]} 和 {service.name} 里")
    return found


def _service(row: object, file: str, entries: Mapping[str, Entry], problems: list[Problem]) -> VisitService:
    fields = Fields(row, file, name_of(row, "name"), problems)
    fields.only({"name", "words", "entry", "minutes", "capacity"})
    slug = fields.text("entry")
    entry = entries.get(slug) if slug else None
    if slug and entry is None:
        fields.fault("entry", f"没有 {slug} 这一条")
    return VisitService(
        fields.need("name"), fields.texts("words"), entry.bring if entry else (), slug,
        _count(fields, "minutes", MINUTES), _count(fields, "capacity", PLACES),
    )  # fmt: skip


def _count(fields: Fields, name: str, allowed: range) -> int:
    value: Any = fields.row.get(name)
    if isinstance(value, int) and value in allowed:
        return value
    fields.fault(name, f"应是 {allowed[0]} 到 {allowed[-1]} 的整数")
    return allowed[0]
