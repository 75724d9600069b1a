"""Danger said plainly is always recognised, and strong words about small things are not danger."""

import pytest

from knowledge.heard import Context
from knowledge.index import Snapshot

PLAIN = {
    "self_harm": [
        "我不想活了",
        "我想自杀",
        "活着没意思,想死",
        "我爸说他要跳楼",
        "我想喝农药",
        "吃了一瓶安眠药",
        "我割腕了",
        "不如死了算了",
    ],
    "violence": ["我要杀了他", "我要砍死那个局长", "我要炸了你们单位", "他拿刀要砍人", "大家同归于尽"],
    "medical": [
        "我胸口疼得厉害喘不上气",
        "我爸晕倒了叫不醒",
        "老伴中风了嘴歪了说不出话",
        "摔倒了流了好多血",
        "我爸没有呼吸了",
        "突然半边身子动不了",
    ],
}
CALM = [
    "优待证怎么办", "生存认证怎么做", "体检什么时候", "烈士陵园在哪", "战友牺牲了有什么抚恤", "我爸去世了丧葬费怎么领", "饿死我了",
    "气死我了办个证跑三趟", "心理援助热线多少", "残疾军人看病报销", "公交免费吗", "急诊能优先吗", "这手续烦死人了", "自杀式袭击的电影",
    "我爸病故了补助还发吗", "120是什么电话", "部队医院怎么挂号",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PLAIN.items() for text in texts])
def test_danger(snapshot: Snapshot, kind: str, text: str) -> None:
    heard = snapshot.hear(text, Context())
    assert heard.journey == "crisis"
    assert heard.crisis == kind


def test_a_threat_with_a_knife(snapshot: Snapshot) -> None:
    assert snapshot.hear("我带刀去你们局里", Context()).crisis == "violence"


@pytest.mark.parametrize("text", CALM)
def test_no_danger(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis is None


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了,优待证也不用办了",
        "优待证怎么办?算了,我不想活了",
        "不想活了!!!",
        "我\u200b不想活\u202e了",
        "我不想活了" + "。" * 500,
    ],
)
def test_danger_among_other_words(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis == "self_harm"


def test_every_shipped_plain_cue_is_recognised_by_itself(snapshot: Snapshot) -> None:
    missed = [
        (kind, text)
        for kind, spoken in snapshot.content.lexicon.crisis.items()
        for text in spoken.phrasings[:20]
        if snapshot.hear(text, Context()).journey != "crisis"
    ]
    assert missed == []
