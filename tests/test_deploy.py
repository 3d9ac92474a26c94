"""The files for a team's server: they are parsed, and what they promise is compared with the app's configuration."""

import json
import re
import shutil
import subprocess
import sys
import time
import tomllib

import pytest
import yaml

from tests.conftest import SAMPLE

ROOT = SAMPLE.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
UNIT = (ROOT / "docs" / "motions.service").read_text("utf-8")
CADDY = COMPOSE["configs"]["caddyfile"]["content"]


def test_what_is_copied_is_there_and_reaches_the_builder():
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--from)", line)]
    sent = (ROOT / ".dockerignore").read_text("utf-8")
    for name in (one for names in copied for one in names):
        assert (ROOT / name).exists()
        assert f"!{name}" in sent
    assert "secrets" not in re.sub("#.*", "", sent)


def test_the_image_has_no_root_checks_hashes_and_its_health():
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nCMD ")
    assert "--require-hashes" in DOCKERFILE
    assert "/_stcore/health" in DOCKERFILE
    assert f"EXPOSE {CONFIG['server']['port']}" in DOCKERFILE
    assert not re.search(r"COPY .*(secrets|motions\.toml)", DOCKERFILE)


def test_two_servers_write_nothing_and_are_reached_through_the_proxy_alone():
    servers = [name for name in COMPOSE["services"] if name != "proxy"]
    assert len(servers) == 2
    for name in servers:
        server = COMPOSE["services"][name]
        assert server["read_only"]
        assert server["cap_drop"] == ["ALL"]
        assert "ports" not in server
        assert f"{name}:{CONFIG['server']['port']}" in CADDY
        assert server["secrets"] == ["motions.toml"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["proxy"]["ports"])
    for service in COMPOSE["services"].values():
        assert {"mem_limit", "pids_limit", "logging", "read_only", "security_opt"} <= set(service)


def test_the_proxy_keeps_visitors_with_their_server_and_takes_what_the_app_takes():
    assert "lb_policy cookie" in CADDY
    assert int(re.search(r"max_size (\d+)MB", CADDY)[1]) >= CONFIG["server"]["maxUploadSize"]
    # What the documentation names as the header of a proxy, a visitor can't send through this one.
    header = re.search(r'header = "(.*)"', SECURITY)[1]
    assert f"request_header -{header}" in CADDY


def test_the_secrets_of_the_documentation_are_understood():
    from pages._guard.access import Access  # noqa: PLC0415

    blocks = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", SECURITY, re.DOTALL)]
    assert len(blocks) == 2
    by_provider, by_header = (
        Access.model_validate(
            {key: tuple(one) if isinstance(one, list) else one for key, one in block["access"].items()}
        )
        for block in blocks
    )
    assert by_provider.role("ann@example.com") == "operator"
    assert by_provider.role("bo@example.com") == "viewer"
    assert by_header.believes("172.18.0.3")


def unit(name):
    """All values of a setting of the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_the_unit_runs_what_the_makefile_runs_where_the_container_may():
    environment, command = re.search(
        r"^run:.*\n\t(\S+=\S+) \$\(BIN\)/(.*?) +#", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    ).groups()
    (folder,) = unit("WorkingDirectory")
    assert unit("ExecStart") == [f"{folder}/.venv/bin/{command}"]
    given = {one.strip('"').partition("=")[0]: one.strip('"').partition("=")[2] for one in unit("Environment")}
    assert given["MALLOC_ARENA_MAX"] == environment.partition("=")[2]
    assert set(given) >= set(re.findall(r"(?:ENV|^   ) (\w+)=", DOCKERFILE, re.MULTILINE)) - {
        "STREAMLIT_SERVER_ADDRESS"
    }
    assert "127.0.0.1" in given["STREAMLIT_SERVER_ALLOWED_HOSTS"].split()
    (name, _, source) = unit("LoadCredential")[0].partition(":")
    assert given["STREAMLIT_SECRETS_FILES"] == f"%d/{name}"
    assert not source.startswith(folder)
    server = COMPOSE["services"]["motions-1"]
    assert unit("MemoryMax")[0].lower() == server["mem_limit"]
    assert unit("TasksMax") == [str(server["pids_limit"])]


def test_the_unit_has_no_root_and_writes_nothing_but_its_temporary_folder():
    assert unit("User") == ["motions"]
    assert unit("ProtectSystem") == ["strict"]
    assert not unit("ReadWritePaths")
    assert unit("CapabilityBoundingSet") == [""]
    for name in ("PrivateTmp", "ProtectHome", "NoNewPrivileges", "PrivateDevices", "RestrictNamespaces"):
        assert unit(name) == ["yes"], name
    # What its own readers of foreign formats need (motions/cohorts/reading/sheets.py), a filter may not take away.
    assert "@resources" not in "".join(unit("SystemCallFilter"))


def test_systemd_takes_the_unit_and_calls_it_well_closed(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd on this machine")
    here = tmp_path / "motions.service"
    folder = unit("WorkingDirectory")[0]
    here.write_text(UNIT.replace(f"{folder}/.venv", sys.prefix).replace(folder, str(ROOT)), "utf-8")
    said = subprocess.run([analyze, "verify", str(here)], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
    command = [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(here)]  # of 100, all open
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def docker():
    """Run Docker with an image of the app as `motions-test`; returns what it says."""
    program = shutil.which("docker")
    if not program or subprocess.run([program, "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker is running on this machine")

    def run(*words, check=True):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert not check or not done.returncode, done.stdout + done.stderr
        return done.stdout + done.stderr

    # A network that comes and goes would break the connections of the browsers of other tests.
    run("build", "--network=host", "-t", "motions-test", str(ROOT))
    return run


def as_compose_has_it():
    """The options by which Docker runs a server as compose.yaml does, but for the network."""
    server = COMPOSE["services"]["motions-1"]
    return (
        "--network=none",
        *(f"--cap-drop={one}" for one in server["cap_drop"]),
        *(f"--security-opt={one}" for one in server["security_opt"]),
        *(f"--tmpfs={one}" for one in server["tmpfs"]),
        *(["--read-only"] if server["read_only"] else []),
        f"--memory={server['mem_limit']}",
        f"--pids-limit={server['pids_limit']}",
    )


@pytest.mark.proof
def test_the_image_refuses_to_start_before_it_is_said_who_may_come_in(docker):
    assert "nobody has to sign in" in docker("run", "--rm", *as_compose_has_it(), "motions-test", check=False)


@pytest.mark.proof
def test_the_image_answers_without_root_and_writes_nothing_but_its_temporary_folder(docker, tmp_path):
    secrets = tmp_path / "motions.toml"
    secrets.write_text(re.findall(r"```toml\n(.*?)```", SECURITY, re.DOTALL)[1], "utf-8")  # a proxy's header
    mount = f"{secrets}:/run/secrets/{secrets.name}:ro"
    name = docker("run", "--detach", "--rm", "--volume", mount, *as_compose_has_it(), "motions-test").split()[-1]
    try:
        health = json.loads(docker("image", "inspect", "motions-test"))[0]["Config"]["Healthcheck"]["Test"]
        until = time.monotonic() + 60
        while (said := docker("exec", name, *health[1:], check=False)) and time.monotonic() < until:
            time.sleep(0.5)
        assert not said
        tried = "id -u; touch /tmp/a && echo kept; touch /motions/a || touch /venv/a || touch /a || echo refused"
        assert docker("exec", name, "sh", "-c", f"({tried}) 2>/dev/null").split() == ["10001", "kept", "refused"]
    finally:
        docker("stop", name)
