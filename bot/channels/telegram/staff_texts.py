"""What the bot says in the staff group, to colleagues."""

KINDS = {"consult": "咨询", "benefit": "待遇", "errand": "代办", "petition": "信访", "crisis": "危机"}
CHANNELS = {"telegram": "Telegram", "wechat": "微信", "web": "网页"}
FILES = {"photo": "照片", "voice": "语音", "video": "视频", "document": "文件"}

OPEN, CRISIS_OPEN = "🔔待领取", "🆘待领取"
CLAIMED, CLOSED = "✋{name}", "✅已办结"
NAME = "{code} {stage} {kind}"

QUESTION = "问题：{question}"
FROM = "来自：{channel}"
BLOCKED_US = "⛔ 对方已屏蔽，消息送不到"
STATION = "服务站：{station}"
WAITING = "等待：{since} 起，{due} 前要答复"
BEFORE = "转人工之前："
PERSON, BOT, LINE = "对方", "驿站", "{who}：{text}"
FOUND = "可能用得上的问答："
SURE, UNSURE = "{question}（{score:.2f}）", "{question}"
HOW_TOPIC = "在这个话题里说的话、发的文件都会转给对方。"
HOW_CARD = "请“回复”这张卡片或下面的消息，回复的话和文件会转给对方。"
HOW = "只给同事看：/note 内容，或以“备注”开头\n/claim 领取　/close 办结　/transfer 同事或服务站\n/help 全部用法"
BROKEN = "上一个话题已不在，从这里继续。"

SAID = "{code} {who}："
FILE_REFUSED = "有一个{kind}没有收下：{error}"
FILE_IN_CONSOLE = "有一个{kind}在 Telegram 里发不出来，请到工作台查看。"

MARKS = {
    "sent": ("👌", "已送达。"),
    "noted": ("✍", "记下了，只有同事能看到。"),
    "done": ("👍", "好的。"),
    "blocked": (None, "⛔ 没有送到：对方已屏蔽。"),
    "dead": (None, "⛔ 没有送到，请到工作台查看原因，或打电话联系对方。"),
}

STRANGER = "您不在工作人员名单里，这里的话不会转给任何人。"
NAMELESS = "匿名发言认不出是谁，没有转给对方。请关闭匿名后再发。"
NO_RIGHT = "这张求助单不在您的办理范围内，您的话没有转给对方。"
NOT_SENT = "{code} {reason}"
FAULT = "没有发出，系统出了问题。请再发一次，或到工作台办理。"
EDITED = "已经发出的不能改，请再发一条。"
NO_CASE = "这条消息不连着求助单，没有转给任何人。请到求助单的话题里说。"
NOT_SENDABLE = "这种内容转不过去，请发文字、照片、语音或文件。"
NOTE_WITHOUT_FILE = "备注只能是文字，文件没有保存，也没有转给对方。"
UNKNOWN_ORDER = "没有 /{word} 这个命令，没有转给对方。发 /help 看用法。"
TRANSFER_WHERE = "请在 /transfer 后面写同事的登录名或姓名，或服务站的名称。"
TOPIC_CLOSED = "{code} 还没有办结，话题重新打开了。要办结请发 /close。"
FILE_NOT_GOT = "文件没有取到，没有转给对方，请再发一次。"
HELP = (
    "在求助单的话题里说的话、发的文件都会转给对方，\n"
    "送到了会有 👌。只给同事看的请用 /note。\n"
    "/claim 领取\n"
    "/note 内容　内部备注，对方看不到\n"
    "/transfer 同事或服务站　转交\n"
    "/close 办结\n"
    "/false 误报，只用于危机\n"
    "/reopen 重新打开"
)
COMMANDS = {
    "claim": "领取这张求助单",
    "note": "内部备注，对方看不到",
    "transfer": "转交给同事或服务站",
    "close": "办结",
    "reopen": "重新打开",
    "help": "怎么用",
}
