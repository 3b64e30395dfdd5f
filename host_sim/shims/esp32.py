"""ESP32's `esp32.Partition`: block protocol with offsets over the world's NOR flash."""

import link
import ops

_BLOCK_BYTES = 4096


class Partition:
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, id, block_size=_BLOCK_BYTES):
        count = link.checked(ops.PARTITION_FIND, 0, 0, 0, id.encode())
        self._handle_no = link.payload[0]
        self._label = id
        self._blocks = count

    @staticmethod
    def find(*type_and_subtype, label=None):
        try:
            return [Partition(label)]
        except OSError:
            return []

    def info(self):
        return (self.TYPE_DATA, 0x40, 0, self._blocks * _BLOCK_BYTES, self._label, False)

    def readblocks(self, block_num, buf, offset=0):
        link.checked(
            ops.PARTITION_READ, self._handle_no, block_num * _BLOCK_BYTES + offset, len(buf)
        )
        buf[:] = link.payload

    def writeblocks(self, block_num, buf, offset=None):
        """Program without erase; without an offset the blocks are erased first
        (esp32_partition.c).
        """
        if offset is None:
            for i in range(len(buf) // _BLOCK_BYTES):
                self.ioctl(6, block_num + i)
            offset = 0
        link.checked(
            ops.PARTITION_WRITE, self._handle_no, block_num * _BLOCK_BYTES + offset, 0, buf
        )

    def ioctl(self, op, arg):
        if op == 4:
            return self._blocks
        if op == 5:
            return _BLOCK_BYTES
        if op == 6:
            link.checked(ops.PARTITION_ERASE, self._handle_no, arg)
        return 0
