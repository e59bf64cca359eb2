"""The doctor's sentences for hosts we do not have."""

import pytest

from stackwright.engine.host import findings
from stackwright.engine.host.findings import Host

USER = Host(is_root=False, in_container=False, is_filtered=False)
ROOT = Host(is_root=True, in_container=False, is_filtered=False)
CONTAINER = Host(is_root=True, in_container=True, is_filtered=True)


def _user_with(**settings: int) -> Host:
    dotted = {name.replace("__", "."): value for name, value in settings.items()}
    return Host(is_root=False, in_container=False, is_filtered=False, settings=dotted)


@pytest.mark.parametrize(
    ("host", "fix"),
    [
        (_user_with(user__max_user_namespaces=0), "sysctl -w user.max_user_namespaces=15000"),
        (
            _user_with(kernel__unprivileged_userns_clone=0),
            "sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        (
            _user_with(kernel__apparmor_restrict_unprivileged_userns=1),
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            CONTAINER,
            f"docker run {findings.DOCKER_OPTIONS}",
        ),
        (ROOT, "CONFIG_USER_NS"),
    ],
)
def test_refused_namespaces_have_the_fix_of_their_cause(host: Host, fix: str) -> None:
    finding = findings.namespaces(1, "unshare failed: Operation not permitted\n", host)
    assert finding.is_fatal
    assert "unshare failed: Operation not permitted" in finding.detail
    assert fix in finding.fix


def test_a_setting_to_change_is_also_told_how_to_keep() -> None:
    fix = findings.namespaces(1, "", _user_with(user__max_user_namespaces=0)).fix
    assert "/etc/sysctl.d/" in fix


@pytest.mark.parametrize(
    ("version", "is_ok"),
    [("bubblewrap 0.8.0", True), ("bubblewrap 0.11.0", True), ("bubblewrap 0.4.1", False)],
)
def test_an_old_bubblewrap_is_refused(version: str, is_ok: bool) -> None:
    finding = findings.bubblewrap("/usr/bin/bwrap", version)
    assert finding.ok is is_ok
    assert finding.is_fatal is not is_ok
    assert is_ok or "0.8 or newer" in finding.fix


def test_a_missing_bubblewrap_is_fatal() -> None:
    finding = findings.bubblewrap(None, "")
    assert finding.is_fatal
    assert "apt-get install bubblewrap" in finding.fix


def test_a_folder_without_overlays_is_fatal() -> None:
    finding = findings.overlay(32, "wrong fs type\n", "/data")
    assert finding.is_fatal
    assert "/data" in finding.detail
    assert "docker run -v" in finding.fix


def test_a_root_engine_without_ids_for_sandboxes_is_weak_but_works() -> None:
    finding = findings.identities("Operation not permitted", ROOT)
    assert not finding.ok
    assert not finding.is_fatal
    assert "ordinary user" in finding.fix
    assert findings.identities(None, ROOT).ok
    assert findings.identities("never asked", USER).ok


@pytest.mark.parametrize(
    ("host", "fix"),
    [(USER, "Delegate=yes"), (CONTAINER, "docker run --cgroupns=private")],
)
def test_missing_control_groups_are_weak_and_named(host: Host, fix: str) -> None:
    finding = findings.control_groups(("pids",), host)
    assert not finding.ok
    assert not finding.is_fatal
    assert "memory, cpu" in finding.detail
    assert fix in finding.fix
    assert findings.control_groups(("pids", "memory", "cpu"), host).ok


def test_little_disk_and_no_shared_memory_are_told() -> None:
    assert "STACKWRIGHT_DATA_DIR" in findings.disk(100, "/data").fix
    assert findings.disk(findings.NEEDED_FREE_MB, "/data").ok
    assert "/dev/shm" in findings.shared_memory(is_there=False).fix
    assert findings.shared_memory(is_there=True).fix == ""


@pytest.mark.parametrize(
    ("path", "version", "is_ok"),
    [
        ("/usr/bin/node", "v22.1.0", True),
        ("/usr/bin/node", "v18.19.0", False),
        ("/usr/bin/node", "nonsense", False),
        (None, "", False),
    ],
)
def test_node_must_be_recent(path: str | None, version: str, is_ok: bool) -> None:
    finding = findings.node(path, version)
    assert finding.ok is is_ok
    assert is_ok or "20.9" in finding.fix


def test_the_docker_options_are_all_that_is_needed() -> None:
    for kind in ("seccomp", "systempaths", "apparmor"):
        assert f"--security-opt {kind}=unconfined" in findings.DOCKER_OPTIONS
