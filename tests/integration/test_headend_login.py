"""The head-end at a broker that knows its users by name and password."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.headend_process import HeadEnd, run
from tools.broker import Broker, BrokerError

PASSWD = shutil.which("mosquitto_passwd")


@pytest.mark.skipif(PASSWD is None, reason="there is no mosquitto_passwd")
def test_it_gets_in_by_its_password_and_by_no_other(tmp_path: Path) -> None:
    # By a wrong one, or none, it ends at once and says why: no process list shows a password.
    assert PASSWD
    users, right, wrong = (tmp_path / name for name in ("users", "right", "wrong"))
    subprocess.run([PASSWD, "-b", "-c", users, "head-end", "two words"], check=True)
    right.write_text("two words\n")
    wrong.write_text("two  words\n")
    strict = ("allow_anonymous false", f"password_file {users}")
    try:
        started = Broker.start("mosquitto", settings=strict)
    except BrokerError as error:
        pytest.skip(str(error))
    with started as broker:
        db = tmp_path / "x.db"
        login = ["--user", "head-end", "--password-file"]
        head_end = HeadEnd(broker.port, db, *login, str(right))
        head_end.wait_ready()
        head_end.stop()
        for refused in ([*login, str(wrong)], ["--user", "head-end"], []):
            told = HeadEnd(broker.port, db, *refused).wait_failed()
            assert "refuse" in told.lower() or "not authori" in told.lower()


@pytest.mark.parametrize(
    ("text", "why"),
    [(None, "no password in"), ("\nsecret\n", "its first line is empty")],
)
def test_a_file_without_a_password(tmp_path: Path, text: str | None, why: str) -> None:
    file = tmp_path / "password"
    if text is not None:
        file.write_text(text)
    place = ["--broker", "127.0.0.1:1", "--db", str(tmp_path / "x.db")]
    done = run("run", *place, "--user", "u", "--password-file", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert why in done.stderr
    assert "secret" not in done.stderr


def test_a_password_without_its_user(tmp_path: Path) -> None:
    place = ["--broker", "127.0.0.1:1", "--db", str(tmp_path / "x.db")]
    done = run("run", *place, "--password-file", str(tmp_path / "password"))
    assert done.returncode == 1
    assert "--user" in done.stderr
