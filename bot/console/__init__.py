"""The web console of the staff, under /console."""
