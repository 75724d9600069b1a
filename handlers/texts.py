"""Every sentence the service can say by itself, in plain Chinese: the answer first, then what to do."""

from core.menu import BACK, PERSON
from core.reply import Choice

PERSON_CHOICE = Choice("找人工", PERSON)
BACK_CHOICE = Choice("返回", BACK)
START_CHOICE = Choice("回首页", "start")
GOODS_CHOICE = Choice("优待目录：哪里有优惠", "goods")
HOT_CHOICE = Choice("大家常问的问题", "hot")
STAGE_LABELS = {
    "入伍": "参军入伍",
    "服役": "服役和军属",
    "退役": "退役报到和安置",
    "就业": "就业、创业和学习",
    "优待": "优待、抚恤和认证",
}
STAGE_CHOICES = tuple(Choice(label, f"guide:{stage}") for stage, label in STAGE_LABELS.items())
NONE_CHOICE = Choice("都不是", "none")
MORE = "更多"

WELCOME = "您好，我是驿站，可以帮您查退役军人的政策和优待。\n直接打字问我就行，比如：优待证怎么办。\n也可以回复数字选择。回复 0 找人工，回复 9 返回。"
GROUP = "您好。为了保护您的隐私，我不在群里答复。请点我的头像，单独跟我说。"
FAREWELL = "好的，先到这里。以后有事，随时跟我说一句就行。"
NOTHING_TO_REPEAT = "前面还没有说过什么。您想问什么，直接打字就行。"
SIMPLER = "我简单说：\n{answer}\n还不清楚的话，回复 0，让工作人员给您讲。"
STALE = "这个选项现在用不上了。您可以这样选："
APOLOGY = "对不起，刚才出了点问题，您的话我已经记下了。请过一会儿再说一次；着急的话，请拨打 12345 转退役军人事务局。"

NO_WORDS = "我没有看到文字。请打字或用语音输入法，告诉我您想问什么。"
TOO_LONG = "您写得很详细，我一下子看不过来。请用一两句话告诉我，最想问的是什么。也可以回复 0 找人工。"
NO_ANSWER = "这个问题我这里还没有答案，不敢乱说。\n请换个说法再问一次，短一点就好，比如：优待证丢了怎么办。\n也可以从下面选，或者回复 0 找人工。"
NO_ANSWER_AGAIN = "还是没有找到准确的答案。这件事请让工作人员来答复您：\n{person}"
MAYBE = "下面这些也许用得上："
PICK = "您想问的是下面哪一个？回复数字就行。"
ALSO = "您还问到了下面的事，回复数字接着看："
SEVERAL = "您问了 {count} 件事，我一件一件答。"
PART = "【第 {number} 件：{question}】\n"

ELSEWHERE = "各地规定不一样。下面是{place}的做法，只在当地有效。您那里怎么办，请问 {phone}。\n\n"
FOLLOW = {
    "bring": ("办“{question}”，要带：{value}", "“{question}”要带什么，规定里没有统一写明。去之前请先打 {phone} 问一下，免得白跑一趟。"),
    "where": ("办“{question}”，去：{value}", "“{question}”去哪里办，规定里没有统一写明。请先打 {phone} 问一下。"),
    "how_long": ("办“{question}”，时间是：{value}", "“{question}”要多长时间，规定里没有统一写明。请打 {phone} 问一下。"),
}  # fmt: skip
FOLLOW_WHO = "只要符合条件，谁来办都是这个规定。适用的人：{who}。\n\n"
BRING, WHERE, HOW_LONG, NOTE, SCOPE, SOURCE = "要带：", "去哪办：", "多久：", "注意：", "适用地区：", "依据："
NO_SOURCE = "通行做法，以{bureau}的答复为准"
REPORT = "{title}（公开资料，以当地答复为准）"
IN_FORCE = "{year}年{month}月{day}日起"

PERSON_WAYS = "电话：{phone}\n办公时间：{hours}\n地址：{address}"
HANDOFF = "要找工作人员，请这样联系：\n" + PERSON_WAYS + "\n这里还不能直接转接。请不要在这里发身份证号、银行卡号。"
HANDOFF_URGENT = "\n有生命危险或急病，请马上打 120 或 110。"
NOT_YET = {
    "jobs": "岗位推荐和招聘提醒还没有开通。\n要找工作或问招聘会，请打 {phone} 登记，或去服务站问。",
    "reminders": "到时候提醒的功能还没有开通，怕误您的事，先跟您说清楚。\n请自己记一下日子，或打 {phone} 问。",
    "booking": "网上预约还没有开通。\n请打 {phone} 约时间；行动不便要上门的，打电话时说明就行。\n办公时间：{hours}",
}  # fmt: skip
NOT_YET_NEAR = "\n下面这些我可以答："
OTHER_OFFICE = (
    "这件事不归退役军人事务局管，一般由{office}办。\n不知道电话的话，可以打 12345 问。\n退役军人方面的事，您尽管问我。"
)
NOT_OURS = "这个我答不了。我能帮您查退役军人的政策、待遇和优待。您想问什么？"

CRISIS = {
    "self_harm": "这件事最要紧，别一个人扛着，马上打电话：\n心理援助热线 12356\n有危险马上打 110；吃了药、喝了农药或受了伤，马上打 120\n{crisis_phone}\n要是家人或战友：请现在就有人陪着，把药、农药和刀收走。\n您愿意的话，也可以在这里跟我说说。",
    "violence": "请先保证人身安全，马上打电话：\n报警 110\n有人受伤打 120\n{crisis_phone}\n先离开危险的地方。再大的委屈，也有人听您说，请给我们一个帮您解决的机会。",
    "medical": "这可能是急病，请马上打电话：\n急救 120\n有危险或找不到人帮忙，打 110\n{crisis_phone}\n说清楚在哪里、病人怎么样，照接线员说的做，身边不要离人。",
}  # fmt: skip
CRISIS_PHONE = "退役军人事务局：{phone}"

MEDIA = {
    "photo": "收到图片了，我还看不懂图片。请打字告诉我想问什么；要转人工的话，回复 0。",
    "voice": "收到语音了，我还听不懂语音。请打字，或用输入法的语音转文字再发；要转人工的话，回复 0。",
    "video": "收到视频了，我还看不懂视频。请打字告诉我想问什么；要转人工的话，回复 0。",
    "sticker": "收到表情了。您想问什么，打字告诉我就行。",
    "document": "收到文件了，我还看不懂文件。请打字告诉我想问什么；要转人工的话，回复 0。",
    "location": "收到位置了。按位置找服务站还没有开通，请打 {phone} 问最近的服务站。",
    "other": "收到了，不过这种内容我还看不懂。请打字告诉我想问什么；要转人工的话，回复 0。",
}  # fmt: skip

GUIDE = "您想查哪个阶段的事？"
TOPICS = "“{stage}”有这些内容，选一个看看："
QUESTIONS = "“{topic}”常问的有这些："
HOT = "大家常问的有这些："

CATEGORIES = "优待目录里有这些类别。选一个，或直接说想找什么，比如：吃饭打折。"
OFFERS = "找到 {count} 项。各店优惠会变，去之前请先打电话问一下："
NO_OFFERS = "目录里暂时没有找到合适的。\n可以换个说法，或看看有哪些类别；也可以打 {phone} 问本地的拥军商户。"
OFFER = "{name}{sample}\n优惠：{offer}\n谁能用：{who}\n地方：{where}"
OFFER_BATCH, OFFER_DATES, OFFER_CHECKED = "批次：{batch}", "期限：{dates}", "上次核实：{day}"
NOT_CHECKED = "还没有核实，去之前请先打电话问"
OFFER_CODE = "编号：{code}（下次直接发这个编号也能看）"
SAMPLE = "（示例，不是真的商户）"
REFUSED_CHOICE = "报告用不了"
REFUSED = "记下了，谢谢您告诉我们。工作人员会去核实{name}的优惠。\n要投诉或着急解决，请打 {phone}。"
OFFER_LINE = "{number} {name}{sample}：{offer}（{place}）"
OFFER_GONE = "这一项已经不在目录里了。您可以看看别的："
