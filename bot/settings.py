"""The only reader of the environment: every YIZHAN_… setting, its default and its meaning."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings of a process; a missing token switches its channel off."""

    model_config = SettingsConfigDict(env_prefix="YIZHAN_", env_file=".env", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    """Address the web server listens on; 0.0.0.0 for every network."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Port of web chat, webhook, health and metrics; 0 picks a free one."""
    data_dir: Path = Path("data")
    """Folder of the database, the bureau profile, the cookie key and imported knowledge."""
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite in the data folder, postgresql+asyncpg://… for scaled mode."""
    redis_url: str = ""
    """Wake-ups between processes; empty means inside one process only."""
    region: str = ""
    """The bureau's place as 省+市+县, e.g. 浙江省桐乡市; empty means the profile's, or nationwide."""
    production: bool = False
    """Hide the invented sample offers, and send cookies over HTTPS only."""
    telegram_token: SecretStr = SecretStr("")
    """Bot token; empty switches Telegram off."""
    telegram_mode: Literal["poll", "webhook"] = "poll"
    """Fetch updates, or have them delivered to POST /telegram/webhook."""
    telegram_api_url: str = ""
    """Address of a self-hosted Bot API server; empty means Telegram's own."""
    telegram_webhook_secret: SecretStr = SecretStr("")
    """Secret that Telegram repeats in each webhook call: 1-256 of A-Z a-z 0-9 _ -."""
    telegram_webhook_url: str = ""
    """Public https address of /telegram/webhook, registered at start in webhook mode; empty leaves it as it is."""
    telegram_text_limit: int = Field(default=4096, ge=100, le=4096)
    """Characters of one Telegram message (core.telegram.org/bots/api#sendmessage)."""
    telegram_rate: float = Field(default=30, gt=0)
    """Messages a second over all chats (core.telegram.org/bots/faq)."""
    web_text_limit: int = Field(default=4096, ge=100)
    """Characters of one web chat message."""
    lease_seconds: float = Field(default=30, gt=1)
    """How long a process may take to send a claimed message before another tries."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level of the JSON log on standard error."""

    @property
    def database(self) -> str:
        """Return the database URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'yizhan.sqlite3'}"

    @property
    def telegram(self) -> bool:
        """Tell whether the Telegram channel is on."""
        return bool(self.telegram_token.get_secret_value())
