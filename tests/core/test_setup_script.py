"""bin/setup on machines that lack something, with programs of our own on the path."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
TOOLS = ("sh", "dirname", "cksum", "cat")


@pytest.fixture
def machine(tmp_path: Path):
    """Run bin/setup where `python3` is a script with this body. Returns the finished process."""
    clone, programs = tmp_path / "clone", tmp_path / "programs"
    shutil.copytree(PROJECT / "bin", clone / "bin")
    shutil.copytree(PROJECT / "requirements", clone / "requirements")
    write_script(clone / "noting-python", NOTING)
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))

    def run(python: str | None, *arguments: str) -> subprocess.CompletedProcess:
        if python is not None:
            write_script(programs / "python3", python)
        command = ["sh", str(clone / "bin/setup"), *arguments]
        environment = {"PATH": str(programs), "HOME": "", "CLONE": str(clone)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    run.clone = clone
    return run


def write_script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_python_too_old_is_named_with_a_way_out(machine):
    result = machine('[ "$1" = --version ] && echo "Python 3.9.2" && exit; exit 1')

    assert result.returncode == 1
    assert "needs Python 3.11 or newer; this machine has: Python 3.9.2." in result.stderr
    assert "PYTHON=/path/to/python3.12 bin/setup" in result.stderr


def test_no_python_at_all_is_said(machine):
    result = machine(None)

    assert result.returncode == 1
    assert "this machine has: none." in result.stderr


def test_missing_venv_module_names_the_package_to_install(machine):
    result = machine('case "$2" in *ensurepip*) exit 1;; esac')

    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
    assert not (machine.clone / ".venv").exists()


# Stands for Python: `-m venv` makes a .venv whose own python only notes what it is to install.
WORKING = """
case "$*" in
"-m venv --clear .venv") /bin/mkdir -p .venv/bin && /bin/cp "$CLONE/noting-python" .venv/bin/python ;;
esac
"""
NOTING = """
case "$*" in
*"pip install"*) echo "$*" >> "$CLONE/installs" ;;
esac
"""


def installs(clone: Path) -> list[str]:
    note = clone / "installs"
    return [line.rpartition(" ")[2] for line in note.read_text().splitlines()] if note.exists() else []


def test_second_setup_installs_nothing_until_the_pins_change(machine):
    assert machine(WORKING).returncode == 0
    assert machine(WORKING).stdout == ""
    assert installs(machine.clone) == ["requirements/base.txt"]

    with (machine.clone / "requirements/base.txt").open("a") as pins:
        pins.write("# changed\n")
    machine(WORKING)

    assert installs(machine.clone) == ["requirements/base.txt"] * 2


def test_development_pins_cover_the_base(machine):
    machine(WORKING, "--dev")
    machine(WORKING)

    assert installs(machine.clone) == ["requirements/dev.txt"]


def test_setup_that_was_cut_short_starts_over(machine):
    machine(WORKING)
    (machine.clone / ".venv/pins-base").unlink()
    machine(WORKING)

    assert installs(machine.clone) == ["requirements/base.txt"] * 2


def test_packages_are_installed_by_their_hashes(machine):
    machine(WORKING)

    assert "--require-hashes" in (machine.clone / "installs").read_text()


@pytest.mark.parametrize("name", ["base", "dev"])
def test_pins_carry_hashes_and_name_no_host(name):
    text = (PROJECT / f"requirements/{name}.txt").read_text()
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

    assert len(pins) > 40
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "--index-url" not in text


def test_scripts_are_executable_and_parse():
    for script in [*(PROJECT / "bin").iterdir(), PROJECT / ".ci/run"]:
        if script.is_file() and "sh" in script.read_text().splitlines()[0]:
            assert os.access(script, os.X_OK), script
            shell = "bash" if script.name == "run" else "sh"
            assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0
