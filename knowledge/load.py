"""Read entries and facts from YAML and check every rule of docs/knowledge-format.md that a machine can check."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.entry import NATIONWIDE, PHRASING_KINDS, STAGES, Entry, Fact, Source
from knowledge.fields import Fields
from knowledge.problem import Problem

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLUG_LENGTH = 48
_VARIABLE = re.compile(r"{(\w*)}")
VARIABLES = {"bureau", "phone", "address", "hours"}
_LEAST_PHRASINGS, _LEAST_KINDS = 6, 4
_TEXT_LENGTH = 420
"""Characters of one answer: three fit into WeChat's 2,048 bytes less often, but one always does."""

ENTRY_FIELDS = {
    "slug", "stage", "topic", "question", "phrasings", "answer", "bring", "where", "how_long", "note", "facts",
    "sources", "scope", "general", "who", "valid_from", "valid_to", "reviewed_on", "related",
}  # fmt: skip


def read_yaml(path: Path, problems: list[Problem]) -> Any:
    """Parse one file; a broken one is a problem, not an exception."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(Problem(path.name, "", "", f"文件读不了：{' '.join(str(error).split())}"))
        return None


def read_facts(path: Path, problems: list[Problem]) -> dict[str, Fact]:
    """Read facts.yaml."""
    facts = {}
    for row in read_yaml(path, problems) or []:
        fields = Fields(row, path.name, str(row.get("id")), problems)
        source = Source(
            fields.text("title"),
            fields.text("number"),
            fields.text("article"),
            fields.day("effective_from"),
            fields.text("url"),
        )
        facts[fields.need("id")] = Fact(
            fields.need("id"), fields.need("topic"), fields.need("fact"), source, fields.need("scope"),
            fields.need("confidence"), row.get("current", True),
        )  # fmt: skip
    return facts


def read_entries(paths: Iterable[Path], facts: Mapping[str, Fact], problems: list[Problem]) -> dict[str, Entry]:
    """Read entry files; of two entries with one slug in different folders the later file's stands."""
    entries: dict[str, Entry] = {}
    origin: dict[str, Path] = {}
    for path in paths:
        content = read_yaml(path, problems)
        if content is None:
            continue
        if not isinstance(content, dict) or not isinstance(content.get("entries"), list):
            problems.append(Problem(path.name, "", "entries", "文件里要有 entries 这一列"))
            continue
        defaults = {k: v for k, v in content.items() if k != "entries"}
        for row in content["entries"]:
            entry = read_entry({**defaults, **row} if isinstance(row, dict) else row, path.name, facts, problems)
            if entry is None:
                continue
            if entry.slug in entries and origin[entry.slug].parent == path.parent:
                problems.append(Problem(path.name, entry.slug, "slug", f"和 {origin[entry.slug].name} 里的重名"))
            entries[entry.slug], origin[entry.slug] = entry, path
    _check_links(entries, origin, problems)
    return entries


def read_entry(row: Any, file: str, facts: Mapping[str, Fact], problems: list[Problem]) -> Entry | None:
    """Read one entry; None when it has any fault."""
    before = len(problems)
    fields = Fields(row, file, str(row.get("slug")) if isinstance(row, dict) else "?", problems)
    fields.only(ENTRY_FIELDS)
    cited = [facts[f] for f in fields.texts("facts") if f in facts]
    reviewed = fields.day("reviewed_on")
    entry = Entry(
        slug=fields.need("slug"),
        stage=fields.need("stage"),
        topic=fields.need("topic"),
        question=fields.need("question"),
        phrasings=_phrasings(fields),
        answer=fields.need("answer"),
        facts=fields.texts("facts"),
        sources=_sources(fields, cited),
        scope=fields.need("scope"),
        who=fields.texts("who"),
        reviewed_on=reviewed,  # type: ignore[arg-type]  # checked next
        bring=fields.texts("bring"),
        where=fields.text("where"),
        how_long=fields.text("how_long"),
        note=fields.text("note"),
        general=fields.text("general"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        related=fields.texts("related"),
    )
    _check(entry, fields, facts)
    return entry if len(problems) == before else None


def _phrasings(fields: Fields) -> dict[str, tuple[str, ...]]:
    row = fields.row.get("phrasings")
    if not isinstance(row, dict):
        fields.fault("phrasings", f"要按问法种类分列：{' '.join(PHRASING_KINDS)}")
        return {}
    inner = Fields(row, fields.file, fields.entry, fields.problems)
    inner.only(set(PHRASING_KINDS))
    found = {kind: inner.texts(kind) for kind in PHRASING_KINDS if row.get(kind)}
    if sum(map(len, found.values())) < _LEAST_PHRASINGS or len(found) < _LEAST_KINDS:
        fields.fault("phrasings", f"至少 {_LEAST_PHRASINGS} 种问法、{_LEAST_KINDS} 个种类")
    return found


def _sources(fields: Fields, cited: list[Fact]) -> tuple[Source, ...]:
    if not fields.row.get("sources"):
        return tuple(dict.fromkeys(fact.source for fact in cited if fact.source.title))
    sources = []
    for row in fields.row["sources"]:
        inner = Fields(row, fields.file, fields.entry, fields.problems)
        inner.only({"title", "number", "article", "effective_from", "url"})
        sources.append(
            Source(
                inner.need("title"),
                inner.text("number"),
                inner.text("article"),
                inner.day("effective_from"),
                inner.text("url"),
            )
        )
    return tuple(sources)


def _check(entry: Entry, fields: Fields, facts: Mapping[str, Fact]) -> None:
    if entry.slug and (not _SLUG.fullmatch(entry.slug) or len(entry.slug) > _SLUG_LENGTH):
        fields.fault("slug", "只用小写字母、数字和连字符，至少两段，最多 48 个字符")
    if entry.stage not in STAGES:
        fields.fault("stage", f"只能是 {' '.join(STAGES)}")
    if not fields.row.get("reviewed_on"):
        fields.fault("reviewed_on", "缺少审核日期")
    if entry.scope not in ("", NATIONWIDE) and not entry.general:
        fields.fault("general", "地方条目要写明别处由哪一条回答")
    _check_facts(entry, fields, facts)
    _check_texts(entry, fields)


def _check_facts(entry: Entry, fields: Fields, facts: Mapping[str, Fact]) -> None:
    for fact in entry.facts:
        if fact not in facts:
            fields.fault("facts", f"没有 {fact} 这条事实")
        elif not facts[fact].usable:
            fields.fault("facts", f"{fact} 已过时或可信度低，不能作为依据")
    if not entry.facts and not fields.row.get("sources"):
        fields.fault("facts", "没有事实也没有来源，不能回答")


def _check_texts(entry: Entry, fields: Fields) -> None:
    texts = [entry.answer, entry.where or "", entry.how_long or "", entry.note or "", *entry.bring]
    if sum(map(len, texts)) > _TEXT_LENGTH:
        fields.fault("answer", f"回答太长，合计最多 {_TEXT_LENGTH} 字")
    for name in set(_VARIABLE.findall("".join(texts))) - VARIABLES:
        fields.fault("answer", f"没有 {{{name}}} 这个变量，只有 {' '.join(sorted(VARIABLES))}")


def _check_links(entries: Mapping[str, Entry], origin: Mapping[str, Path], problems: list[Problem]) -> None:
    for entry in entries.values():
        links = [("related", slug) for slug in entry.related]
        if entry.general:
            links.append(("general", entry.general))
        problems += [
            Problem(origin[entry.slug].name, entry.slug, field, f"没有 {slug} 这一条")
            for field, slug in links
            if slug not in entries
        ]
    asked = Counter(phrasing for entry in entries.values() for phrasing in entry.asked_as())
    for entry in entries.values():
        problems += [
            Problem(origin[entry.slug].name, entry.slug, "phrasings", f"这个问法写了不止一次：{phrasing}")
            for phrasing in entry.asked_as()
            if asked[phrasing] > 1
        ]
