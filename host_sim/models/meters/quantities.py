"""Everything a meter can tell, by name: a function of time each, in V, A, W, Hz or Wh."""

from collections.abc import Callable

from host_sim.models.meters.dials import Dials
from host_sim.models.meters.supply import Supply

Quantity = Callable[[int], float]  # unix microseconds -> value; an int where it is exact


def quantities(supply: Supply, dials: Dials) -> dict[str, Quantity]:
    """All of one meter; what belongs to a phase ends with `_l1`, `_l2` or `_l3`."""
    found: dict[str, Quantity] = {
        "power": supply.power_w,
        "power_magnitude": lambda t_us: abs(supply.power_w(t_us)),
        "import_power": lambda t_us: max(supply.power_w(t_us), 0),
        "export_power": lambda t_us: max(-supply.power_w(t_us), 0),
        "power_factor": lambda t_us: 1,
        "frequency": supply.frequency_hz,
        "import_energy": dials.import_wh,
        "export_energy": lambda t_us: dials.export_wh(t_us) or 0,
        "total_energy": dials.total_wh,
        "net_energy": lambda t_us: 2 * dials.import_wh(t_us) - dials.total_wh(t_us),
        "nothing": lambda t_us: 0,
    }
    for phase in supply.phases:
        found |= {
            f"{name}_l{phase + 1}": quantity
            for name, quantity in _of_phase(supply, dials, phase).items()
        }
    return found


def _of_phase(supply: Supply, dials: Dials, phase: int) -> dict[str, Quantity]:
    return {
        "voltage": lambda t_us: supply.voltage_v(phase, t_us),
        "current": lambda t_us: supply.current_a(phase, t_us),
        "power": lambda t_us: supply.phase_power_w(phase, t_us),
        "apparent_power": lambda t_us: abs(supply.phase_power_w(phase, t_us)),
        "import_energy": lambda t_us: supply.share_wh(dials.import_wh(t_us), phase),
        "export_energy": lambda t_us: supply.share_wh(dials.export_wh(t_us) or 0, phase),
    }
