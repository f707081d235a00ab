"""What others install: the lock, the conda environment, and that nothing committed names this machine."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]


LOCKS = ("requirements.lock", "requirements-proofs.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_versions_and_hashes_only(name):
    lock = (REPOSITORY / name).read_text()
    assert "://" not in lock
    assert not re.search(r"^\s*(--(extra-)?index|--find-links|-e )", lock, re.MULTILINE)
    packages = re.findall(r"^([\w.-]+)==\S+", lock, re.MULTILINE)
    assert len(packages) > 50
    assert lock.count("--hash=sha256:") >= len(packages)


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_leaves_out_the_parser_that_slows_papermill(name):
    assert "rfc3987-syntax" not in (REPOSITORY / name).read_text()


def test_every_dependency_is_locked():
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    groups = dict(project["dependency-groups"])
    proofs = groups.pop("proofs")
    extras = project["project"]["optional-dependencies"].values()
    everyday = [*project["project"]["dependencies"]]
    everyday += [name for part in (*extras, *groups.values()) for name in part]
    for lock, wanted in zip(LOCKS, (everyday, proofs), strict=True):
        text = (REPOSITORY / lock).read_text()
        for requirement in wanted:
            name = re.match(r"[\w.-]+", requirement)[0].lower()
            assert re.search(rf"^{re.escape(name)}==", text, re.MULTILINE), name


def test_environment_yml_is_in_step_with_pyproject(tmp_path):
    from pyproject2conda.cli import app
    from typer.testing import CliRunner

    (tmp_path / "pyproject.toml").write_text((REPOSITORY / "pyproject.toml").read_text())
    result = CliRunner().invoke(
        app,
        [
            "project",
            "--pyproject",
            str(REPOSITORY / "pyproject.toml"),
            "--envs",
            "environment",
            "--dry",
            "--no-header",
        ],
    )
    assert result.exit_code == 0, result.output
    made = result.output[result.output.index("name:") :]
    assert made.strip() == (REPOSITORY / "environment.yml").read_text().strip()


def test_nothing_committed_names_this_machine():
    here = [str(REPOSITORY) + "/", str(Path.home()) + "/"]
    for path in _tracked():
        if path.is_file():
            content = path.read_bytes()
            for place in here:
                assert place.encode() not in content, path.name
    assert not (REPOSITORY / "uv.lock").exists() or REPOSITORY / "uv.lock" not in _tracked()
