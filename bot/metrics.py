"""Figures for Prometheus: counts and times, never words or people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The metrics of one process, in a registry of their own so that tests can have many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "yizhan_turns_total",
            "Turns by channel, journey and outcome",
            ["channel", "journey", "outcome"],
            registry=self.registry,
        )
        self.failed = Counter(
            "yizhan_turns_failed_total", "Turns that ended in an apology", ["channel"], registry=self.registry
        )
        self.collided = Counter(
            "yizhan_turns_collided_total", "Turns taken again after a deadlock", ["channel"], registry=self.registry
        )
        self.repeated = Counter(
            "yizhan_inbound_repeated_total", "Inbounds that had come before", ["channel"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "yizhan_turn_seconds", "From receipt to commit", ["channel"], registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
        )  # fmt: skip
        self.deliveries = Counter(
            "yizhan_deliveries_total",
            "Send attempts by channel and outcome",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.ticks_failed = Counter(
            "yizhan_ticks_failed_total", "Batches of timed work that failed", ["tick"], registry=self.registry
        )
        self.streams = Gauge("yizhan_web_streams", "Open browser streams", registry=self.registry)
        self.entries = Gauge("yizhan_knowledge_entries", "Entries in the snapshot in use", registry=self.registry)
        self.reload_failures = Counter(
            "yizhan_knowledge_reload_failures_total", "Knowledge files that could not be used", registry=self.registry
        )
