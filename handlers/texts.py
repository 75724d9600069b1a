"""Every sentence the service can say by itself, in plain Chinese: the answer first, then what to do."""

from core.menu import BACK, PERSON
from core.reply import Choice

PERSON_CHOICE = Choice("找人工", PERSON)
BACK_CHOICE = Choice("返回", BACK)
START_CHOICE = Choice("回首页", "start")
GOODS_CHOICE = Choice("优待目录：哪里有优惠", "goods")
HOT_CHOICE = Choice("大家常问的问题", "hot")
MINE_CHOICE = Choice("我的事：预约、提醒、代办", "mine")
STAGE_LABELS = {
    "入伍": "参军入伍和军属",
    "退役": "退役报到和安置",
    "就业": "找工作、创业和学习",
    "优待": "优待、抚恤和认证",
}
WORK_CHOICE = Choice("找工作、招聘会、培训", "jobs")
STAGE_CHOICES = tuple(Choice(label, f"guide:{stage}") for stage, label in STAGE_LABELS.items())
NONE_CHOICE = Choice("都不是", "none")
MORE = "更多"

WELCOME = "您好，我是驿站，可以帮您查退役军人的政策和优待。\n直接打字问我就行，比如：优待证怎么办。\n也可以回复数字选择。回复 0 找人工，回复 9 返回。"
GROUP = "您好。为了保护您的隐私，我不在群里答复。请点我的头像，单独跟我说。"
FAREWELL = "好的，先到这里。以后有事，随时跟我说一句就行。"
NOTHING_TO_REPEAT = "前面还没有说过什么。您想问什么，直接打字就行。"
SIMPLER = "我简单说：\n{answer}\n还不清楚的话，回复 0，让工作人员给您讲。"
STALE = "这个选项现在用不上了。您可以这样选："
NO_SUCH = "没有 {number} 这个选项，请看下面的："
APOLOGY = "对不起，刚才出了点问题，您的话我已经记下了。请过一会儿再说一次；着急的话，请拨打 12345 转退役军人事务局。"

NO_WORDS = "我没有看到文字。请打字或用语音输入法，告诉我您想问什么。"
TOO_LONG = "您写得很详细，我一下子看不过来。请用一两句话告诉我，最想问的是什么。也可以回复 0 找人工。"
NO_ANSWER = "这个问题我这里还没有答案，不敢乱说。\n请换个说法再问一次，短一点就好，比如：优待证丢了怎么办。\n也可以从下面选，或者回复 0 找人工。"
NO_ANSWER_AGAIN = (
    "还是没有找到准确的答案，不敢乱说。\n回复 0，我把您的话转给工作人员，他们在这里答复您。\n也可以这样联系：\n{person}"
)
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
PROGRESS_CHOICE = Choice("查进度", "progress")
WITHDRAW_CHOICE = Choice("不用了，撤回", "withdraw")
SAME_CHOICE = Choice("接着上次的事", "reopen")
NEW_CHOICE = Choice("是新的事", "open")
RATINGS = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}
NO_COMMENT_CHOICE = Choice("不用了", "start")

OPENED = "已经转给工作人员了，求助单号 {code}。\n{expected}\n{ask}\n急事请打 {phone}，有生命危险请打 120 或 110。"
OPENED_PETITION = "您反映的问题已经登记，求助单号 {code}。\n{expected}\n我们会在 15 天内书面告诉您受理情况。\n{ask}\n急事请打 {phone}。"
OPENED_VOICE = "您的语音收到了，会有工作人员来听，求助单号 {code}。\n{expected}\n有要补充的，接着说或打字都行。"
ASK_MATTER = "请把您的事写在下面，发语音、照片也行。"
ASK_MORE = "要补充的直接写在下面，发语音、照片也行。"
EXPECTED = "预计{when} 前在这里答复您。"
EXPECTED_LATER = "现在不是办公时间（{hours}）。\n上班后处理，预计{when} 前在这里答复您。"
TODAY, TOMORROW, THAT_DAY = "今天", "明天", "{month}月{day}日（周{weekday}）"
WEEKDAYS = "一二三四五六日"
MORNING, AFTERNOON = "上午", "下午"
ALREADY_OPEN = "您的求助单是 {code}，您说的都记在里面。\n{stage}\n要补充的直接写在下面就行，急事请打 {phone}。"
WITH_STAFF = "现在是工作人员在答复您，有话直接写就行。\n要回到自动查询，请回复：结束。"
NOTED = "收到，已记入求助单 {code}，工作人员会看到。"
MEDIA_NOTED = "收到，已放进求助单 {code}，工作人员会看到。"
CLOSED_HOURS = "现在不是办公时间（{hours}）。\n您的话已经记下，{when} 前答复您。急事请打 {phone}。"
SAME_OR_NEW = "您上次的求助单 {code} 刚办结不久。\n这次是接着上次的事，还是新的事？\n也可以直接把事情写下来。"
REOPENED = "好的，求助单 {code} 重新打开了。\n{expected}\n要补充的直接写在下面。"
CANNOT_REOPEN = "这张求助单已经不能接着办了。要找工作人员，请回复 0。"
NO_CASE = "您现在没有正在办的求助单。要找工作人员，请回复 0。"
STAGE_OPEN = "还在等工作人员领取{when}。"
STAGE_WAITING = "{who}正在办{when}。"
IN_TIME = "，预计{when} 前答复您"
LATE = "，让您久等了，已经在催"
STAGE_ANSWERED = "{who}已经答复您，等您的回话。"
STAGE_CLOSED = "求助单 {code} 已在{when}办结。"
STAGE_PETITION = "按规定，{when}前办结并书面答复。"
PROGRESS = "求助单 {code}：\n{stage}"
WITHDRAWN = "好的，求助单 {code} 已撤回。以后有事，随时说一句。"
NOT_WITHDRAWN = "工作人员还想确认您平安，这张求助单先留着。有事随时在这里说。"
ENDED = "好的，求助单 {code} 办结了，后面由我自动答复。"
CASE_CLOSED = "求助单 {code} 办结了，后面由我自动答复。事情没办好，7 天内回复 0，还接着办。"
CASE_IDLE = "有一阵没收到您的话了，求助单 {code} 先办结，后面由我自动答复。\n还有事，7 天内回复 0，接着办。"
PETITION_RUNS_ON = "好的，后面由我自动答复。您反映的问题（{code}）还在办，会按规定书面答复您。"
ASK_RATING = "这次办得您满意吗？回复数字就行。"
RATED = "谢谢，记下了。还想说一句的话，直接写在下面；不想写就回复 1。"
COMMENTED = "谢谢您，您的话我们会看。"
RATE_STALE = "这张求助单现在不用评价了。"
STAFF_NUMBER = "工作人员{number}号"
FILE_FROM_STAFF = {
    "photo": "发来一张照片",
    "voice": "发来一段语音",
    "video": "发来一段视频",
    "document": "发来一个文件",
}
CASE_TRANSFERRED = "您的求助单 {code} 转给了更合适的工作人员，请稍等。"

OTHER_OFFICE = (
    "这件事不归退役军人事务局管，一般由{office}办。\n不知道电话的话，可以打 12345 问。\n退役军人方面的事，您尽管问我。"
)
NOT_OURS = "这个我答不了。我能帮您查退役军人的政策、待遇和优待。您想问什么？"

CRISIS = {
    "self_harm": "这件事最要紧，别一个人扛着，马上打电话：\n心理援助热线 12356\n有危险马上打 110；吃了药、喝了农药或受了伤，马上打 120\n{crisis_phone}\n要是家人或战友：请现在就有人陪着，把药、农药和刀收走。\n您愿意的话，也可以在这里跟我说说。",
    "violence": "请先保证人身安全，马上打电话：\n报警 110\n有人受伤打 120\n{crisis_phone}\n先离开危险的地方。再大的委屈，也有人听您说，请给我们一个帮您解决的机会。",
    "medical": "这可能是急病，请马上打电话：\n急救 120\n有危险或找不到人帮忙，打 110\n{crisis_phone}\n说清楚在哪里、病人怎么样，照接线员说的做，身边不要离人。",
}  # fmt: skip
CRISIS_TOLD = "已经通知工作人员，他们会尽快在这里联系您。求助单号 {code}。"
CRISIS_AGAIN = {
    "self_harm": "我在，您接着说。工作人员已经收到通知。\n随时可以打：心理援助热线 12356，报警 110，急救 120",
    "violence": "工作人员已经收到通知。有危险马上打：报警 110，急救 120",
    "medical": "工作人员已经收到通知。请马上打：急救 120，找不到人帮忙打 110",
}
CRISIS_PHONE = "退役军人事务局：{phone}"

MEDIA = {
    "photo": "收到照片了，可我看不懂照片。\n回复 0，我转给工作人员，照片会一起转过去。也可以打字问我。",
    "video": "收到视频了，可我看不懂视频。\n回复 0，我转给工作人员，视频会一起转过去。也可以打字问我。",
    "sticker": "收到表情了。您想问什么，打字告诉我就行。",
    "document": "收到文件了，可我看不懂文件。\n回复 0，我转给工作人员，文件会一起转过去。也可以打字问我。",
    "other": "收到了，不过这种内容我还看不懂。请打字告诉我想问什么；要转人工的话，回复 0。",
}  # fmt: skip

OTHER_IN_CASE = "这种内容转不到工作人员那里。请打字，或发照片、语音、文件。"
FILE_NOT_TAKEN = "对方发来一个文件，没有收下。已经这样答复对方：\n{reason}"
FILE_REFUSED = {
    "large": "“{name}”太大了，没有收下。一个文件最多 {limit} MB。\n请压缩一下，或分成几个再发。",
    "type": "“{name}”不是能收的文件，没有收下。\n请发照片、语音、视频、PDF、Word、Excel 或文字。",
    "picture": "“{name}”不是照片，打不开，没有收下。\n请重新拍一张再发。",
    "archive": "“{name}”是压缩包，没有收下。\n请把里面的文件一个一个发。",
    "macro": "“{name}”里带着宏程序，怕不安全，没有收下。\n请另存成不带宏的再发。",
    "empty": "“{name}”是空的，没有收下。请重新选一个再发。",
    "lost": "您发的“{name}”没有取到。请再发一次。",
}

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

CERTIFICATION_CHOICES = {
    "cert-done": "已办理",
    "cert-how": "怎么办",
    "cert-book": "预约到站",
    "cert-visit": "申请上门",
    "cert-later": "稍后提醒",
    "cert-wrong": "不是我",
}
FOR_FAMILY = "您在帮{name}代办。下面是给{name}的提醒：\n{text}"
CALENDAR_LINK, CALENDAR_OFF_LINK = "加到手机日历：{link}", "从手机日历里去掉：{link}"
CALENDAR_GONE = "这个链接打不开了，请回到聊天里看。"
SOMEBODY, ANYBODY, ANY_STATION, NO_NAME = "家人", "同志", "服务站", "（没有姓名）"
DEADLINE = "{month}月{day}日"
GRID_LIST = "【{title}】{grid}还有 {count} 位没有办："
GRID_LINE = "{name}，编号 {code}"
GRID_MORE = "另有 {count} 位，见走访表。"
GRID_DO = "请打电话或上门看看，办好了在工作台“走访”里登记。"
LEAD_SUMMARY = "【{title}】还有 {count} 位没有办，{claimed} 位说办过了等确认。\n名单和走访表在工作台“认证活动”里。"
