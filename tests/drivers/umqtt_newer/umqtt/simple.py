"""Stands where umqtt.simple is frozen in MicroPython 1.26 and later: the shape of its client as
far as drivers.broker builds on it. Its own way to talk must never be taken: it raises.

What differs from 1.3.4 of the package index (2017), as micropython-lib has it: the modules are
`socket` and `struct`; `ssl` is an SSLContext and there is no `ssl_params`; an empty user is none;
`connect` takes a `timeout`; `wait_msg` tells which packet it was; SUBSCRIBE may be longer than
127 bytes. What is the same: every attribute below, `_send_str`, `set_last_will`, `ping`.
"""

# pyright: reportAttributeAccessIssue=false

import struct


class MQTTException(Exception):
    pass


class MQTTClient:
    def __init__(self, client_id, server, port=0, user=None, password=None, keepalive=0, ssl=None):
        self.client_id = client_id
        self.sock = None
        self.server = server
        self.port = port or (8883 if ssl else 1883)
        self.ssl = ssl
        self.pid = 0
        self.cb = None
        self.user = user
        self.pswd = password
        self.keepalive = keepalive
        self.lw_topic = None
        self.lw_msg = None
        self.lw_qos = 0
        self.lw_retain = False

    def _send_str(self, s):
        self.sock.write(struct.pack("!H", len(s)))
        self.sock.write(s)

    def set_last_will(self, topic, msg, retain=False, qos=0):
        self.lw_topic = topic
        self.lw_msg = msg
        self.lw_qos = qos
        self.lw_retain = retain

    def ping(self):
        self.sock.write(b"\xc0\0")

    def connect(self, clean_session=True, timeout=None):
        raise NotImplementedError

    def publish(self, topic, msg, retain=False, qos=0):
        raise NotImplementedError

    def wait_msg(self):
        raise NotImplementedError
