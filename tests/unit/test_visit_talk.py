"""What people say around a visit that is booked, dictated and typed; and what sounds like it but asks something else."""

from datetime import datetime, time, timedelta
from time import process_time

import pytest

from core.clock import CHINA
from knowledge.visit_late import Late, read_late, read_span
from knowledge.visit_talk import read_talk

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)

OURS = {
    "late": (
        "我会晚到十分钟", "路上堵车晚点到", "要迟到半个小时", "完到十分钟", "可能要吃到半个小时", "赌车了，池到一会", "堵在高速上了，赶不上了",
        "俺在路上堵住了，得晚会儿", "公交没来，要迟到了", "我爸今天会晚来四五十分钟，麻烦跟服务站说一声", "睡过头了，晚半小时到", "还要一刻钟才能到",
        "约的九点半，要晚一个半小时", "不好意思，车坏了，大概要晚二十分钟", "晚一会儿到，别给我取消", "正在找停车位，马上，晚5分钟", "堵车",
    ),
    "here": (
        "我到了", "我来了，取号", "到服务站了", "我已经到你们大厅了，找谁", "来取号", "我在服务站门口了", "到站里勒", "我到窗口了，没看到人", "已经到了，取耗",
    ),
    "several": (
        "我们三个人一起来", "两个人能一起约吗", "一次约三个人行不", "我们几个老战友一起去，能约一拨吗", "我和老伴一起去行吗", "能不能两个人约一个号",
        "一个号能办两个人吗", "可以多约一个人吗", "老两口一起来可以不",
    ),
    "choose": (
        "能不能指定王姐办", "我要找上次那个小李", "能挑工作人员吗", "想约王主任", "让上次那个大姐给我办", "约一位女同志接待我", "还找上次的李师傅",
    ),
    "done": ("约完了吗", "约好了没", "预约成功了吗", "是不是约上了吗", "约上没有"),
    "mine": (
        "我约的是几点", "我的预约码是多少", "预约码忘了", "玉约码是多少来着", "约的是上午还是下午，忘了", "我是几点的号", "预约码再发我一遍", "我约了几点",
    ),
    "again": ("在哪儿办", "去哪个窗口", "几点来着", "要带什么来着", "地址发我一下"),
    "drop": (
        "明天那个不去了", "去不了了", "明天我去不了了，家里有事", "周三的预约帮我取消", "临时有事，今天来不了了", "把明天那个号退了吧",
        "身体不舒服，后天去不成了", "下雨，不来了，下次再约",
    ),
    "move": (
        "帮我改到后天", "能不能改到周五上午", "把明天的改到后天下午行吗", "那个预约换到下周一", "往后推一天", "明天有事，换个时间", "改道后天", "想挪到九点半",
    ),
}  # fmt: skip
OTHERS = (
    "晚到账", "补助晚到了", "晚到岗", "补助晚到账十天", "优待金晚到了一个月", "工资晚发半个月", "退伍费晚到半年了怎么办", "晚报到十天有影响吗", "迟到会扣工资吗",
    "上班迟到半小时被开除了", "火车晚点能退票吗", "堵车误了高铁怎么改签", "晚上到", "我晚点再问", "报到晚了怎么办", "孩子上学迟到", "十分钟能办完吗",
    "半小时能办好吗", "要多久才能到账", "认证迟到会停发吗", "我会晚几天交材料", "晚年", "我到了退休年龄", "到了六十岁有什么补助", "钱到了吗", "补助到了没有",
    "我来报到", "我来咨询优待证", "到部队了", "签到", "两个人一起参军能分一个部队吗", "我们三个人一起打工工资没发", "两个人的补助能一起领吗",
    "一家三口能一起去旅游免票吗", "夫妻俩都是军人怎么算", "我和老伴一起去体检行吗", "两口子都退役能办两个证吗", "一个人能享受两份补贴吗", "能指定医院吗",
    "能不能指定监护人", "找战友李建国", "我要找工作", "想找个律师", "我要找局长反映问题", "小李的电话多少", "王姐说要带身份证对吗", "换个医院行吗", "优待证办好了吗",
    "我约了战友吃饭", "约的车什么时候到", "优待证在哪儿办", "去哪里领补助", "体检不去了", "招聘会不去了", "打工去不了了", "补助不要了", "我不想去当兵了",
    "部队去不了了怎么办", "工资改到15号发", "发放时间改到月底了吗", "银行卡换到工行行吗", "年审时间改到三月了", "退役时间能推迟一年吗", "参军可以晚一年去吗",
    "取消优待证", "取消低保", "我来晚了一步，岗位没了",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in OURS.items() for text in texts])
def test_what_is_said_around_a_visit(kind: str, text: str) -> None:
    told = read_talk(text)
    assert told is not None
    assert told.kind == kind


@pytest.mark.parametrize("text", OTHERS)
def test_what_asks_for_something_else_is_left_to_others(text: str) -> None:
    assert read_talk(text) is None


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("我会晚到十分钟", Late(by=10)), ("要迟到半个小时", Late(by=30)), ("晚到一个半小时", Late(by=90)), ("会晚二三十分钟", Late(by=30)),
        ("要晚十五六分钟", Late(by=16)), ("得晚个十来分钟", Late(by=10)), ("晚到一刻钟", Late(by=15)), ("晚俩小时到", Late(by=120)),
        ("十点二十分的预约晚到５分钟", Late(by=5)), ("二十分钟后到", Late(after=20)), ("得十点半才能到", Late(at=time(10, 30))), ("晚点到", Late()),
        ("晚到半小时行不行", Late(by=30, asks=True)), ("要是晚到十分钟号还在吗", Late(by=10, asks=True)), ("堵车了，晚到半小时行不", Late(by=30)),
        ("我可能晚到十分钟可以吗", Late(by=10)),
    ],
)  # fmt: skip
def test_how_late_and_whether_it_is_only_asked(text: str, late: Late) -> None:
    assert read_late(text) == late


@pytest.mark.parametrize(
    ("late", "minutes"),
    [(Late(by=10), 10), (Late(after=20), 15), (Late(after=3), 0), (Late(at=time(9, 40)), 40), (Late(at=time(8, 30)), -30), (Late(), None)],
)  # fmt: skip
def test_minutes_that_are_missed(late: Late, minutes: int | None) -> None:
    assert late.minutes(NINE, NINE - timedelta(minutes=7)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("二十分钟", 20), ("大概半小时吧", 30), ("20", 20), ("晚十分钟", 10), ("好的", None), ("2", None)],
)
def test_the_answer_to_how_late(text: str, minutes: int | None) -> None:
    assert read_span(text) == minutes


@pytest.mark.parametrize(
    "piece", ["我", "到了", "那个", "堵车了", "约的十点", "取号", "两个人", "麻烦跟服务站说一声", "去", "要"]
)
def test_no_words_are_slow(piece: str) -> None:
    begun = process_time()
    assert read_talk((piece * 40)[:39] + "乙") is None
    assert process_time() - begun < 0.5
