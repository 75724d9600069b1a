"""What the service does: functions that take a session first, never commit and never touch a network."""
