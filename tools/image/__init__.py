"""What is written onto a board: stock MicroPython, our partitions, and a file system with the
compiled firmware.
"""
