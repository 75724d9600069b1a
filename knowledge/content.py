"""Everything that the knowledge files say, read and checked, and what of it can be meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from knowledge.entry import Entry, Fact, Lexicon, Offer, Profile
from knowledge.goods import read_offers
from knowledge.job_file import read_job_words
from knowledge.job_words import JobWords
from knowledge.lexicon import read_lexicon
from knowledge.load import read_entries, read_facts
from knowledge.match import Document
from knowledge.problem import BadKnowledge, Problem
from knowledge.profile import read_profile
from knowledge.visit_services import VisitService, read_visit_services

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Content:
    """Everything read from files, checked."""

    entries: Mapping[str, Entry]
    facts: Mapping[str, Fact]
    lexicon: Lexicon
    offers: Mapping[str, Offer]
    profile: Profile
    provinces: Mapping[str, Sequence[str]]
    jobs: JobWords
    visit_services: Mapping[str, VisitService]


def read_content(folder: Path | None) -> Content:
    """Read the shipped files and, over them, those of the bureau's own folder.

    Raises:
        BadKnowledge: with every problem found, when there is any.
    """
    problems: list[Problem] = []
    folders = [SHIPPED, *([folder / "knowledge"] if folder else [])]
    facts = read_facts(SHIPPED / "facts.yaml", problems)
    entries = read_entries([p for f in folders for p in sorted((f / "faq").glob("*.yaml"))], facts, problems)
    content = Content(
        entries=entries,
        facts=facts,
        lexicon=read_lexicon(SHIPPED / "lexicon.yaml", problems),
        offers=read_offers([p for f in folders for p in sorted((f / "offers").glob("*.yaml"))], problems),
        profile=read_profile(folder / "bureau.yaml" if folder else None, problems),
        provinces=yaml.safe_load((SHIPPED / "places.yaml").read_text(encoding="utf-8")),
        jobs=read_job_words(SHIPPED / "jobs.yaml", problems),
        visit_services=read_visit_services(SHIPPED / "services.yaml", entries, problems),
    )
    if problems:
        raise BadKnowledge(problems)
    return content


def documents(content: Content, today: date) -> list[Document]:
    """Return everything that can be meant; keys are "kind:name"."""
    lexicon = content.lexicon
    entries = [entry for entry in content.entries.values() if entry.valid_on(today)]
    return [
        *(Document(f"faq:{e.slug}", e.asked_as(), e.answer + (e.note or "")) for e in entries),
        *(Document(f"journey:{name}", spoken.phrasings) for name, spoken in lexicon.journeys.items()),
        *(Document(f"smalltalk:{small.slug}", small.phrasings) for small in lexicon.smalltalk),
        *(Document(f"elsewhere:{small.slug}", small.phrasings) for small in lexicon.elsewhere),
        *(Document(f"crisis:{kind}", spoken.phrasings) for kind, spoken in lexicon.crisis.items()),
        Document("calm:calm", lexicon.not_crisis),
    ]
