"""Tables by topic, and the only place that opens a transaction."""
