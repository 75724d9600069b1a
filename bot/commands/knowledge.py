"""Check, export and import entries and offers."""

import argparse
from datetime import date, timedelta
from pathlib import Path

from bot.settings import Settings
from bot.storage import prepare_folder
from core.clock import CHINA, utc_now
from core.errors import OperatorError
from knowledge import exchange, vectors
from knowledge.content import SHIPPED, Content, documents, read_content

_WARN_DAYS = 30
_VECTORS = SHIPPED / "vectors.npz"


async def knowledge(settings: Settings, options: argparse.Namespace) -> int:
    """Run one of the four actions."""
    content = read_content(settings.data_dir)
    today = utc_now().astimezone(CHINA).date()
    if options.action == "check":
        return check(content, today)
    if options.action == "vectors":
        vectors.write(_VECTORS, phrasings(read_content(None), today))
        print("问法向量已更新")
        return 0
    if options.file is None or options.file.suffix not in (".yaml", ".xlsx"):
        raise OperatorError("name a .yaml or .xlsx file / 请写上 .yaml 或 .xlsx 文件名")
    if options.action == "export":
        count = exchange.export(options.file, content, offers=options.offers)
        print(f"已导出 {count} 条到 {options.file}")
        return 0
    return _import(settings, content, options.file, offers=options.offers, dry_run=options.dry_run)


def phrasings(content: Content, today: date) -> list[str]:
    """Return every phrasing that has a vector."""
    return list(dict.fromkeys(p for document in documents(content, today) for p in document.phrasings))


def check(content: Content, today: date) -> int:
    """Say what is missing: facts no entry states, entries that end soon, vectors that are not fresh."""
    stated = {fact for entry in content.entries.values() for fact in entry.facts}
    uncovered = [fact for fact in content.facts.values() if fact.usable and fact.id not in stated]
    for fact in uncovered:
        print(f"没有问答说到的事实：{fact.id} {fact.text}")
    for entry in content.entries.values():
        if entry.valid_to and entry.valid_to < today + timedelta(days=_WARN_DAYS):
            print(f"快到期或已到期：{entry.slug} 到 {entry.valid_to}")
    # Vectors are fresh when every phrasing that is or will be valid has one.
    stale = vectors.missing(_VECTORS, phrasings(read_content(None), today))
    if stale:
        print(f"有 {len(stale)} 个问法还没有向量，请运行 python -m bot knowledge vectors")
    print(
        f"问答 {len(content.entries)} 条，问法 {sum(len(e.asked_as()) for e in content.entries.values())} 个，"
        f"事实 {len(content.facts)} 条(未说到 {len(uncovered)})，优待项目 {len(content.offers)} 项"
    )
    return 1 if uncovered or stale else 0


def _import(settings: Settings, content: Content, path: Path, *, offers: bool, dry_run: bool) -> int:
    prepare_folder(settings.data_dir)
    found = exchange.read_import(path, settings.data_dir, content, offers=offers)
    for problem in found.problems:
        print(problem)
    rest = f"{found.same} 条没有变化，{len(found.problems)} 处问题"
    if dry_run:
        print(f"试运行：{len(found.rows)} 条可以导入，{rest}，没有写入")
    else:
        exchange.save(settings.data_dir, found.rows, offers=offers)
        print(f"导入 {len(found.rows)} 条，{rest}")
    return 1 if found.problems else 0
