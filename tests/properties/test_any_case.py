"""People, staff, time and faults in any order: nothing is lost or doubled, nothing leaks, and only one side answers."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from handlers import texts
from tests.fakes.clock import SettableClock
from tests.properties.aftermath import drain, repeat_everything
from tests.properties.books import Books, read_books
from tests.properties.faults import MortalDatabase
from tests.properties.office import Office
from tests.properties.records import NAMES, PEOPLE, TELEGRAM_ID, WORDS, Heard

pytestmark = pytest.mark.properties

WORKDAY = 48 * 60
"""Minutes from the clock's Saturday to Monday at ten."""
person = st.sampled_from([0, 0, 0, 1, 2])
staff = st.sampled_from([0, 0, 1, 2])
speech = ["words", "words", "words", "words", "person", *WORDS, "0", "1", "2", "5", "9"]
acts = ["claim", "claim", "transfer", "close", "reopen", "false_alarm"]
talk = st.one_of(
    st.tuples(st.just("says"), person, st.sampled_from(speech)),
    st.tuples(
        st.just("sends"), person, st.sampled_from(["photo", "voice", "place"]), st.sampled_from(["", "words", "album"])
    ),
    st.tuples(st.just("answers_one"), staff, person, st.sampled_from(["words", "group", "long", "file"])),
    st.tuples(st.just("acts"), staff, person, st.sampled_from(acts)),
)
change = st.one_of(
    st.tuples(st.just("presses"), person, st.integers(0, 12)),
    st.tuples(st.just("edits_one"), person, st.integers(0, 5)),
    st.tuples(st.just("happens"), person, st.sampled_from(["blocked", "unblocked", "sticker"])),
    st.tuples(st.just("notes_one"), staff, person),
    st.tuples(st.just("acts"), staff, person, st.just("transfer"), staff),
    st.tuples(
        st.just("acts"), staff, person, st.just("change_kind"), st.sampled_from(["petition", "crisis", "benefit"])
    ),
)
fault = st.one_of(
    st.tuples(st.just("waits"), st.sampled_from([5, 45, 8 * 60, WORKDAY, 60 * 60, 8 * 24 * 60])),
    st.tuples(st.just("dies"), st.integers(1, 3)),
    st.tuples(
        st.just("mood"), st.sampled_from(["7", "8"]), st.sampled_from(["", "blocked", "rejected", "down", "pause"])
    ),
    st.tuples(st.just("delivers")),
)
one = talk | talk | change | fault
together = st.lists(talk | change, min_size=2, max_size=3).map(lambda some: ("at_once", some))
opening = st.permutations([("says", 0, "person"), ("says", 0, "words"), ("says", 1, "person")])


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])  # making a failure smaller takes minutes here
@given(st.booleans(), opening, st.lists(one | one | one | together, min_size=3, max_size=14))
@example(True, [("says", 0, "person")], [("acts", 0, 0, "claim"), ("says", 0, "end")])
@example(True, [("says", 0, "person")], [("answers_one", 0, 0, "group"), ("acts", 0, 0, "transfer")])
@example(False, [("says", 1, "person")], [("answers_one", 1, 1, "words"), ("acts", 1, 1, "close")])
async def test_any_order_of_both_sides(
    _template: Any,  # noqa: PT019 - each example has a database of its own
    group: bool,  # noqa: FBT001
    first: list[Any],
    steps: list[Any],
) -> None:
    async with _template.database() as url:
        database = MortalDatabase(url)
        office = Office(database, SettableClock())
        await office.open(group=group)
        for step in [*first, *steps]:
            await office.do(step)
        database.lives = None
        before = await read_books(database)
        await repeat_everything(office)
        assert (await read_books(database)).everything == before.everything
        await drain(office)
        books = await read_books(database)
        await database.close()
    check(office, books, group=group)


def check(office: Office, books: Books, *, group: bool) -> None:
    """Check all that must hold whatever happened."""
    _one_open_case_each(books)
    for record in office.heard.values():
        _in_the_case_once(office, books, record, group=group)
        if record.alone:
            _only_one_side_answers(books, record)
    _edits_are_kept(office, books)
    _answers_arrive_or_show(office, books)
    _notes_are_kept(office, books)
    _nothing_leaks(office, books)


def _one_open_case_each(books: Books) -> None:
    not_closed = {case.address_id: case.id for case in books.cases if case.status != "closed"}
    assert len(not_closed) == sum(case.status != "closed" for case in books.cases)
    assert {c.address_id: c.case_id for c in books.conversations if c.case_id is not None} == not_closed
    for case in books.cases:
        assert (case.status == "closed") == (case.closed_at is not None) == (case.outcome is not None)
        assert case.status != "closed" or (case.waiting_since, case.due_at, case.claimed_until) == (None, None, None)


def _in_the_case_once(office: Office, books: Books, record: Heard, *, group: bool) -> None:
    inbound = record.inbound
    (row,) = [row for row in books.inbox if (row.channel, row.event_id) == (inbound.channel, inbound.event_id)]
    assert row.error is None
    if record.alone:
        assert row.case_id == (record.after or record.case)
    elif row.case_id is not None:
        assert books.case(row.case_id).address_id == row.address_id
    assert len([a for a in books.attachments if a.event_id == row.event_id]) == len(inbound.media)
    words = inbound.kind == "text" or inbound.place is not None
    wanted = (words + len(inbound.media)) if row.case_id is not None and group else 0
    mine = re.compile(rf"staff:in:{row.channel}:{row.event_id}(@\d+)?")
    assert len([o for o in books.group if o.dedupe_key and mine.fullmatch(o.dedupe_key)]) == wanted


ALLOWED = {
    "words": (texts.CLOSED_HOURS,),
    "danger": (texts.CLOSED_HOURS, *texts.CRISIS.values()),
    "end": (texts.ENDED, texts.ASK_RATING, texts.NOT_WITHDRAWN),
    "sticker": (),
    "blocked": (),
    "unblocked": (),
}
FILES = dict.fromkeys(("photo", "voice", "place", "question", "petition"), ALLOWED["words"])
ASKED = (
    texts.CLOSED_HOURS, texts.WITH_STAFF, texts.PROGRESS, texts.RATED, texts.RATE_STALE, texts.WITHDRAWN, texts.NOT_WITHDRAWN
)  # fmt: skip


def _only_one_side_answers(books: Books, record: Heard) -> None:
    said = [o.payload["text"] for o in books.replies_to(record.inbound)]
    if record.owner is not None:
        allowed = (ALLOWED | FILES).get(record.sort, ASKED)
        assert all(any(_is(text, template) for template in allowed) for text in said), (record, said)
    elif record.sort in WORDS or record.sort == "words":
        assert said, record


def _is(text: str, template: str) -> bool:
    pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(template))
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def _edits_are_kept(office: Office, books: Books) -> None:
    for event_id, amendments in office.edits.items():
        (row,) = [i for i in books.inbox if i.event_id == event_id]
        versions = [v for v in books.versions if v.event_id == event_id]
        assert {row.text, *(v.text for v in versions)} >= {a.text for a in amendments}
        assert len(versions) == len(amendments)


def _answers_arrive_or_show(office: Office, books: Books) -> None:
    seen = Counter(token for text in office.channels["telegram"].seen for token in office.tokens if token in text)
    again = 0
    written = [o for o in books.outbox if o.staff_id is not None]
    for key, answer in office.answers.items():
        rows = [o for o in written if o.id in answer.ids]
        assert [o.dedupe_key for o in rows][:1] == [key]
        assert [o.id for o in written if answer.token in o.payload["text"]][:1] == answer.ids[:1]
        for row in rows:
            assert (row.case_id, row.staff_id) == (answer.case, office.staff[answer.staff].id)
            assert row.status in ("sent", "dead")
            assert row.status == "sent" or row.id in books.failures
        assert {a.outbox_id for a in books.attachments if a.outbox_id in answer.ids} <= set(answer.ids[-1:])
        first, on_telegram = rows[0], rows[0].channel == "telegram"
        if on_telegram and first.status == "sent":
            assert seen[answer.token] >= 1
            again += seen[answer.token] - len([o for o in rows if answer.token in o.payload["text"]])
    assert sorted(o.id for o in written) == sorted(i for a in office.answers.values() for i in a.ids)
    assert again <= office.kills


def _notes_are_kept(office: Office, books: Books) -> None:
    assert Counter(note.dedupe_key for note in books.notes) == Counter(key for key, _, _ in office.notes.values())


def _nothing_leaks(office: Office, books: Books) -> None:
    for row in books.outbox:
        text = str(row.payload)
        if row.address_id is None:
            assert (row.channel, row.recipient) == ("telegram", str(TELEGRAM_ID))
            continue
        who = PEOPLE.index(books.addresses[row.address_id])
        assert PEOPLE[who] == (row.channel, row.recipient)
        assert not [token for token, owner in office.tokens.items() if owner != who and token in text]
        assert not [token for token in (*office.notes, *office.refused, *NAMES) if token in text]
