"""The sentences that Python says in the console; those that stand on a page are in its template."""

NOT_GENUINE = "这个页面放得太久，或者浏览器没有保存 Cookie。请回到上一页，刷新后再试一次。"
CHECK_AGAIN = "页面放得太久了，刚才没有提交成功。您填写的内容在下面，请核对后再提交。"
SIGN_IN_AGAIN = "您离开得有点久，为了安全请重新登录。刚才写的内容还在，登录后会还给您。"
WELCOME_BACK = "您刚才写的内容在下面，请核对后提交。"
NO_RIGHT = "您的角色不能打开这一页。如果需要，请联系管理员。"
NO_SUCH_PAGE = "没有这一页，可能已经被删掉，或者地址写错了。"
BAD_POST = "这次提交的内容没有读懂，请回到上一页再试一次。"
TOO_LARGE = "这次提交的内容太大了，请分成几次提交。"
NOT_NOW = "系统暂时忙不过来，刚才的操作没有成功，请过一会儿再试。"
BROKEN = "程序出错了，已经记下来。刚才的操作可能没有成功，请回到上一页看一看。"
TOO_SLOW = "等得太久了，请重新输入登录名和密码。"
SIGNED_OUT = "已经退出。"
PASSWORD_SET = "密码设好了，请登录。"  # noqa: S105 - a sentence
PASSWORD_CHANGED = "密码改好了，其他浏览器已经退出。"  # noqa: S105 - a sentence
NOT_THE_SAME = "两次输入的密码不一样，请重新输入。"
WRONG_CURRENT = "现在的密码不对，没有修改。"
ON_DUTY = "您已在岗。"
OFF_DUTY = "您已不在岗。"
SIGNED_OUT_EVERYWHERE = "所有浏览器都已经退出。"
FACTOR_AGAIN = "这个页面过期了，请用新的方块重新来一次。"
FACTOR_SET = "动态码开通了，下次登录要用手机上的六位数字。"
FACTOR_ENDED = "动态码停用了。"
FACTOR_REQUIRED = "管理员要求您使用动态码，不能自己停用。"

NEW_LINK = "新的登录链接"
TAKEN_ON = "{name} 已加入"
SAVED = "已保存。"
UNLOCKED = "{name} 的账号解锁了，可以登录。"
DEACTIVATED = "{name} 的账号停用了，所有浏览器已经退出。"
ACTIVATED = "{name} 的账号恢复了。需要的话，给一个新的登录链接。"
FACTOR_FORGOTTEN = "{name} 的动态码已清除，下次登录只用密码。"
ALREADY_OUT = "这个账号已经停用，不能给登录链接。请先恢复。"
BAD_TELEGRAM = "Telegram 号是一串数字，没有就空着。"

NO_DAY = "请选一个日期。"
BAD_STRETCH = "“到哪天”不能早于日期，一次最多改 {days} 天。"
HALF_PERIOD = "{day}的上班和下班时间要成对填写。"
NO_FILE = "请先选一个文件。"
FILE_TOO_LARGE = "这个文件太大了，请分成几个文件导入。"
TABLE_TOO_LARGE = "表格太大了，请分成几个文件导入。"
TABLE_LOST = "要导入的内容没有传上来，请重新选文件。"
IMPORTED = "已导入：新增 {new} 行，修改 {changed} 行，有问题没有写入 {bad} 行。"
SAMPLE_NAME = "{label}样表.{suffix}"
PERSON_MADE = "档案建好了。"
PERSON_LINKED = "已归到这份档案。"
PERSON_UNLINKED = "已从这份档案移走。"
PERSON_JOINED = "已合并成一份档案。"
BINDING_ACCEPTED = "已绑定，也告诉了对方。"
BINDING_REFUSED = "已告诉对方没有核对上。"
PROXY_ENDED = "代办已停止，双方会收到通知。"
CONSENT_NEEDED = "要本人当面同意，才能登记代办。"
DEATH_SURE = "请先核实，并勾选“已经核实”。"
DEATH_REPORTED = "已登记去世，所有提醒都停了。联系家属的是：{name}。"
DEATH_KNOWN = "已经登记过去世了。"
DEATH_UNDONE = "已撤销，提醒和代办照旧。"
NOBODY_NAMED = "还没有在岗的同事"
CANNED_ADDED = "已添加。"
CANNED_REMOVED = "“{title}”已删除。"
DEFAULTS_IN = "放入了 {count} 条常用语。"
DRAFT_DONE = "草稿已完成，可以下载了。"
DRAFT_DROPPED = "已标为不采用。"
DRAFTS_FILE = "问答草稿.yaml"
DRAFTS_HEADER = (
    "# 由工作台的问答草稿导出。请补上 stage topic scope，以及至少 6 种、4 类问法，\n"
    "# 每个词的意思见 docs/knowledge-format.md；补好后用 python -m bot knowledge import 导入。\n"
)
NO_DRAFTS = "还没有完成的草稿可以下载。"
REPORT_NAME = "求助单统计_{first}至{last}.{suffix}"
REPORT_COLUMNS = (
    "项目", "受理", "办结", "未办结", "化解", "一次性化解率", "评价数", "满意率", "平均分", "首次答复（分钟，中位数）",
    "超时率", "危机求助", "误报",
)  # fmt: skip
KINDS = {"crisis": "危机", "consult": "咨询", "benefit": "待遇", "errand": "代办", "petition": "信访"}

TOO_LONG = "写得太长了，最多 20000 个字，请分成几次。"
NOT_SENT = "内容还没有发出去。改好以后，请重新选择文件再发。"
NO_KIND = "没有这一类求助单，请重新选择。"
NO_TARGET = "请先选择转给谁。对方要能看到这张求助单才行。"
DRAFTED = "已转为问答草稿，写上依据并审核以后就能用。"
MOVED_AWAY = "求助单 {code} 已经转走了。"

CAMPAIGN_MADE = "活动建好了，还没有开始。下一步：加名单。"
CAMPAIGN_NOT_SURE = "请先勾选确定，再点一次。"
CAMPAIGN_STARTED = "活动开始了。"
CAMPAIGN_CLOSED = "活动结束了，不再提醒任何人。"
COHORT_ADDED = "名单里新加了 {count} 人。"
CERTIFIED = "记好了，各渠道的提醒都停了。"
CLAIM_REJECTED = "记下了：没有查到办理记录。请打电话问一问。"
CERTIFICATION_REOPENED = "放回来了，还没认证。"
CERTIFICATION_REMOVED = "已移出这次的名单，不再提醒。"
VISIT_RECORDED = "走访结果记下了。"
VISITS_RECORDED = "记好了 {count} 行。"
SAID_MERGED = "和别的提醒合成一条发了"
TABLE_GONE = "这个表格不在了（放得太久，或者服务重启过）。请重新选文件，写过的行不会重复。"
BAD_ROWS = "有问题的行"
IMPORT_NAMES = {"roster": "导入名册", "results": "导入认证结果"}
SAMPLE_ROWS = {
    "roster": (
        "示例王五", "", "1234", "1950", "13800001234", "示例镇", "示例柳林村", "第一网格", "退役军人", "示例镇退役军人服务站",
    ),
    "results": ("示例王五", "", "1234", "示例镇", "示例柳林村", "2026-11-03"),
}  # fmt: skip
NO_STATION = "没有分到站"
NO_VILLAGE = "没有写村社"
PROGRESS_COLUMNS = ("范围", "名称", "名单", "已认证", "说办过了等核对", "还没认证", "已去世", "完成率")
UNREACHED_COLUMNS = ("乡镇", "村社", "网格", "姓名", "电话", "网格员", "网格员电话", "情况")
UNREACHED_LISTS = {"call": "电话单", "visit": "上门单"}
CERTIFICATION_COLUMNS = (
    "乡镇", "村社", "姓名", "电话", "服务站", "情况", "怎么办的", "谁办的", "依据", "哪天", "上次走访",
)  # fmt: skip
NO_CAMPAIGN = "请先选是哪一次活动的走访表。"
SHEET_TOO_LONG = "还有 {most} 多人没认证，请一个村一个村地打印。"
TOO_MANY_LINES = "一次最多录 {most} 行，后面的还在框里，请再点一次。"
