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

ACTIONS = {
    "case_viewed": "查看求助单",
    "cases_searched": "查找求助单",
    "case_answered": "答复",
    "case_noted": "写备注",
    "case_claimed": "领取求助单",
    "case_closed": "办结求助单",
    "case_false_alarm": "误报关闭",
    "case_reopened": "重新打开求助单",
    "case_kind": "改求助单类型",
    "case_transferred": "转办求助单",
    "case_petition": "登记信访办理",
    "draft_made": "转为问答草稿",
    "file_viewed": "查看文件",
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_out": "退出",
    "sign_out_everywhere": "全部退出",
    "first_admin": "建立第一个管理员",
    "password_set": "用链接设置密码",
    "password_changed": "修改密码",
    "password_wrong": "修改密码时输错",
    "factor_set": "开通动态码",
    "factor_ended": "停用动态码",
    "factor_wrong": "停用动态码时输错",
    "factor_forgotten": "清除动态码",
    "duty": "切换在岗",
    "staff_taken_on": "添加工作人员",
    "staff_changed": "修改工作人员",
    "staff_invited": "给登录链接",
    "staff_unlocked": "解锁账号",
    "staff_deactivated": "停用账号",
    "staff_activated": "恢复账号",
    "days_marked": "改工作日历",
    "hours_set": "改上班时间",
    "targets_set": "改答复时限",
    "grids_viewed": "查看网格",
    "places_imported": "导入服务站或网格",
    "places_exported": "导出服务站或网格",
    "people_listed": "查看人员名单",
    "people_searched": "查找人员",
    "person_viewed": "查看档案",
    "person_revealed": "显示姓名和电话",
    "person_made": "建立档案",
    "person_changed": "修改档案",
    "person_linked": "账号归到档案",
    "person_unlinked": "账号移出档案",
    "person_joined": "合并档案",
    "canned_added": "添加常用语",
    "canned_changed": "修改常用语",
    "canned_removed": "删除常用语",
    "canned_defaults": "放入常用语",
    "draft_changed": "修改问答草稿",
    "drafts_exported": "下载问答草稿",
    "statistics_exported": "导出统计",
    "audit_viewed": "查看审计",
}
"""What the audit page calls each action."""
