"""Operation codes of the pipe between the firmware process and the world.

A request is a header `<BBHii` (operation, handle, payload length, a, b) and its payload. An answer
is four little-endian 32-bit integers (ticks_ms; ticks_us; result; payload length | interrupts <<
16 | readiness << 24), the payload, then two bytes (handle, level) for each interrupt that fired
while the firmware waited. A negative result is a negated errno. Operations from POST upward get no
answer: they take no time and cannot fail.
"""

REQUEST = "<BBHii"
ANSWER = "<iiii"
POLLED_READY = 1  # readiness: something the firmware polls is ready
UART_READY = 2  # readiness: a UART has received bytes
PAYLOAD_MAX = 8192

HELLO = 1
WAIT = 2
RESET = 3
RTC_GET = 4
RTC_SET = 5
RTC_MEMORY_GET = 6
UNIQUE_ID = 8
RESET_CAUSE = 9

PIN_GET = 16
COUNTER_OPEN = 17
COUNTER_VALUE = 18
ADC_READ = 19
I2C_READ = 20
I2C_WRITE = 21

UART_READ = 24
UART_FLUSH = 25
UART_TXDONE = 26

PARTITION_FIND = 32
PARTITION_READ = 33
PARTITION_WRITE = 34
PARTITION_ERASE = 35

WLAN_ACTIVE = 40
WLAN_CONNECT = 41
WLAN_DISCONNECT = 42
WLAN_STATUS = 43
WLAN_RSSI = 44
WLAN_MAC = 45
WLAN_ADDRESS = 46
WLAN_SCAN = 47
LAN_OPEN = 61
LAN_ACTIVE = 62
LAN_STATUS = 63
LAN_ADDRESS = 64

SOCKET_RESOLVE = 48
SOCKET_OPEN = 49
SOCKET_CONNECT = 50
SOCKET_SEND = 51
SOCKET_RECEIVE = 52
SOCKET_CLOSE = 53

REPORT = 60

POST = 128
POLL_SET = 128
WDT_START = 129
WDT_FEED = 130
PIN_MODE = 131
PIN_SET = 132
PIN_IRQ = 133
UART_OPEN = 134
UART_WRITE = 135
I2C_OPEN = 136
RTC_MEMORY_SET = 137
KEYBOARD_INTERRUPT = 138

# What WAIT answers.
TIMED_OUT = 0
READY = 1
INTERRUPTED = 2

# Handles of things that can be polled: UART n is n (0 has MicroPython's prompt); sockets follow.
SERIAL_PORT = 0
SOCKET_HANDLE_FIRST = 16
# Handle of an interrupt that is no pin's.
KEYBOARD_HANDLE = 255
FOREVER = -1
