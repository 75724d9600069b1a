"""Read jobs.yaml: kinds of work, perks, which kinds stand first on a menu, and words that only ask."""

from pathlib import Path

from knowledge.fields import Fields, name_of
from knowledge.job_words import OTHER, JobKind, JobWords
from knowledge.load import read_yaml
from knowledge.normalise import simplify
from knowledge.problem import Problem

_LONGEST_NAME = 12
"""Characters of a kind's name: it stands in an action of 64 bytes."""


def read_job_words(path: Path, problems: list[Problem]) -> JobWords:
    """Read the file; faults go to `problems`."""
    content = read_yaml(path, problems)
    top = Fields({} if content is None else content, path.name, "", problems)
    top.only({"kinds", "perks", "popular", "asking"})
    kinds = {kind.name: kind for row in top.rows("kinds") if (kind := _kind(row, path.name, problems)).name}
    _check_words(kinds, top)
    popular = top.texts("popular")
    for name in (*popular, OTHER):
        if name not in kinds:
            top.fault("popular", f"没有 {name} 这个工种")
    return JobWords(kinds, _perks(top), popular, top.texts("asking"))


def _kind(row: object, file: str, problems: list[Problem]) -> JobKind:
    fields = Fields(row, file, name_of(row, "name"), problems)
    fields.only({"name", "words", "where", "hazard"})
    name, hazard = fields.need("name"), fields.row.get("hazard", False)
    if len(name) > _LONGEST_NAME:
        fields.fault("name", f"最多 {_LONGEST_NAME} 个字")
    if not isinstance(hazard, bool):
        fields.fault("hazard", "应是 true 或 false")
    return JobKind(name, fields.texts("words"), fields.texts("where"), hazard is True)


def _check_words(kinds: dict[str, JobKind], top: Fields) -> None:
    """Fault a word that two kinds claim: it would mean whichever was read last."""
    owner: dict[str, str] = {}
    for kind in kinds.values():
        for word in map(simplify, (kind.name, *kind.words, *kind.where)):
            if owner.setdefault(word, kind.name) != kind.name:
                top.fault("kinds", f"{word} 同时写在 {owner[word]} 和 {kind.name} 里")


def _perks(top: Fields) -> dict[str, tuple[str, ...]]:
    inner = Fields(top.row.get("perks"), top.file, "perks", top.problems)
    return {str(name): inner.texts(str(name)) for name in inner.row}
