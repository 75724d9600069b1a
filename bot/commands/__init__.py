"""The commands of `python -m bot`, one file each."""

from bot.commands.ask import ask
from bot.commands.chat import chat
from bot.commands.create_staff import create_staff
from bot.commands.deliver import deliver
from bot.commands.doctor import doctor
from bot.commands.explain import explain
from bot.commands.import_jobs import export_jobs, import_jobs
from bot.commands.import_places import export_places, import_places
from bot.commands.knowledge import knowledge
from bot.commands.serve import migrate, serve

__all__ = [
    "ask",
    "chat",
    "create_staff",
    "deliver",
    "doctor",
    "explain",
    "export_jobs",
    "export_places",
    "import_jobs",
    "import_places",
    "knowledge",
    "migrate",
    "serve",
]
