"""docker-compose.yml, held against what runs on one machine, and against what it promises."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import main
from app.process.processes import BY_NAME, DEFAULT_PORT, PARTS, Part
from core.config import Settings, env_name
from signaling.limits import MAX_STRANGERS
from signaling.probe.limits import MAX_STRANGERS as MAX_CHECKING_STRANGERS
from signaling.probe.limits import START_WITHIN_SECONDS
from signaling.visitor import JOIN_WITHIN_SECONDS

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
TUNED = {
    "CARETHREAD_ANSWER_SECONDS",
    "CARETHREAD_EVENT_TRIES",
    "CARETHREAD_EXTRA_ORIGINS",
    "CARETHREAD_FILE_BYTES",
    "CARETHREAD_ICE_URLS",
    "CARETHREAD_LOG_LEVEL",
    "CARETHREAD_NOTICE_TRIES",
    "CARETHREAD_POOL_SIZE",
    "CARETHREAD_POOL_WAIT_SECONDS",
    "CARETHREAD_PRESCRIPTION_TRIES",
    "CARETHREAD_REQUEST_SECONDS",
    "CARETHREAD_RETRY_PAUSE_SECONDS",
    "CARETHREAD_TRANSACTION_POOLING",
    "CARETHREAD_WRITES_PER_MINUTE",
}
SERVERS = {"migrate", "postgres", "valkey", "turn", "proxy"}


def test_the_same_processes_run_as_on_one_machine() -> None:
    assert SERVICES.keys() == {part.name for part in PARTS} | SERVERS


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_each_process_is_the_command_that_the_supervisor_runs(part: Part) -> None:
    command = SERVICES[part.name]["command"]

    assert tuple(command[: len(part.command)]) == part.command
    assert command[1] in main.commands
    # In a container it has to be reached from the others; the port is the same as on one machine.
    reachable = ["--host", "0.0.0.0"]  # noqa: S104 - a container's own network
    assert command[len(part.command) :] == (reachable if part.port_offset is not None else [])


def test_whoever_is_called_by_name_listens_there() -> None:
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    text = (ROOT / "docker-compose.yml").read_text()
    ports = {part.name: part.port(DEFAULT_PORT) for part in PARTS}

    assert f"server api api:{ports['api']}\n" in proxy
    assert f"server signaling signaling:{ports['signaling']}\n" in proxy
    assert f"server probe probe:{ports['probe']}\n" in proxy
    assert f"http://pharmacy:{ports['pharmacy']}" in text
    for name in ("api", "signaling", "pharmacy", "probe"):
        assert str(ports[name]) in " ".join(SERVICES[name]["healthcheck"]["test"])


def test_every_setting_that_compose_passes_exists() -> None:
    known = {env_name(name) for name in Settings.__struct_fields__}
    known |= {"CARETHREAD_ADMIN_DATABASE_URL", "CARETHREAD_PHARMACY_CALLBACK_URL"}

    for part in (*PARTS, Part("migrate", (), None)):
        assert SERVICES[part.name]["environment"].keys() <= known


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_what_an_operator_tunes_reaches_the_processes(part: Part) -> None:
    environment = SERVICES[part.name]["environment"]
    for name in TUNED & part.takes & environment.keys():
        assert str(environment[name]).startswith(f"${{{name}:-")
    if part.name != "pharmacy":
        assert TUNED & part.takes <= environment.keys()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_each_process_is_told_what_it_needs_and_nothing_else(part: Part) -> None:
    """As `carethread run` does, by the same table."""
    environment = SERVICES[part.name]["environment"]
    assert part.needs <= environment.keys() <= part.needs | part.takes


def test_the_api_can_neither_seal_the_audit_nor_see_all_clinics() -> None:
    for where in (SERVICES["api"]["environment"], BY_NAME["api"].needs | BY_NAME["api"].takes):
        assert not {name for name in where if re.search("AUDIT|SYSTEM|OWNER|ADMIN", name)}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_production_page_says_who_needs_what(part: Part) -> None:
    page = (ROOT / "docs" / "production.md").read_text()
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \| ([^|]+) \|", page, re.MULTILINE)
    mine = [names for names, who in rows if part.name in who.split(", ") or who == "all"]
    told = {name for names in mine for name in re.findall(r"`([A-Z_]+)`", names)}
    unsaid = {
        "CARETHREAD_TWILIO_API_URL",
        "CARETHREAD_SIGNALING_PORT",
        "CARETHREAD_PHARMACY_PORT",
        "CARETHREAD_PROBE_PORT",
    }
    unsaid |= {"CARETHREAD_ALLOW_LOOPBACK", "CARETHREAD_PHARMACY_CALLBACK_URL"}
    assert (part.needs | part.takes) - unsaid == told


def test_the_example_names_every_variable_and_holds_no_secret() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    optional = {"CARETHREAD_VERSION", "CARETHREAD_TURN_URLS", "CARETHREAD_PHARMACY_URL", *TUNED}
    assert used - optional == example.keys()
    assert {name: value for name, value in example.items() if value} == {
        "CARETHREAD_CERTIFICATES": "./certificates",
    }
    assert "CARETHREAD_DEMO" not in used, "it is refused beside https"


def test_secrets_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|_KEY))\b", text):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_no_secret_stands_on_a_command_line() -> None:
    """Everybody on the server can read those."""
    text = (ROOT / "docker-compose.yml").read_text()
    for name, service in SERVICES.items():
        command = str(service.get("command")) + str(service.get("healthcheck"))
        interpolated = set(re.findall(r"(?<!\$)\$\{(\w+)", command))
        assert not {each for each in interpolated if re.search("PASSWORD|SECRET|KEY", each)}, name
    assert "--requirepass" not in text
    assert "--static-auth-secret" not in text


def test_the_proxys_log_has_no_room_for_what_was_searched_for() -> None:
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    formats = re.findall(r"^\s*log-format (.+)$", proxy, re.MULTILINE)
    assert len(formats) == 1 and "option httplog" not in proxy
    assert set(re.findall(r"%(?:\{\+Q\})?(r|HU|HQ|HV|hr|hs|CC|CS)\b", formats[0])) == set()


def test_no_one_address_can_have_the_whole_proxy() -> None:
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    most = re.search(r"tcp-request connection reject if \{ sc0_conn_cur gt (\d+) \}", proxy)
    total = re.search(r"^\s*maxconn (\d+)$", proxy, re.MULTILINE)
    assert most and total and int(most[1]) * 10 <= int(total[1])
    checks = re.search(r"if \{ path /probe \} \{ sc1_http_req_rate gt (\d+) \}", proxy)
    assert checks and int(checks[1]) / 10 * START_WITHIN_SECONDS * 10 <= MAX_CHECKING_STRANGERS
    calls = re.search(r"if \{ path /signaling \} \{ sc1_http_req_rate gt (\d+) \}", proxy)
    assert calls and int(calls[1]) / 10 * JOIN_WITHIN_SECONDS * 10 <= MAX_STRANGERS


def test_only_those_who_need_them_hold_the_keys_to_the_database() -> None:
    for name in ("signaling", "pharmacy", "probe"):
        assert not any("DATABASE" in key or "SECRET_KEY" in key for key in SERVICES[name]["environment"])
    owners = [name for name, each in SERVICES.items() if "OWNER_PASSWORD" in str(each.get("environment"))]
    assert owners == ["migrate"]


def test_the_probe_reaches_nothing_but_the_internet_and_lets_nobody_into_a_call() -> None:
    """It reads what strangers send: whoever breaks into it finds a key that begins checks, and no more."""
    probe = SERVICES["probe"]
    assert probe["networks"] == ["outside"]
    assert not {"REDIS_URL", "CARETHREAD_TICKET_KEY"} & probe["environment"].keys()


def test_the_database_is_out_of_reach_from_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["proxy"]
    for name in ("postgres", "valkey", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_our_own_processes_can_change_nothing_but_their_files() -> None:
    for part in PARTS:
        service = SERVICES[part.name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER carethread$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_proxy_has_a_deadline_for_headers() -> None:
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    deadline = re.search(r"^\s*timeout http-request (\d+)s$", proxy, re.MULTILINE)
    assert deadline is not None
    assert int(deadline[1]) <= 10
    assert "ssl-min-ver TLSv1.2" in proxy


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::1", "2001::1",
        "fc00::1", "fd12::1", "fe80::1", "ff02::1",
    ],
)  # fmt: skip
def test_the_relay_does_not_reach_private_addresses(address: str) -> None:
    assert _relay_denies(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "2606:4700::1", "2a00:1450::1"])
def test_the_relay_reaches_the_internet(address: str) -> None:
    assert not _relay_denies(address)


def test_the_relay_asks_for_credentials_of_the_api() -> None:
    lines = (ROOT / "deploy" / "turnserver.conf").read_text().splitlines()
    assert "use-auth-secret" in lines
    assert SERVICES["turn"]["environment"]["TURN_SECRET"].startswith("${CARETHREAD_TURN_SECRET:?")
    assert 'echo "static-auth-secret=$$TURN_SECRET"' in SERVICES["turn"]["command"][0]
    major, minor = SERVICES["turn"]["image"].rpartition(":")[2].split(".")[:2]
    assert (int(major), int(minor)) >= (4, 9)


def _relay_denies(address: str) -> bool:
    wanted = ip_address(address)
    config = (ROOT / "deploy" / "turnserver.conf").read_text()
    for first, last in re.findall(r"^denied-peer-ip=(\S+?)-(\S+)$", config, re.MULTILINE):
        low, high = ip_address(first), ip_address(last)
        if low.version == high.version == wanted.version and low <= wanted <= high:  # type: ignore[operator]  # one version
            return True
    return False
