"""One script per promise: each prints figures, what they are compared with, and whether they hold."""
