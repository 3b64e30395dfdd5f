"""Runs on MicroPython's own sockets and clock: publishes one interval after the other with umqtt,
QoS 1, as programs use it: `publish` waits for the broker's acknowledgement.

    micropython publish.py TASK

TASK: a file; `host`, `port` of the broker, `collector`; `robust`: the folder that holds
umqtt.robust, or "" for umqtt.simple; `channels`; `hours`: of each its start, the registers then,
and what they count in it; `weigh`: as in uplink.py.
Says what uplink.py says.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import gc
import json
import sys
import time


def client_class(robust):
    """The client as the package has it."""
    import umqtt.simple

    if not robust:
        return umqtt.simple.MQTTClient
    umqtt.__path__ = robust + "/umqtt"  # two packages of one name
    from umqtt.robust import MQTTClient

    return MQTTClient


def weighed(base, peak):
    """A client that looks, each time it waits, for the most that is live."""

    class Weighed(base):
        def wait_msg(self):
            gc.collect()
            peak[0] = max(peak[0], gc.mem_alloc())
            return super().wait_msg()

    return Weighed


def publish_all(client, task):
    """Hour by hour and channel by channel."""
    for start_s, registers, deltas in task["hours"]:
        for i, (channel, unit) in enumerate(task["channels"]):
            text = {"start": start_s, "unit": unit, "open": registers[i], "delta": deltas[i]}
            client.publish("ami/" + task["collector"] + "/" + channel, json.dumps(text), qos=1)


def main():
    """Read the task, do it, tell."""
    with open(sys.argv[1]) as file:
        task = json.load(file)
    make = client_class(task["robust"])
    peak = [0]
    if task["weigh"]:
        make = weighed(make, peak)
    gc.collect()
    before = gc.mem_alloc()
    began_us = time.ticks_us()
    client = make(task["collector"], task["host"], task["port"], keepalive=60)
    client.connect()
    publish_all(client, task)
    elapsed_us = time.ticks_diff(time.ticks_us(), began_us)
    client.disconnect()
    print(json.dumps({"elapsed_us": elapsed_us, "heap_peak": max(0, peak[0] - before)}))


main()
