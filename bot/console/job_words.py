"""What the pages of posts, employers and referrals say from Python."""

STATUSES = {"review": "等核对", "open": "招聘中", "expired": "过了截止日", "closed": "停招了"}
SOURCES = {"console": "工作台录入"}
REFERRALS = {"new": "新来的", "introduced": "已推荐", "hired": "录用了", "not_hired": "没成", "withdrawn": "不去了"}

MADE, MADE_FLAGGED = "岗位加好了，马上就能查到。", "岗位存好了，但里面有要核对的地方。核对以后点“核对过了，放出去”。"
CHANGED_FLAGGED = "已保存。里面有要核对的地方，核对以前别人看不到。"
CLOSED, REOPENED, APPROVED = (
    "已停招，不会再推送给任何人。",
    "又开始招了。推送过的人不会再收到。",
    "已放出去，马上就能查到。",
)
SAME, DIFFERENT = "记下了，是同一个岗位，每个人只会收到一次。", "记下了，不是同一个岗位。"
FALSE, FINE = "已停招，这个岗位的举报都处理了。", "记下了：核实过没有问题，这个岗位的举报都处理了。"
VERIFIED, UNVERIFIED = "记为核验过了，对方看到的岗位不再带提醒。", "改回还没核验，对方看到的岗位会带提醒。"
REFERRAL_KEPT = "记下了。"
NEIGHBOURS_KEPT = "{name}的相邻乡镇存好了，对面的乡镇也一起改了。"
NO_SOURCE = "请写上名单是哪里来的，最多 30 个字，例如：人社局周报。"
IMPORT_NAME = "导入岗位"
REFERRALS_NAME = "推荐上岗_{day}.xlsx"
REFERRAL_COLUMNS = (
    "登记日期", "姓名", "电话", "岗位", "用人单位", "县市", "情况", "上岗日期", "30天后还在不在", "备注", "求助单",
)  # fmt: skip
STILL_THERE = {True: "还在干", False: "不干了", None: ""}
