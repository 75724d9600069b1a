"""Danger said plainly is always recognised, and strong words about small things are not danger."""

import pytest

from knowledge.cues import Cues
from knowledge.heard import Context
from knowledge.index import Snapshot
from knowledge.normalise import Words

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

UNSEEN = {
    "self_harm": [
        "我这把年纪了，早就该埋了，别给我办了",
        "老婆骂我窝囊，我拿刀往自己肚子上比划了",
        "孩子说爸你死了才好，我寻思成全他",
        "三个月没睡着一个囫囵觉，我不想熬了，今晚全了结",
        "我对象从部队退下来后拿打火机烧自己胳膊",
        "请问抚恤金是不是自杀的也给，我替我自己问",
        "我爷说他活一天给我们添一天累，饭也不吃药也不吃",
        "妹夫在家把门顶上了，说谁进来他就从窗户下去",
        "帮帮我，有个念头老往外冒，让我从阳台跳",
        "昨晚我妈把我从绳子上救下来的",
        "两个娃我都托给他姑了，我没有念想了",
        "我站铁道上了，别来了",
        "同志再见了，下一世再当你的兵",
        "同宿舍的退伍兵吃了两瓶安定，怎么推都没反应",
        "俺娘老说她该死了，昨天把农药瓶子拿出来了",
        "活够喽，不想折腾喽",
        "我一了百了你们就省心了",
        "反正治不好，我把氧气关了算了",
        "大哥走后我每天去他坟上，我就想躺进去",
    ],
    "violence": [
        "我老公现在把我堵在房间里打，鼻子都出血了",
        "他拿着钢管在楼道里转，说要打断我的腿",
        "等我出来第一个收拾你们科长，让他见阎王",
        "我车里有两桶油，够你们喝一壶的",
        "我要让那个骗我钱的人拿命来还",
        "爸爸拿铁棍打妈妈，妈妈趴在地上不动",
        "邻居天天拿砖头砸我家，说要弄死我们一家",
        "我儿子说要去工地把包工头腿卸了",
        "你们再糊弄我，我就拉一车人跟你们一块走",
        "我媳妇让她前夫绑走了",
        "老头老年痴呆，夜里掐我脖子，说我偷他东西",
        "我忍他很久了，今天就用这把斧头跟他说话",
        "我侄子气疯了，抱着液化气罐往村委会去了",
        "大厅有人拿刀，快来",
    ],
    "medical": [
        "我妈心脏放过支架，现在胸闷得厉害，嘴唇都紫了",
        "爸爸喝完酒摔了，后脑勺磕破，现在吐，人迷迷糊糊",
        "我家老爷子从昨晚到现在没尿，肚子鼓得像球，直叫唤",
        "老伴脸色发灰，手冰凉，摸不着脉",
        "孩子玩打火机把衣服点着了，身上烫得没一块好皮",
        "我哥干活锯断了两根手指，血流不停",
        "奶奶突然认不出我们了，说话呜噜呜噜的",
        "我丈夫癫痫大发作十几分钟不醒",
        "我喘得说不成句子，躺不下",
        "小孩误食老鼠药，怎么办",
        "我爸掉井里了",
        "他中煤气了，抬出来了，还有口气",
        "外婆一碰就叫疼，腿转不过来，刚从台阶上滚下来",
        "老战友来办事，在你们椅子上坐着坐着头一歪没反应了",
        "我烧得浑身打颤，眼前都是重影，家里没人",
    ],
}
"""Sentences in no list of ours: the kind of danger may be mistaken, the danger not."""
UNSEEN_CALM = [
    "伤残军人住院伙食补助一天多少",
    "我父亲烈士，当年被土匪杀害的，证明材料哪里开",
    "女儿在外省上大学，烈属助学金怎么申请",
    "牺牲二十周年想搞个纪念活动找谁",
    "老伴脑溢血走的，刚办完丧事，卡里的钱怎么取",
    "参战老兵得了癌症能不能大病救助",
    "我心脏装了起搏器，评残够格吗",
    "我年纪大了腿疼，能约人上门吗",
    "服务站的空调坏了，热得人受不了",
    "想把爷爷的枪套捐给博物馆",
    "我的优待证被狗咬坏了",
    "孩子发烧，今天的预约改到下周",
    "老公在部队，我一个人带孩子累得够呛，有帮扶吗",
    "部队炊事班切菜切掉一截指头，能补评吗",
    "我家着急用钱，一次性补助啥时候到",
    "儿子新兵连，电话打不通，正常吗",
    "当年我从死人堆里爬出来，现在就想要个荣誉",
    "地震的时候救过人，有表彰没",
    "抗洪牺牲的战士葬在哪里",
    "你们电话怎么老打不通，急人",
    "我打了三次都没人接，烦死了",
    "证件照拍得像遗像一样，能换吗",
    "跟儿媳妇吵架了，我能自己住光荣院吗",
    "军人家属看病能走绿色通道吗",
    "今年体检抽几管血",
    "我爸耳背，打电话听不见，能写信通知吗",
    "消防退役，救火吸了浓烟，肺不好，怎么评残",
    "养老院护工不好，能换一家吗",
    "有没有防身术培训班给军嫂的",
    "老兵被骗了养老钱，找谁管",
    "警察来查流动人口，优待证算证件吗",
    "退役后天天喝酒，想戒酒，有地方帮吗",
    "想领个炸药爆破员的证",
    "车被砸了，保险军人有优惠不",
    "房租涨得要命，公租房咋申请",
    "你们下午还上班不，我三点赶过去",
    "不想排队，能网上办不",
    "当兵二十年，落下一身病，咋办",
    "领导不给批探亲假咋办",
    "妻子流产了，我能请假吗",
    "我想问死亡一次性抚恤金多少个月",
    "前夫是军人，离婚后孩子算军人子女吗",
    "去年中风，现在能走了，认证还要上门吗",
]
TOLD = [
    "前几年有个战友跳楼了，他妈妈的生活现在有人管吗",
    "我妈去年煤气中毒走的，她的优抚待遇怎么停",
    "电影里他拿刀砍人那段拍得真好",
    "当年在部队中暑昏倒过，病历还在，能评残吗",
]
NOT_SILENCED = [
    "当年在老山没死成，现在我不想活了，抚恤金留给老伴",
    "我爸去年中风过，刚才又晕倒了叫不醒，能报销吗",
    "部队待遇不公平，今晚我就拿刀去你们局里",
]


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


@pytest.mark.parametrize("text", [text for texts in UNSEEN.values() for text in texts])
def test_danger_in_words_of_no_list(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis is not None


@pytest.mark.parametrize("text", [*UNSEEN_CALM, *TOLD])
def test_alarming_words_in_a_calm_question(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis is None


@pytest.mark.parametrize("text", NOT_SILENCED)
def test_a_word_of_the_past_does_not_silence_danger_of_now(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).crisis is not None


def test_the_tests_own_sentences_are_in_no_list(snapshot: Snapshot) -> None:
    lexicon = snapshot.content.lexicon
    listed = {*lexicon.not_crisis, *(p for spoken in lexicon.crisis.values() for p in spoken.phrasings)}
    assert listed.isdisjoint({*UNSEEN_CALM, *(text for texts in UNSEEN.values() for text in texts)})


def test_a_cue_may_name_words_of_which_one_stands_there() -> None:
    cues = Cues(["[拿|带][着|]刀…[找|等]你"], Words({}))
    assert cues.find("我带着刀在门口等你") == "带着刀在门口等你"
    assert cues.find("拿刀找你") == "拿刀找你"
    assert cues.find("拿着刀") is None
