"""How each channel receives and sends."""
