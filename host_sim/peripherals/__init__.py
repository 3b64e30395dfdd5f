"""The chip's peripherals and what hangs on their pins, as the world models them."""
