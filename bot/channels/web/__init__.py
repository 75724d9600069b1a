"""The web chat: the embedded default, for any browser."""
