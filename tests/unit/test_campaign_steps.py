"""What a campaign says: known blanks only, never a threat, and lines that fit an old person's screen."""

from datetime import date, datetime, timedelta

import pytest

from core.clock import CHINA
from core.errors import Refusal
from db.campaigns import Campaign
from knowledge.content import read_content
from services import campaign_steps
from services.campaign_steps import BLANKS, check, check_text, default_steps, expires, moments

FILLED = {"name": "欧阳同志", "deadline": "12月31日", "station": "城关镇退役军人服务站", "phone": "0573-88001234"}
NINE = datetime(2027, 6, 23, 9, tzinfo=CHINA)


def test_the_shipped_steps_pass_their_own_check_and_climb() -> None:
    assert check(default_steps()) == default_steps()
    assert [step["rung"] for step in default_steps()] == list(campaign_steps.RUNGS)
    assert set(FILLED) == set(BLANKS)
    for step in default_steps():
        lines = campaign_steps.fill(step["text"], FILLED).split("\n")
        assert [line for line in lines if len(line) > 60] == []
        assert not {"!", "\uff01"} & set(step["text"])


@pytest.mark.parametrize(
    "text",
    ["", "   ", "{elder}，您好", "{name，您好", "{}", "{0}", "{name!r}", "{name:>9}", "{name.__class__}", "再不办就停发", "后果自负", "字" * 301],
)  # fmt: skip
def test_what_nobody_should_get_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        check_text(text)


def test_steps_are_put_in_their_order() -> None:
    steps = [{"days": 3, "rung": "case", "text": "丙"}, {"days": -7, "rung": "grid", "text": "乙"}]
    found = check([*steps, {"days": None, "rung": "person", "text": "甲"}])
    assert [step["text"] for step in found] == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    "days", [[], [-7], [None, None], [None, -7, -7], [None, 400], [None, *range(8)]], ids=str
)  # fmt: skip
def test_steps_that_make_no_ladder(days: list[int | None]) -> None:
    with pytest.raises(Refusal):
        check([{"days": day, "rung": "person", "text": "您好"} for day in days])


def test_an_unknown_rung() -> None:
    with pytest.raises(Refusal):
        check([{"days": None, "rung": "police", "text": "您好"}])


def test_moments_are_at_nine_in_china() -> None:
    campaign = Campaign(opens_on=date(2027, 3, 1), deadline=date(2027, 6, 30), steps=default_steps())
    assert [moment.strftime("%m-%d %H:%M") for moment in moments(campaign)] == [
        "03-01 09:00", "05-31 09:00", "06-23 09:00", "06-29 09:00", "07-03 09:00",
    ]  # fmt: skip
    assert all(moment.utcoffset() == timedelta(hours=8) for moment in moments(campaign))


def test_a_notice_ends_before_the_day_of_the_next_step() -> None:
    assert expires(NINE + timedelta(days=6), NINE) == datetime(2027, 6, 29, tzinfo=CHINA)
    assert expires(None, NINE) == NINE + timedelta(days=7)
    late = datetime(2027, 6, 28, 23, 30, tzinfo=CHINA)
    assert late < expires(datetime(2027, 6, 29, 9, tzinfo=CHINA), late) <= datetime(2027, 6, 29, 9, tzinfo=CHINA)


def test_the_basis_is_the_shipped_fact() -> None:
    basis = campaign_steps.basis_of(read_content(None).facts[campaign_steps.BASIS_FACT])
    assert "军人抚恤优待条例" in basis
    assert "第八条" in basis
    assert "2024" in basis
