"""`next build` of the application template inside a sandbox, and of the same files outside."""

import asyncio
import json
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

from e2b import AsyncSandbox

from stackwright.core.setting_groups import SandboxSettings

BUILDS = 3
FRONTEND = Path("home/user/code/frontend")
COMMAND = "rm -rf .next && node node_modules/next/dist/bin/next build"
ENV = {"NEXT_TELEMETRY_DISABLED": "1", "NODE_ENV": "production"}
TIMEOUT_S = 600


async def measure_next_build(
    given: dict[str, Any], settings: SandboxSettings, folder: Path
) -> dict[str, Any]:
    """Seconds; inside and outside take turns."""
    sandbox = await AsyncSandbox.create(
        settings.template, timeout=3600, request_timeout=TIMEOUT_S, **given
    )
    record = settings.data_dir / "sandboxes" / sandbox.sandbox_id / "meta.json"
    layers = [settings.data_dir / layer for layer in json.loads(record.read_text())["layers"]]
    outside = folder / "frontend"
    await asyncio.to_thread(_merge, layers, outside)
    times: dict[str, list[float]] = {"inside": [], "outside": []}
    for _ in range(BUILDS):
        began = time.perf_counter()
        await sandbox.commands.run(COMMAND, cwd=f"/{FRONTEND}", envs=ENV, timeout=TIMEOUT_S)
        times["inside"].append(time.perf_counter() - began)
        began = time.perf_counter()
        await _run_outside(outside)
        times["outside"].append(time.perf_counter() - began)
    await sandbox.kill()
    medians = {f"{name}_s": round(statistics.median(taken), 2) for name, taken in times.items()}
    best = {f"{name}_best_s": round(min(taken), 2) for name, taken in times.items()}
    ratio = round(statistics.median(times["inside"]) / statistics.median(times["outside"]), 3)
    return {**medians, **best, "ratio": ratio, "n": BUILDS}


def _merge(layers: list[Path], target: Path) -> None:
    for layer in reversed(layers):
        if (layer / FRONTEND).is_dir():
            shutil.copytree(layer / FRONTEND, target, symlinks=True, dirs_exist_ok=True)


async def _run_outside(folder: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        *("/bin/bash", "-c", COMMAND),
        cwd=folder,
        env={**ENV, "PATH": f"{Path(node).parent}:/usr/bin:/bin", "HOME": str(folder)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    if await process.wait() != 0:
        raise RuntimeError("next build failed outside the sandbox")
