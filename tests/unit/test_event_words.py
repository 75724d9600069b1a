"""The sentences of fairs and classes fit an old person's screen, and what is said to them is read as it is meant."""

from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from core.clock import CHINA
from db.events import Event, EventSignUp
from handlers import (
    contact_words,
    event_announce,
    event_door,
    event_fair,
    event_notices,
    event_place,
    event_screens,
    event_sign_up,
    event_subscribe,
    events,
)
from handlers.contact_words import Contact, kept, read_contact
from services.event_list import SignUp
from tests.fakes.sentences import WIDEST, check_sentences

MODULES = (
    contact_words, event_announce, event_door, event_fair, event_notices, event_place, event_screens, event_sign_up,
    event_subscribe, events,
)  # fmt: skip
TITLE = "长" * 30
"""As long as staff may write it."""
FILLING = {
    "who": "王同志", "title": TITLE, "when": "12月1日（周二）上午 9:00到下午 12:00", "facts": "", "reason": "仪器检修",
    "phone": "0573-88001234", "code": "ZP-A7K2", "place": "县体育馆", "closes": "11月30日（周一）上午 9:00", "count": 20,
    "reminded": "", "label": "招聘会", "room": "", "state": "", "number": 12, "first": "12月1日（周二）上午 9:00",
    "last": "下午 12:00", "month": 12, "day": 31, "waits": "", "categories": "退役军人、三属", "name": "桐乡市第一机械厂",
    "jobs": 12, "places": 120, "booth": "12号", "low": 6000, "high": 8000, "soon": "明天", "event": f"12月31日 {TITLE}",
    "text": "",
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_sentence_fits(module: ModuleType) -> None:
    check_sentences(module, FILLING)


def _event(**columns: Any) -> Event:
    begins = datetime(2026, 12, 5, 9, 0, tzinfo=CHINA)
    values = {
        "id": 10**15, "kind": "adaptation", "title": "长" * 30, "starts_at": begins, "closes_at": begins,
        "ends_at": begins + timedelta(hours=3), "place": "地" * 60, "about": "说明。" * 100, "bring": "证" * 120,
        "phone": "1" * 30, "materials": "资" * 600, "capacity": 10_000, "categories": ["退役军人", "三属"], "taken": 9_999, "reason": "因" * 100,
    }  # fmt: skip
    return Event(**(values | columns))


def test_the_longest_event_still_fits_and_loses_nothing() -> None:
    event = _event()
    one = SignUp(EventSignUp(id=10**15, event_id=event.id, code="PX-A7K2", status="active", reason="因" * 100), event)
    texts = [
        event_screens.facts(event, about=True), event_screens.place_facts(one), event_screens.room(event),
        event_screens.wrapped(event.materials), event_screens.short(event),
    ]  # fmt: skip
    texts += [words(one, "王同志") for words in event_notices._NEWS.values()]
    for text in texts:
        assert [line for line in text.split("\n") if len(line) > WIDEST] == [], text
    assert texts[0].count("说明。") == 100
    assert texts[0].count("证") == 120
    assert texts[3].count("资") == 600


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (timedelta(hours=2, minutes=30), "12月5日（周六）上午 9:00到上午 11:30"),
        (timedelta(hours=8), "12月5日（周六）上午 9:00到下午 5:00"),
        (timedelta(days=2, hours=7, minutes=5), "12月5日（周六）上午 9:00到12月7日（周一）下午 4:05"),
    ],
)
def test_when(ends: timedelta, said: str) -> None:
    event = _event()
    event.ends_at = event.starts_at + ends
    assert event_screens.when(event) == said


@pytest.mark.parametrize(
    ("said", "name", "phone"),
    [
        ("王建国 13812345678", "王建国", "13812345678"),
        ("我叫王建国，电话是 138 1234 5678", "王建国", "13812345678"),
        ("姓名：欧阳小红 手机：138-1234-5678", "欧阳小红", "13812345678"),
        ("13812345678王建国", "王建国", "13812345678"),
        ("１３８１２３４５６７８", None, "13812345678"),
        ("+86 13812345678 李秀英", "李秀英", "13812345678"),
        ("王建国 0573-88001234", "王建国", "057388001234"),
        ("王建国一三八一二三四五六七八", "王建国", "13812345678"),
        ("阿不都·热西提 13812345678", "阿不都·热西提", "13812345678"),
    ],
)
def test_a_name_and_a_number_however_they_are_written(said: str, name: str | None, phone: str) -> None:
    assert read_contact(said) == Contact(name, phone)


@pytest.mark.parametrize("said", ["王建国", "1381234567", "330402195001011234", "王建国 110", "几点开始", ""])
def test_what_is_no_contact_is_none(said: str) -> None:
    assert read_contact(said) is None


def test_the_transcript_keeps_no_more_than_the_mask() -> None:
    assert kept(Contact("欧阳小红", "13812345678")) == "欧阳** 138****5678"
    assert kept(Contact(None, "13812345678")) == "138****5678"
    assert kept(None) == "***"
