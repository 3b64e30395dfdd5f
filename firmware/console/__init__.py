"""What a technician asks at the serial port, in the collector's own loop: metering never stops.

As long as nobody does, only this is in the heap. What a line takes is loaded for it, a step at a
time: the code that types it is let go of before what it asks for is loaded (see once.py).
"""

import once


class Console:
    """reader: of the port (drivers/terminal.py). about: what a console.visit.Visit is made of, and
    from the first line on that.
    """

    def __init__(self, reader, *about):
        self.reader = reader
        self.about = about

    async def run(self) -> None:
        """Hear line after line, for ever."""
        while True:
            byte = (await self.reader.read(1))[0]
            try:
                from console import serving

                once.forget("console.serving")
                await serving.line(self, byte)
            except MemoryError:  # not even for that: the next key tries again
                once.sweep()
