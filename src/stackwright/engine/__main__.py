"""`python -m stackwright.engine [serve|build|doctor]`; see docs/sandbox-engine.md."""

import argparse
import asyncio
import json
import os
import secrets
import sys
from pathlib import Path
from typing import NoReturn

from stackwright.engine.config import ConfigError, EngineConfig, parse_config
from stackwright.engine.host import doctor, logs
from stackwright.engine.isolation.toolchain import ToolMissing
from stackwright.engine.server import NotCapable, engine_parts, serve
from stackwright.engine.templates.builder import BuildFailed
from stackwright.engine.templates.spec import TemplateError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stackwright.engine", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="read a configuration from stdin and serve (the default)")
    commands.add_parser("doctor", help="say what this host can do")
    build = commands.add_parser("build", help="build a template")
    build.add_argument("--data-dir", type=Path, required=True)
    build.add_argument("--templates-dir", type=Path, required=True)
    build.add_argument("--without-bun", action="store_true")
    build.add_argument("name")
    arguments = parser.parse_args()
    logs.configure()
    try:
        match arguments.command:
            case "build":
                config = EngineConfig(
                    data_dir=arguments.data_dir.absolute(),
                    api_key=secrets.token_hex(20),
                    templates_dir=arguments.templates_dir.absolute(),
                    with_bun=not arguments.without_bun,
                )
                return asyncio.run(_build(config, arguments.name))
            case "doctor":
                return asyncio.run(_doctor())
            case _:
                return asyncio.run(_serve())
    except (BuildFailed, ConfigError, NotCapable, TemplateError, ToolMissing) as error:
        sys.stderr.write(f"{error}\n")
        return 1


async def _serve() -> NoReturn:
    def announce(api_url: str) -> None:
        sys.stdout.write(json.dumps({"ready": True, "api_url": api_url}) + "\n")
        sys.stdout.flush()

    await serve(parse_config(sys.stdin.readline()), announce)
    sys.stderr.flush()
    # threads may be erasing what a sandbox left or waiting for a name server: the next engine does that
    os._exit(0)


async def _build(config: EngineConfig, name: str) -> int:
    def progress(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    async with engine_parts(config) as parts:
        if await parts.builder.find_built(name, progress) is None:
            progress(f"no template {name!r} in {config.templates_dir}")
            return 1
    return 0


async def _doctor() -> int:
    findings = await doctor.diagnose()
    for finding in findings:
        mark = "ok  " if finding.ok else "FAIL" if finding.needed else "weak"
        sys.stdout.write(f"{mark} {finding.name}: {finding.detail} {finding.fix}".rstrip() + "\n")
    return 1 if any(finding.is_fatal for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
