"""``./run service-stage`` (called by .ci/run): the fast tests against an ordinary PostgreSQL and Redis.

What a browser shows does not depend on whose build of the servers answers, so those tests are not repeated.

Given ``DATABASE_ADMIN_URL`` (or the two role addresses) and ``REDIS_URL`` it uses those. Otherwise it
installs Debian's servers (as root) and starts them in a folder of its own, so that no server of this
machine is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev import install
from dev.broker import Broker, system_program
from dev.places import IS_ROOT, PYTHON, ROOT, data_folder, secret_values
from dev.postgres import Cluster, system_programs
from dev.processes import heed_signals
from dev.say import Refusal, step
from dev.services import database_is_external

FAST = ["-n", "2", "--dist", "worksteal", "-q", "-m", "not browser"]


def service_stage(arguments: list[str]) -> int:
    heed_signals()
    install.ensure("test")
    data = data_folder()
    passwords = secret_values(data)
    with contextlib.ExitStack() as stop:
        if not database_is_external():
            _need("postgresql", lambda: system_programs() is not None)
            cluster = Cluster(
                data, "postgres-stage", password=passwords["superuser"], reckless=True, ordinary=True
            )
            stop.callback(cluster.stop)
            cluster.start()
            os.environ["DATABASE_ADMIN_URL"] = cluster.admin_url
            step(f"service stage: PostgreSQL from {system_programs()}")
        if not os.environ.get("REDIS_URL"):
            _need("redis-server", lambda: system_program() is not None)
            broker = Broker(data, "broker-stage", password=passwords["broker"], ordinary=True)
            stop.callback(broker.stop)
            broker.start()
            os.environ["REDIS_URL"] = broker.url
            step(f"service stage: broker {system_program()}")
        _need("nginx", lambda: _nginx() is not None)
        _prove_proxy_file()
        from dev.tests import test

        os.environ["KC_NO_SKIPS"] = "1"
        return test(arguments or FAST)


def _need(package: str, present: object) -> None:
    """Debian's ``package``, installed when missing; one line when that is impossible."""
    assert callable(present)
    if present():
        return
    if IS_ROOT and shutil.which("apt-get"):
        step(f"installing {package} with apt")
        for words in (["update", "-q"], ["install", "-qy", "--no-install-recommends", package]):
            subprocess.run(
                ["apt-get", *words],
                # Debian starts services on installation; policy-rc.d is not ours to write, so only ask.
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
    if not present():
        raise Refusal(f"The service stage needs {package}: sudo apt install {package}")


def _nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _prove_proxy_file() -> None:
    """``nginx -t`` on the proxy's own file, with a throw-away certificate where the real one will be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "deploy" / "nginx.conf", folder)
        done = subprocess.run(
            [PYTHON, ROOT / "dev" / "certificate.py", folder / "tls"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            done = subprocess.run(
                [
                    _nginx() or "nginx",
                    "-t",
                    "-p",
                    name,
                    "-c",
                    str(folder / "nginx.conf"),
                    "-g",
                    f"pid {name}/pid;",
                ],
                capture_output=True,
                text=True,
                check=False,
            )
    if done.returncode:
        raise Refusal(f"nginx refuses deploy/nginx.conf: {done.stderr.strip()}")
    step("nginx accepts deploy/nginx.conf")
