"""Calibration: inputs of a scenario from what was observed, and what stays open."""

from analysis.calibrate.arrivals import calibrate_arrivals
from analysis.calibrate.exposure import Kept
from analysis.calibrate.fragment import Calibration, refuse_out
from analysis.calibrate.incidents import calibrate_incidents
from analysis.calibrate.service import Owner, calibrate_lines, calibrate_times
from analysis.calibrate.source import Given
from analysis.calibrate.told import Told

__all__ = [
    "Calibration",
    "Given",
    "Kept",
    "Owner",
    "Told",
    "calibrate_arrivals",
    "calibrate_incidents",
    "calibrate_lines",
    "calibrate_times",
    "refuse_out",
]
