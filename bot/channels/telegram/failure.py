"""What a failed call to Telegram means to the delivery worker, told without the token that its addresses contain."""

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    DetailedAiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.channels.base import DeliveryError, PauseChannelError, RejectedError, UnavailableError, UnreachableError

_TOKEN_PAUSE = 60.0
_NOBODY = ("chat not found", "peer_id_invalid", "user_is_blocked", "user is deactivated")

log = structlog.get_logger()


def explain(error: Exception, bot: Bot) -> str:
    """Return the error in one line for logs and for staff."""
    if isinstance(error, ClientDecodeError):
        text = f"answer not understood: {type(error.original).__name__}"
    elif isinstance(error, DetailedAiogramError):
        text = error.message
    else:
        text = str(error)
    return f"{type(error).__name__}: {text}".replace(bot.token, "<token>")


def says(error: TelegramBadRequest, phrases: tuple[str, ...]) -> bool:
    """Tell whether the description, the only thing that tells 400s apart, has one of the phrases."""
    text = error.message.lower()
    return any(phrase in text for phrase in phrases)


def as_delivery_error(error: Exception, bot: Bot) -> DeliveryError:  # noqa: PLR0911 - one line a kind of failure
    """Translate the failure of a send."""
    reason = explain(error, bot)
    match error:
        case TelegramRetryAfter():
            return PauseChannelError(error.retry_after)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # The fault is the token's, not the messages': keep them until the operator has mended it.
            log.error("Telegram refuses our token / 机器人令牌无效,请检查 YIZHAN_TELEGRAM_TOKEN", error=reason)
            return PauseChannelError(_TOKEN_PAUSE)
        case TelegramForbiddenError():
            return UnreachableError(reason)
        case TelegramBadRequest() if says(error, _NOBODY):
            return UnreachableError(reason)
        case TelegramEntityTooLarge():  # to aiogram a network error, but the message will not shrink
            return RejectedError(reason)
        case TelegramServerError() | TelegramNetworkError() | ClientDecodeError() | OSError():
            return UnavailableError(reason)
    return RejectedError(reason)
