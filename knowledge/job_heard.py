"""Tell a wish for work from a question about work, so that 焊工，八千，城东 is searched for and 焊工证怎么考 is answered."""

import re

from knowledge.job_age import birth_year
from knowledge.job_hours import form, shift
from knowledge.job_pay import pay_from
from knowledge.job_said import Said
from knowledge.job_words import JobWords

WEAK, STRONG = 2, 3
"""From what strength words are a wish where nothing else was sure, and where something else was."""
_LONGEST = 80
_ANY_YEAR = 2026
_ASKS = re.compile(
    r"招工|招人|招聘(?!会)|招不招|招不|招吗|有招|在招|还招|收不收|找活|找个活|有活|的活|活干|活路|找工|找事做|要人|缺人|要不要|要不$|应聘|求职|岗位|打工|上班|进厂|干活|想当|想做|想干|想找|找个|找份|来个|揾工|能干点?啥|能干什么"
)
_HANDS = re.compile(
    r"(?:一天|每天|时薪|日薪|一小时)\d*[一二三四五六七八九十百]*|提成|有证|会开|会做|学过|干过|当过|部队学的"
)
_POLICY = re.compile(
    r"政策|护理费|照顾老|工龄|军龄|随军|残疾军人|烈士|优先|认不|认可|去学|学个|打几折|拥军|让利|便宜|划算|贴息|那张证|办证|介绍信|裁人|房贷|管不管|管吗|国家|心理|热线.{0,6}(?:有人|几点)|几月|名额|放宽|几岁|参军|当兵要|坟|网格班长|打蜡|老班长|班长好|社保(?:卡|断|补|以后|接|怎么|能|关系)|补社保|补不补|要钱|收费|收不收钱|免不免|多少分|考公|公务员|事业编|编制|中介费|职介所|党员|党组织|关系|合理|合法|违法|坐(?:公交|地铁|车|火车|高铁)|补贴|补助|津贴|怎么|咋|如何|能领|领取|申请|条件|规定|文件|社保卡|证书|考证|考试|报考|加分|培训|想学|学习|学费|几级|退休金|养老金|抚恤|优待|优惠|打折|免费|门票|赔偿|仲裁|欠薪|拖欠|合同|辞退|开除|创业|贷款|税|户口|档案|安置|报到|工伤|报销|被骗|骗子|押金|多少钱|流程|材料|手续|在哪|电话|地址|为什么|啥意思|是什么|什么是|修一下|坏了|取消|停了|不用再|别给我发|简历|登记|回音|还在吗|招聘会|双选会|推荐会|讲座|预约|体检|认证"
)


def strength(text: str, words: JobWords) -> int:
    """Weigh how much of a wish for work a simplified text is: 0 for none, or for a question about rules."""
    if len(text) > _LONGEST or _POLICY.search(text):
        return 0
    named = list(words.mentions(text))
    if not named and not _ASKS.search(text):
        return 0
    said = Said(text)
    told = [
        shift(said),
        form(said),
        pay_from(said),
        birth_year(said, _ANY_YEAR),
        words.perks_in(text),
        _HANDS.search(text),
    ]
    kind = 2 if any(mention.firm for mention in named) else len(named[:1])
    return kind + bool(_ASKS.search(text)) + sum(map(bool, told))
