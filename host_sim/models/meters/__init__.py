"""The electricity meters of the bench, one for each profile that comes with the firmware.

Written from the makers' documents, never from those profiles, and without any of the firmware's
code: a model that shares what it is to test agrees with its mistakes. `METERS` names them as the
firmware's configuration does (`meter.profile`).
"""

from host_sim.models.line_settings import LineSettings
from host_sim.models.meters.eastron import SDM72D_M_V2, SDM120, SDM230, SDM630
from host_sim.models.meters.meter import Meter, MeterModel
from host_sim.models.meters.orno import WE514
from host_sim.models.meters.peacefair import PZEM016
from host_sim.models.meters.schneider import IEM3155

__all__ = ["METERS", "LineSettings", "Meter", "MeterModel"]

METERS: dict[str, MeterModel] = {
    "sdm120": SDM120,
    "sdm230": SDM230,
    "sdm630": SDM630,
    "sdm72d_m_v2": SDM72D_M_V2,
    "iem3155": IEM3155,
    "pzem016": PZEM016,
    "we514": WE514,
}
