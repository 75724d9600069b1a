"""The commands of `python -m bot`, one file each."""

from bot.commands.ask import ask
from bot.commands.chat import chat
from bot.commands.doctor import doctor
from bot.commands.explain import explain
from bot.commands.knowledge import knowledge
from bot.commands.serve import migrate, serve

__all__ = ["ask", "chat", "doctor", "explain", "knowledge", "migrate", "serve"]
