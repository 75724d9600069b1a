"""Who takes part, what they say, and what of it was acknowledged: what must be true is told from this alone."""

from dataclasses import dataclass, field

from core.turn import Inbound

PEOPLE = (("telegram", "7"), ("web", "7"), ("telegram", "8"))
NAMES = ("钱有才", "孙得胜", "李为民")
TELEGRAM_ID = 900
WORDS = {
    "question": "优待证怎么办", "danger": "我不想活了", "petition": "我要上访", "person": "找人工", "end": "结束", "progress": "查进度",
    "again": "重说", "stop": "退出",
}  # fmt: skip


@dataclass
class Heard:
    """One update of a person, and what stood before and after it where nothing else happened at once."""

    inbound: Inbound
    person: int
    sort: str
    case: int | None = None
    owner: int | None = None
    after: int | None = None
    alone: bool = True


@dataclass
class Answer:
    """What staff wrote to a person under one key."""

    token: str
    person: int
    case: int
    staff: int
    ids: list[int] = field(default_factory=list)
