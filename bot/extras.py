"""What only some installations have: where it is set but not installed, the operator is told how to get it."""

from importlib.util import find_spec

from bot.wake import Wake
from core.errors import OperatorError


def need_telegram() -> None:
    """Make sure that the Telegram channel can be imported.

    Raises:
        OperatorError: aiogram is not installed.
    """
    if find_spec("aiogram") is None:
        raise OperatorError(
            "YIZHAN_TELEGRAM_TOKEN is set, but aiogram is not installed: start with make run, "
            "or run .venv/bin/pip install -e '.[telegram]' / "
            "设置了 YIZHAN_TELEGRAM_TOKEN，但没有安装 aiogram，请用 make run 启动，或运行左边的命令"
        )


def make_wake(redis_url: str) -> Wake:
    """Make wake-ups between processes, or without an address inside this one.

    Raises:
        OperatorError: redis is not installed.
    """
    if not redis_url:
        return Wake()
    try:
        from bot.wake_redis import RedisWake  # noqa: PLC0415
    except ImportError as error:
        raise OperatorError(
            "YIZHAN_REDIS_URL is set, but redis is not installed: run .venv/bin/pip install -e '.[redis]' / "
            "设置了 YIZHAN_REDIS_URL，但没有安装 redis，请运行左边的命令"
        ) from error
    return RedisWake(redis_url)
