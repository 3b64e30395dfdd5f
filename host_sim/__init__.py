"""The bench: a world around the firmware, and shims that stand in for the chip's API."""
