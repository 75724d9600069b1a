"""The only reader of the environment: every YIZHAN_… setting, its default and its meaning."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.booking_rules import BookingRules
from services.notice_gate import Rules


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
    telegram_chat_rate: float = Field(default=1, gt=0)
    """Messages a second to one person (core.telegram.org/bots/faq)."""
    telegram_chat_burst: int = Field(default=3, ge=1)
    """How many messages may come to one person at once before that counts; short bursts are tolerated."""
    telegram_staff_group: str = Field(default="", pattern=r"^(-\d+)?$")
    """Chat id of the group that staff answer in, such as -1001234567890; empty means none."""
    telegram_group_per_minute: int = Field(default=20, ge=4)
    """Messages a minute into one group, the staff group too (core.telegram.org/bots/faq)."""
    web_text_limit: int = Field(default=4096, ge=100)
    """Characters of one web chat message."""
    largest_file_mb: int = Field(default=20, ge=1, le=2000)
    """Megabytes of one file; Telegram's own servers give out no more than 20 (core.telegram.org/bots/api#getfile)."""
    notices_at_once: int = Field(default=1, ge=1, le=100)
    """Notices and broadcasts that one process sends at the same time; a crash repeats at most so many."""
    lease_seconds: float = Field(default=30, gt=1, le=1800)
    """How long a process may take to send a claimed message before another tries."""
    claim_minutes: int = Field(default=30, ge=1)
    """How long a case that staff took is theirs alone after their last act."""
    case_idle_hours: float = Field(default=48, gt=0)
    """After so long without a word from the person, an answered case is closed and the bot is back."""
    notices_per_day: int = Field(default=3, ge=1)
    """Notices a person gets on one day; what is urgent or about an appointment comes all the same."""
    quiet_from: int = Field(default=20, ge=0, le=23)
    """Hour of China's day from which no notice is sent, unless the person has chosen another."""
    quiet_until: int = Field(default=8, ge=0, le=23)
    """Hour at which that ends; the same as quiet_from leaves the whole day open."""
    bookings_per_day: int = Field(default=2, ge=1)
    """Visits to a station that one person can book for one day."""
    booking_notice_minutes: int = Field(default=60, ge=0)
    """How long ahead one has to book a visit at the least, where a station has no limit of its own."""
    booking_horizon_days: int = Field(default=14, ge=1, le=366)
    """How many days ahead one can book a visit at the most, where a station has no limit of its own."""
    booking_offer_hours: float = Field(default=2, gt=0)
    """For how many waking hours a place that became free is kept for the first in the waiting list."""
    crisis_repeat_minutes: float = Field(default=3, gt=0)
    """How often staff are called again to a danger that nobody has taken."""
    public_url: str = ""
    """Address that people open the service by, for links; empty means http://localhost with the port, and no calendar links."""
    proxies: str = "127.0.0.1,::1"
    """Addresses of reverse proxies, commas between, that are believed who the client is (X-Forwarded-For)."""
    console_idle_minutes: int = Field(default=30, ge=1)
    """After how long without use a person of staff must sign in again."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level of the JSON log on standard error."""

    @property
    def database(self) -> str:
        """Return the database URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'yizhan.sqlite3'}"

    @property
    def staff_group(self) -> int | None:
        """Return the chat id of the staff group in use."""
        return int(self.telegram_staff_group) if self.telegram and self.telegram_staff_group else None

    @property
    def notice_rules(self) -> Rules:
        """Return the rules for what is said unasked."""
        return Rules(self.notices_per_day, self.quiet_from, self.quiet_until)

    @property
    def booking_rules(self) -> BookingRules:
        """Return the rules of bookings; people are awake when notices may be sent."""
        return BookingRules(
            self.bookings_per_day, self.booking_notice_minutes, self.booking_horizon_days,
            timedelta(hours=self.booking_offer_hours), self.quiet_until, self.quiet_from,
        )  # fmt: skip

    @property
    def telegram(self) -> bool:
        """Tell whether the Telegram channel is on."""
        return bool(self.telegram_token.get_secret_value())
