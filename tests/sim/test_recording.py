"""Reading recordings: what is odd but true is understood, what is wrong is one clear line."""

from itertools import pairwise
from pathlib import Path

import pytest

from host_sim.models.csv_table import DataError
from host_sim.models.recording import read_water
from host_sim.models.replay import load_home
from tests.sim.recordings import DSMR_FILE, DSMR_HEADER, dsmr, water
from tests.sim.shared_data import needs_shared_data

GOOD = "2024-01-01T00:00:00+01:00,0.1,0,0,0,0.01"


def test_the_hour_that_shows_twice_is_read_in_order(tmp_path):
    path = water(
        tmp_path,
        "2016-10-30 01:30:00,100",
        "2016-10-30 02:30:00,101",
        "2016-10-30 02:30:00,103",
        "2016-10-30 03:30:00,106",
    )
    readings, falls = read_water(path)
    assert falls == []
    steps = [later.time_s - earlier.time_s for earlier, later in pairwise(readings)]
    assert steps == [3600, 3600, 3600]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["2024-01-01T00:00:00+01:00,x,0,0,0,0"], 'line 2: "x" under "Electricity 1 (Dutch'),
        ([GOOD, "2024-01-01T01:00:00+01:00,,0,0,0,0"], 'line 3: "" under'),
        ([GOOD, "2024-01-01T01:00:00+01:00,nan,0,0,0,0"], "is not a number"),
        ([GOOD, "2024-01-01T01:00:00+01:00,0,0,0,0,-0.1"], 'line 3: -0.1 under "Gas" is negative'),
        ([GOOD, "2024-01-01T01:00:00+01:00,0.0001,0,0,0,0"], "more than 3 decimals"),
        ([GOOD, "2024-01-01T01:00:00+01:00,101,0,0,0,0"], "more than a house can use"),
        ([GOOD, "2024-01-01T01:00:00+01:00,0,0,0,0"], "line 3: 5 cells where the header has 6"),
        ([GOOD, GOOD], "line 3: 2024-01-01T00:00:00+01:00 is not later than the line before"),
        ([GOOD, "1 January,0,0,0,0,0"], 'line 3: "1 January" is not a time'),
        (["2024-01-01T00:00:00,0,0,0,0,0"], "has no UTC offset"),
        (["2024-01-01T00:30:00+01:00,0,0,0,0,0"], "is not on the hour"),
        ([], "there is no line of data"),
    ],
)
def test_a_bad_smart_meter_file_is_one_clear_line(tmp_path, lines, message):
    refused(dsmr(tmp_path, *lines), message)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["2016-03-01 00:10:00,12.5"], 'line 2: "12.5" is not a whole number of litres'),
        (["2016-03-01 00:10:00,-3"], '"-3" is not a whole number'),
        (["2016-03-01 00:10:00+01:00,3"], "is not a local time"),
        (
            ["2016-03-01 00:10:00,3", "2016-03-01 00:10:00,4"],
            "line 3: 2016-03-01 00:10:00 is not later",
        ),
        (["2016-03-01 00:10:00,3", "2016-03-01 01:10:00,90000"], "rises by 89997 L in 3600 s"),
        (["2016-03-01 00:10:00,3"], "fewer than two readings"),
        (["2016-03-01 00:10:00,3", "2016-03-01 00:20:00,4"], "no full hour in common"),
    ],
)
def test_a_bad_water_file_is_one_clear_line(tmp_path, lines, message):
    refused(water(tmp_path, *lines), message)


def test_a_file_that_is_no_recording_is_one_clear_line(tmp_path):
    refused(tmp_path / "none.csv", "there is no such file; check the path")
    refused(tmp_path, "there is no electricity/nl_dsmr_*.csv in it")
    path = tmp_path / "some.csv"
    for content, message in (
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "line 1: the text is not UTF-8"),
        (b"a,b\n1,2\n", "the columns a, b are of no known recording"),
        (DSMR_HEADER.replace(",Gas", "").encode(), 'the column "Gas" is missing'),
        (DSMR_HEADER.encode() + b"\n" + b"1\n" * 9000 + b"\xff", "line 9002: the text is not"),
        (b"local_time,register_litres\n2016-03-01 00:10:00,\x00\n", "line 2"),
    ):
        path.write_bytes(content)
        refused(path, message)


@needs_shared_data
def test_a_folder_without_water_is_one_clear_line(tmp_path):
    (tmp_path / "electricity").mkdir()
    (tmp_path / "electricity" / "nl_dsmr_x.csv").symlink_to(DSMR_FILE)
    refused(tmp_path, "there is no water/*/*.csv in it")


def refused(path: Path, message: str) -> None:
    with pytest.raises(DataError) as caught:
        load_home(path, 1)
    text = str(caught.value)
    assert message in text
    assert text.startswith(str(path))
    assert "; " in text
    assert "\n" not in text
