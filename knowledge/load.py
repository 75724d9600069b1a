"""Read entries and facts from YAML and check every rule of docs/knowledge-format.md that a machine can check."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from knowledge.entry import NATIONWIDE, PHRASING_KINDS, STAGES, Entry, Fact, Source
from knowledge.fields import Fields, name_of
from knowledge.problem import Problem

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLUG_LENGTH = 48
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
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except Exception as error:  # noqa: BLE001 - 2026-02-30 or a bad tag makes yaml raise nearly anything
        problems.append(Problem(path.name, "", "", f"文件读不了：{' '.join(str(error).split())}"))
        return None
    if content is None:
        problems.append(Problem(path.name, "", "", "文件是空的"))
    return content


def read_rows(path: Path, name: str, problems: list[Problem]) -> list[Any]:
    """Read the rows that a file lists under a name; what else it says holds for each row that does not say otherwise."""
    content = read_yaml(path, problems)
    if content is None:
        return []
    if not isinstance(content, dict) or not isinstance(content.get(name), list):
        problems.append(Problem(path.name, "", name, f"文件里要有 {name} 这一列"))
        return []
    defaults = {k: v for k, v in content.items() if k != name}
    return [{**defaults, **row} if isinstance(row, dict) else row for row in content[name]]


def read_facts(path: Path, problems: list[Problem]) -> dict[str, Fact]:
    """Read facts.yaml."""
    facts = {}
    content = read_yaml(path, problems)
    if not isinstance(content, list | None):
        problems.append(Problem(path.name, "", "", "应是一列事实"))
        return {}
    for row in content or []:
        fields = Fields(row, path.name, name_of(row, "id"), problems)
        source = Source(
            fields.text("title"),
            fields.text("number"),
            fields.text("article"),
            fields.day("effective_from"),
            fields.text("url"),
        )
        name, current = fields.need("id"), fields.row.get("current", True)
        if not isinstance(current, bool):
            fields.fault("current", "应是 true 或 false")
        facts[name] = Fact(
            name, fields.need("topic"), fields.need("fact"), source, fields.need("scope"), fields.need("confidence"),
            current is True,
        )  # fmt: skip
    return facts


def read_entries(paths: Iterable[Path], facts: Mapping[str, Fact], problems: list[Problem]) -> dict[str, Entry]:
    """Read entry files; of two entries with one slug in different folders the later file's stands."""
    entries: dict[str, Entry] = {}
    origin: dict[str, Path] = {}
    for path in paths:
        for row in read_rows(path, "entries", problems):
            entry = read_entry(row, path.name, facts, problems)
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
    fields = Fields(row, file, name_of(row, "slug"), problems)
    fields.only(ENTRY_FIELDS)
    cited = fields.texts("facts")
    reviewed = fields.day("reviewed_on")
    entry = Entry(
        slug=fields.need("slug"),
        stage=fields.need("stage"),
        topic=fields.need("topic"),
        question=fields.need("question"),
        phrasings=_phrasings(fields),
        answer=fields.need("answer"),
        facts=cited,
        sources=_sources(fields) or sources_of(cited, facts),
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
    found = {kind: texts for kind in PHRASING_KINDS if (texts := inner.texts(kind))}
    if sum(map(len, found.values())) < _LEAST_PHRASINGS or len(found) < _LEAST_KINDS:
        fields.fault("phrasings", f"至少 {_LEAST_PHRASINGS} 种问法、{_LEAST_KINDS} 个种类")
    return found


def sources_of(cited: Iterable[str], facts: Mapping[str, Fact]) -> tuple[Source, ...]:
    """Return the sources that facts give, for an entry that names none of its own."""
    return tuple(dict.fromkeys(facts[f].source for f in cited if f in facts and facts[f].source.title))


def _sources(fields: Fields) -> tuple[Source, ...]:
    sources = []
    for row in fields.rows("sources"):
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
    texts = [(name, getattr(entry, name) or "") for name in ("answer", "where", "how_long", "note")]
    texts += [("bring", thing) for thing in entry.bring]
    if sum(len(text) for _, text in texts) > _TEXT_LENGTH:
        fields.fault("answer", f"回答太长，合计最多 {_TEXT_LENGTH} 字")
    for field, text in texts:
        _check_variables(field, text, fields)


def _check_variables(field: str, text: str, fields: Fields) -> None:
    """Fault what str.format would stumble over when the text is said."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        fields.fault(field, "花括号 { } 要成对，里面只写变量名")
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in VARIABLES or form or conversion):
            fields.fault(field, f"没有 {{{name}}} 这个变量，或写法不对，只有 {' '.join(sorted(VARIABLES))}")


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
