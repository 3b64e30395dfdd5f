"""A Modbus client that is not ours: pymodbus writes the request, reads the reply, and decodes."""

from collections.abc import Sequence

from pymodbus.client.mixin import ModbusClientMixin
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, ReadInputRegistersRequest

from host_sim.models.modbus_slave import ModbusSlave

_REQUESTS = {3: ReadHoldingRegistersRequest, 4: ReadInputRegistersRequest}


def ask(
    slave: ModbusSlave, function: int, address: int, count: int, t_us: int, device: int = 1
) -> ModbusPDU:
    """The reply of `slave` to one read at `t_us` (unix)."""
    request = _REQUESTS[function](address=address, count=count, dev_id=device)
    reply = slave.answer(_framer().buildFrame(request), t_us)
    assert reply is not None
    used, pdu = _framer().handleFrame(reply, device, 0)
    assert used == len(reply)
    assert pdu is not None
    return pdu


def decoded(words: Sequence[int], kind: str, low_first: bool) -> float:
    """`words` as a number of `kind` ("uint32", "float32" and so on)."""
    number = ModbusClientMixin.convert_from_registers(
        list(words),
        ModbusClientMixin.DATATYPE[kind.upper()],
        word_order="little" if low_first else "big",
    )
    assert isinstance(number, (int, float))
    return number


def _framer() -> FramerRTU:
    return FramerRTU(DecodePDU(False))
