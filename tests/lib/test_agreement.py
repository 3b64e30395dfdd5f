"""Values that are right by themselves and wrong together."""

from lib import agreement

GOOD = {
    "checkpoint_pulses": 100,
    "water.most_per_min": 600,
    "gas.most_per_min": 600,
    "water.leak": "",
    "water.pulse_num": 1,
    "water.pulse_den": 1,
    "gas.leak": "",
    "gas.pulse_num": 1,
    "gas.pulse_den": 1,
    "events.classes": "",
}


def kept(keys, **changes):
    values = dict(GOOD)
    for name, value in changes.items():
        values[name.replace("__", ".")] = value
    return agreement.keep(values, keys), values


def test_every_key_that_is_asked_for_is_in_the_list():
    assert sorted(GOOD) == sorted(agreement.TOGETHER)
    assert kept(agreement.TOGETHER) == ([], GOOD)


def test_a_checkpoint_that_comes_too_late_is_told_and_made_good():
    problems, values = kept([], checkpoint_pulses=10)
    assert len(problems) == 1
    assert values["checkpoint_pulses"] == 62


def test_rules_and_classes_are_looked_at_only_where_they_were_set():
    bad = {"water__leak": "no rule", "events__classes": "nothing=log"}
    assert kept([], **bad)[0] == []
    problems, values = kept(["water.leak", "events.classes"], **bad)
    assert [problem.split(":")[0] for problem in problems] == ["water.leak", "events.classes"]
    assert (values["water.leak"], values["events.classes"]) == ("", "")
