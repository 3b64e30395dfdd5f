"""`esp32.Partition` over the NOR model, in the same process."""

from host_sim.models.nor import SECTOR_BYTES, Nor


class Partition:
    """The methods that the firmware's stores use."""

    def __init__(self, nor: Nor):
        self.nor = nor

    def readblocks(self, block: int, buf: memoryview, offset: int = 0) -> None:
        """Fill `buf` from `offset` bytes into the block."""
        buf[:] = self.nor.read(block * SECTOR_BYTES + offset, len(buf))

    def writeblocks(self, block: int, buf: memoryview, offset: int | None = None) -> None:
        """Program; without an offset the block is erased before."""
        if offset is None:
            self.nor.erase(block)
        self.nor.program(block * SECTOR_BYTES + (offset or 0), buf)

    def ioctl(self, operation: int, argument: int) -> int | None:
        """Blocks, block size, erase."""
        if operation == 4:
            return self.nor.size // SECTOR_BYTES
        if operation == 5:
            return SECTOR_BYTES
        if operation == 6:
            self.nor.erase(argument)
            return 0
        return None
