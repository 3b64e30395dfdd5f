"""NOR flash and `esp32.Partition` in one, in the subset that both Pythons run."""

SECTOR_BYTES = 4096


class PlainNor:
    """Programming only clears bits; a 16-byte block is programmed once between erases."""

    def __init__(self, sectors):
        self.data = bytearray(b"\xff" * (sectors * SECTOR_BYTES))
        self.left = -1  # operations until the supply fails

    def readblocks(self, block, buf, offset=0):
        start = block * SECTOR_BYTES + offset
        buf[:] = self.data[start : start + len(buf)]

    def writeblocks(self, block, buf, offset):
        start = block * SECTOR_BYTES + offset
        assert self.data[start : start + len(buf)] == b"\xff" * len(buf)
        done = len(buf) if self._powered() else len(buf) // 3
        self.data[start : start + done] = buf[:done]
        if done < len(buf):
            raise KeyboardInterrupt

    def ioctl(self, operation, argument):
        if operation == 4:
            return len(self.data) // SECTOR_BYTES
        if operation == 5:
            return SECTOR_BYTES
        start = argument * SECTOR_BYTES
        size = SECTOR_BYTES if self._powered() else SECTOR_BYTES // 3
        self.data[start : start + size] = b"\xff" * size
        if size < SECTOR_BYTES:
            raise KeyboardInterrupt
        return 0

    def _powered(self):
        self.left -= 1
        return self.left != 0
