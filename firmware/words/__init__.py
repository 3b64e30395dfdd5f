"""What a technician can ask that the head-end cannot; loaded when it is said (console/)."""
