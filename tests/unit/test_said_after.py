"""Follow-ups, fraud, a death and words of danger: sentences written and labelled before the code; half of them taught nothing."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from knowledge import calm, fraud
from knowledge.follow import asks_cost, names_only
from knowledge.heard import Context, Heard
from knowledge.index import Snapshot
from knowledge.normalise import simplify

ROWS = Path(__file__).with_name("said_after.tsv")
FLOORS = {"follow-up": 0.7, "fraud": 0.65, "death": 0.75, "danger": 1.0}
KINDS = {"a": "follow-up", "b": "fraud", "c": "death", "d": "danger"}


def meanings(heard: Heard) -> set[str]:
    """Return what a text was heard as: danger, a question back, or the entry that answers it."""
    if heard.crisis:
        return {"crisis"}
    slugs = {answer.entry.slug for answer in heard.answers[:1]}
    return slugs | {"calm"} | {"ask" for _ in [heard.ask] if heard.ask} | {"fz" for slug in slugs if slug[:3] == "fz-"}


def is_right(heard: Heard, wanted: str) -> bool:
    found = meanings(heard)
    if wanted.startswith("!"):
        return wanted[1:] not in found
    return bool(found & set(wanted.split(",")))


def heard_after(snapshot: Snapshot, slug: str, said: str) -> Heard:
    context = Context(slug, snapshot.entries[slug].question) if slug else Context()
    return snapshot.hear(said, context)


@pytest.mark.parametrize("half", ["tuned", "kept"])
def test_what_is_said_after_an_answer_of_a_fraud_of_a_death_and_in_danger(snapshot: Snapshot, half: str) -> None:
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    with ROWS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["half"] == half:
                asked[KINDS[row["kind"]]] += 1
                right[KINDS[row["kind"]]] += is_right(heard_after(snapshot, row["before"], row["said"]), row["want"])
    assert {kind: (right[kind], of) for kind, of in asked.items() if right[kind] < FLOORS[kind] * of} == {}


@pytest.mark.parametrize(
    ("before", "said", "entry"),
    [
        ("ydz-apply", "要交多少钱", "ydz-fee"), ("gr-apply", "要花钱吗", "gr-fee"), ("px-signup", "收费吗", "px-free"),
        ("ydz-apply", "多久能下来", "ydz-time"), ("ydz-apply", "能代办吗", "ydz-agent"), ("rz-how", "能代办吗", "rz-proxy"),
        ("ydz-apply", "网上能办吗", "ydz-online"), ("cj-late", "要哪些材料", "cj-late-docs"), ("gr-apply", "坏了呢", "gr-broken"),
        ("jt-survivor", "浙江的呢", "jt-zhejiang"), ("sw-getihu", "那陕西呢", "sw-shaanxi"), ("ydz-lost", "去哪补", "ydz-lost"),
    ],
)  # fmt: skip
def test_the_same_words_mean_what_the_last_answer_was_about(
    snapshot: Snapshot, before: str, said: str, entry: str
) -> None:
    heard = heard_after(snapshot, before, said)
    assert heard.answers[0].entry.slug == entry
    assert snapshot.leans(said)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("rz-how", "公交免费吗"),
        ("ydz-apply", "光荣牌怎么申请"),
        ("jt-bus", "那生存认证怎么办"),
        ("ydz-record", "不动产证去哪办"),
    ],
)
def test_words_that_name_their_own_subject_stand_by_themselves(snapshot: Snapshot, before: str, said: str) -> None:
    alone, after = snapshot.hear(said, Context()), heard_after(snapshot, before, said)
    assert (after.outcome, after.answers) == (alone.outcome, alone.answers)


def test_a_place_without_a_rule_of_its_own_gets_the_nationwide_one_and_what_it_has(snapshot: Snapshot) -> None:
    heard = heard_after(snapshot, "jt-bus", "浙江的呢")
    assert (heard.part, heard.answers[0].entry.slug, heard.near[0].slug) == ("there", "jt-bus", "jt-zhejiang")
    assert heard_after(snapshot, "ydz-fee", "浙江的呢").near == ()


def test_another_offices_fraud_stays_with_that_office(snapshot: Snapshot) -> None:
    text = "买养老项目公司老板失联了,是不是被骗了"
    assert fraud.told(text)
    assert (snapshot.hear(text, Context()).outcome, snapshot.hear(text, Context()).answers) == ("refuse", ())


def test_who_has_died_is_asked_once_and_not_when_it_was_said(snapshot: Snapshot) -> None:
    heard = snapshot.hear("我父亲走了,抚恤金怎么领", Context())
    assert heard.ask is not None
    assert [entry.slug for entry in heard.near] == list(heard.ask.choices.values())
    assert snapshot.hear("我父亲是残疾军人,走了,抚恤金怎么领", Context()).ask is None
    assert snapshot.hear("我爸走了,光荣牌还能挂吗", Context()).ask is None


def test_every_choice_of_a_question_back_leads_to_an_entry(snapshot: Snapshot) -> None:
    for ask in snapshot.content.lexicon.ask_first:
        assert set(ask.choices.values()) <= set(snapshot.entries)
        assert all(len(line) <= 60 for line in [*ask.ask.split("\n"), *ask.choices])


@pytest.mark.parametrize(
    "text",
    ["有人说我能领补助", "我在岛上当兵", "你们打电话通知我的", "银行卡丢了补助怎么办", "要交多少钱", "扫码认证不会弄"],
)
def test_no_fraud_without_a_stranger_who_wants_something(text: str) -> None:
    assert not fraud.told(simplify(text))


@pytest.mark.parametrize(
    "text",
    ["不想干了,想一了百了", "什么都不想干了", "我想死", "想死了", "我想死你们别管我", "想死你们了我马上来陪你们", "不想干了活着累",
     "我都不想干了只想睡过去", "想死我了结了算了"],
)  # fmt: skip
def test_only_a_text_without_another_word_is_a_greeting_or_a_wish_to_leave_a_job(text: str) -> None:
    assert not calm.nothing_else(text.replace(",", ""))


@pytest.mark.parametrize("text", ["不想干了", "这活我不想干了", "想死你们了", "班长我想死你了", "老战友们想死我了"])
def test_a_greeting_or_a_wish_to_leave_a_job_is_no_danger(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis is None


# Fixed with this test: two ways to read 我们 took for ever on a text of one repeated word.
@pytest.mark.parametrize("word", ["我", "我们", "战友", "工作", "怎么办"])
def test_a_repeated_word_is_read_at_once(word: str) -> None:
    assert not calm.nothing_else(word * 400)
    assert not calm.nothing_else((word * 30)[:30])


def test_words_of_cost_and_of_place() -> None:
    assert all(asks_cost(text) for text in ("要交多少钱", "收费吗", "要花钱吗", "免费吗?", "那要交钱不"))
    assert not any(asks_cost(text) for text in ("一个月多少钱", "给多少钱", "钱什么时候到"))
    assert all(names_only(text, "@") for text in ("@的呢", "那@呢", "我是@的", "@怎么说"))
    assert not any(names_only(text, "@") for text in ("@的公交呢", "公交"))
