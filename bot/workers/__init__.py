"""What runs beside the channels: delivery and the clock."""
