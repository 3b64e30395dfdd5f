"""A gas boiler: space heating by the weather, and warm water as it is drawn.

Its burner is on or off. Heat that is due but not worth lighting the burner waits for the next
quarter hour.
"""

from host_sim.models.climate import Climate
from host_sim.models.fixtures import Draw
from host_sim.models.flow import Flow
from host_sim.models.habits import DayPlan
from host_sim.models.home import MINUTE_US, SECOND_US

BURNER_DM3_PER_H = 1800
_KWH_PER_M3 = 8.8  # 9.77 kWh/m3 gross, 90 % of it used
_BURNER_KW = BURNER_DM3_PER_H * _KWH_PER_M3 / 1000
_SHORTEST_BURN_KWH = _BURNER_KW * 2 / 60  # two minutes
_DM3_PER_WARM_LITRE = 3.7  # 10 to 38 degrees C: 32.6 Wh

_LOSS_KW_PER_K = 0.155
_GAINS_KW = 0.45  # people and appliances
_DAY_C, _NIGHT_C = 20.0, 16.0
_OFF_ABOVE_C = 15.0  # daily mean from which the heating is off
_QUARTER_MIN = 15


def day_of_heating(plan: DayPlan, midnight_us: int, climate: Climate, day: int) -> list[Flow]:
    """The burner's gas for space heating over one local day, in dm3/h."""
    if climate.mean_c(day) > _OFF_ABOVE_C:
        return []
    flows = []
    due_kwh = 0.0
    for minute in range(0, 24 * 60, _QUARTER_MIN):
        due_kwh += (
            _demand_kw(plan, minute, climate.outdoor_c(day, minute / 60)) * _QUARTER_MIN / 60
        )
        if due_kwh < _SHORTEST_BURN_KWH:
            continue
        burn_s = min(int(due_kwh / _BURNER_KW * 3600), _QUARTER_MIN * 60)
        due_kwh -= burn_s / 3600 * _BURNER_KW
        start_us = midnight_us + minute * MINUTE_US
        flows.append(Flow(start_us, start_us + burn_s * SECOND_US, BURNER_DM3_PER_H))
    return flows


def _demand_kw(plan: DayPlan, minute: int, outdoor_c: float) -> float:
    warm_from = plan.first_up - 45
    warm = warm_from <= minute < plan.last_to_bed
    heating_up_kw = 2.5 if warm_from <= minute < warm_from + 75 else 0.0
    loss_kw = _LOSS_KW_PER_K * ((_DAY_C if warm else _NIGHT_C) - outdoor_c)
    return max(loss_kw - _GAINS_KW, 0.0) + heating_up_kw


def warm_water_gas(draws: list[Draw]) -> list[Flow]:
    """The gas that heats the warm part of each draw while it runs, in dm3/h."""
    return [
        Flow(
            flow.start_us,
            flow.end_us,
            int(flow.per_hour * warm_percent * _DM3_PER_WARM_LITRE / 100),
        )
        for flow, warm_percent in draws
        if warm_percent
    ]
