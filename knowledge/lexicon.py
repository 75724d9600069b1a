"""Read lexicon.yaml: words, small talk, other offices' matters, journeys and crisis phrasings."""

from pathlib import Path

from knowledge.entry import AskFirst, Lexicon, Small, Spoken
from knowledge.fields import Fields, name_of
from knowledge.load import read_yaml
from knowledge.problem import Problem

JOURNEYS = ("handoff", "goods", "jobs", "reminders", "booking")
CRISES = ("self_harm", "violence", "medical")


def read_lexicon(path: Path, problems: list[Problem]) -> Lexicon:
    """Read the lexicon; faults go to `problems`."""
    content = read_yaml(path, problems)
    top = Fields({} if content is None else content, path.name, "", problems)
    top.only({"words", "places", "categories", "journeys", "smalltalk", "elsewhere", "crisis", "hot", "ask_first"})
    journeys = Fields(top.row.get("journeys"), path.name, "journeys", problems)
    journeys.only(set(JOURNEYS))
    crisis = Fields(top.row.get("crisis"), path.name, "crisis", problems)
    crisis.only({*CRISES, "not_crisis"})
    return Lexicon(
        words=_pairs(top, "words"),
        places=_pairs(top, "places"),
        categories=_lists(top, "categories"),
        journeys={name: _spoken(journeys, name, "phrasings") for name in JOURNEYS},
        smalltalk=_smalls(top, "smalltalk"),
        elsewhere=_smalls(top, "elsewhere"),
        crisis={kind: _spoken(crisis, kind, "plain", "indirect", "other") for kind in CRISES},
        not_crisis=crisis.texts("not_crisis"),
        hot=top.texts("hot"),
        ask_first=tuple(_ask_first(row, path.name, problems) for row in top.rows("ask_first")),
    )


def _pairs(top: Fields, field: str) -> dict[str, str]:
    row = top.row.get(field)
    if row is None:
        return {}
    if not isinstance(row, dict) or not all(isinstance(x, str) and x.strip() for pair in row.items() for x in pair):
        top.fault(field, "应是“说法： 标准词”，两边都是文字")
        return {}
    return dict(row)


def _lists(top: Fields, field: str) -> dict[str, tuple[str, ...]]:
    inner = Fields(top.row.get(field), top.file, field, top.problems)
    if not all(isinstance(name, str) for name in inner.row):
        inner.fault("", "每一类的名字都应是文字")
    return {name: inner.texts(name) for name in inner.row if isinstance(name, str)}


def _smalls(top: Fields, field: str) -> tuple[Small, ...]:
    smalls = []
    for row in top.rows(field):
        inner = Fields(row, top.file, f"{field} {name_of(row, 'slug')}", top.problems)
        inner.only({"slug", "phrasings", "reply", "office"})
        smalls.append(Small(inner.need("slug"), inner.texts("phrasings"), inner.text("reply"), inner.text("office")))
    return tuple(smalls)


def _ask_first(row: object, file: str, problems: list[Problem]) -> AskFirst:
    inner = Fields(row, file, f"ask_first {name_of(row, 'slug')}", problems)
    inner.only({"slug", "cues", "told", "ask", "choices"})
    return AskFirst(
        inner.need("slug"), inner.texts("cues"), inner.texts("told"), inner.need("ask"), _pairs(inner, "choices")
    )


def _spoken(outer: Fields, name: str, *lists: str) -> Spoken:
    inner = Fields(outer.row.get(name), outer.file, name, outer.problems)
    inner.only({"cues", *lists})
    return Spoken(tuple(p for field in lists for p in inner.texts(field)), inner.texts("cues"))
