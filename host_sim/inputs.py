"""What drives the collector's input pins: pulse contacts, bare or at the end of a supervised loop,
and the sense of mains.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from host_sim.models.loop import SHORTED_UA, Loop, WireFault
from host_sim.models.mains import Mains
from host_sim.models.pulses import PulseInput
from host_sim.peripherals.adc import Voltage
from host_sim.peripherals.pins import Source
from host_sim.scenario import Scenario
from host_sim.wiring import Wiring

_WIRE_FAULTS_UA = {"wire_cut": 0, "wire_short": SHORTED_UA}
_FAULTY_CHANNEL = "water"


class Inputs(NamedTuple):
    """By pin: what gives it its level, and what voltage is measured there."""

    sources: dict[int, Source]
    voltages: dict[int, Voltage]


def wired(scenario: Scenario, wiring: Wiring, contacts: Mapping[str, PulseInput]) -> Inputs:
    """Everything at the pins; ValueError for a wire's fault where no wire is supervised."""
    start_us = scenario.home.start_s * 1_000_000
    sources: dict[int, Source] = {}
    voltages: dict[int, Voltage] = {}
    faults = [
        WireFault(start_us + fault.at_us, fault.lasting_us, _WIRE_FAULTS_UA[fault.what])
        for fault in scenario.faults
        if fault.what in _WIRE_FAULTS_UA
    ]
    if faults and _FAULTY_CHANNEL not in wiring.loop_pins:
        raise ValueError(f"{scenario.board} supervises no wire")
    for channel, pin in wiring.pulse_pins.items():
        if channel in wiring.loop_pins:
            loop = Loop(contacts[channel], faults if channel == _FAULTY_CHANNEL else [])
            sources[pin] = loop
            voltages[wiring.loop_pins[channel]] = partial(
                loop.shunt_uv, shunt_ohm=wiring.shunt_ohm
            )
        else:
            sources[pin] = contacts[channel]
    if wiring.mains_pin is not None:
        outages = [
            (start_us + fault.at_us, fault.lasting_us)
            for fault in scenario.faults
            if fault.what == "mains"
        ]
        mains = Mains(outages, scenario.mains_fall_us)
        sources[wiring.mains_pin] = mains
        voltages[wiring.mains_pin] = mains.voltage_uv
    return Inputs(sources, voltages)
