"""Every wish of the project was seen working: its witnesses pass, and could have failed."""

import asyncio
from dataclasses import replace
from hashlib import sha256

from stackwright.sandbox.base import WORKSPACE_ROOT, SandboxFileMissing
from stackwright.tools.base import ToolFailed
from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import Subject, Verdict, failed, shortened
from stackwright.verify.checks.look_wishes import shown_to_judge
from stackwright.verify.environment import EnvironmentFailed
from stackwright.verify.machine import BUSY, read_pressure
from stackwright.verify.witnesses.prover import MAX_FILES, Proven, Prover
from stackwright.verify.witnesses.runner import RESULTS, WitnessRunner, WitnessTarget
from stackwright.verify.witnesses.shape import ACTORS, MAX_BYTES, read_witness
from stackwright.verify.witnesses.telling import step_in_words

ACCEPTANCE = f"{WORKSPACE_ROOT}/acceptance"
_LIST = f"find . -maxdepth 1 -name '*.py' -type f -printf '%f\\n' | LC_ALL=C sort | head -n {MAX_FILES + 1}"
_MARK = "/home/user/.proof/.witnesses-began"
_CHANGED = (
    f"find {WORKSPACE_ROOT}/backend {WORKSPACE_ROOT}/frontend {ACCEPTANCE} "
    r"\( -name node_modules -o -name .next -o -name __pycache__ -o -name .pytest_cache \) -prune "
    f"-o -type f -newer {_MARK} -print | head -n 5"
)


async def wishes_work(subject: Subject) -> Verdict:
    """Wishes that are not built, or that only a person can judge, are told and not tried."""
    known = await subject.wishes.read()
    files = await _acceptance_files(subject)
    if not known.wishes and not any(name.startswith("test_") for name in files):
        return Verdict(ok=True, detail="no wishes")
    await subject.run(
        f"rm -rf {RESULTS}; mkdir -p {_MARK.rpartition('/')[0]} && touch {_MARK}", timeout_s=20
    )
    try:
        proven = await (await _prover(subject, files)).prove(known.wishes)
        proven = replace(proven, proofs=await shown_to_judge(subject, proven.proofs))
    except (BrowserFailed, EnvironmentFailed) as error:
        return failed(str(error))
    changed = (await subject.run(_CHANGED, timeout_s=20)).stdout.split()
    return _verdict(proven, changed)


async def _acceptance_files(subject: Subject) -> dict[str, bytes]:
    listed = await subject.run(_LIST, cwd=ACCEPTANCE, timeout_s=10)
    names = listed.stdout.split("\n") if listed.exit_code == 0 else []

    async def read(name: str) -> bytes:
        try:
            return await subject.sandbox.read(f"{ACCEPTANCE}/{name}", max_bytes=MAX_BYTES + 1)
        except (SandboxFileMissing, ValueError):
            return b""

    # another module would run beside the witnesses, under any name that they may import
    names = [name for name in names if name == ACTORS or name.startswith("test_")]
    return dict(zip(names, await asyncio.gather(*map(read, names)), strict=True))


async def _prover(subject: Subject, files: dict[str, bytes]) -> Prover:
    library = sha256()
    for name, content in sorted(subject.library.items()):
        library.update(name.encode() + b"\0" + content + b"\0")

    async def is_busy() -> bool:
        return await read_pressure(subject.sandbox) >= BUSY

    target = WitnessTarget(
        app=subject.environment.replica,
        browser_port=await subject.browser.debugging_port(),
        token=subject.environment.token,
    )
    return Prover(
        runner=WitnessRunner(subject.sandbox, subject.library, subject.marks),
        target=target,
        versions=subject.environment,
        book=subject.wishes,
        files=files,
        keep_picture=subject.keep,
        keep_replay=subject.keep_replay,
        library_version=library.hexdigest(),
        is_busy=is_busy,
    )


async def try_witnesses(subject: Subject, name: str) -> Proven:
    """Only those of one wish (`w2`) or one file (`acceptance/test_rooms.py`). Raises ToolFailed when
    there are none, BrowserFailed."""
    known = (await subject.wishes.read()).wishes
    files = await _acceptance_files(subject)
    file = name.removeprefix("acceptance/")
    named = {
        path: {wish for test in read_witness(path, text).tests for wish in test.wishes}
        for path, text in files.items()
        if path.startswith("test_")
    }
    left_out = [path for path, marks in named.items() if path != file and name not in marks]
    if len(left_out) == len(named):
        raise ToolFailed(f"There is no witness of {name}. Witnesses: {', '.join(named) or 'none'}.")
    chosen = {path: text for path, text in files.items() if path not in left_out}
    marks = {mark for path in chosen for mark in named.get(path, ())}
    wishes = [wish for wish in known if wish.id in (marks if file in chosen else {name})]
    others = {wish.id for wish in known}
    return await (await _prover(subject, chosen)).prove(wishes, others=others)


def told_in_steps(proven: Proven) -> str:
    """Wish by wish, then what each witness did."""
    lines = [f"{one.id} {one.state}. {one.details or one.reason}".strip() for one in proven.proofs]
    lines += proven.remarks
    for result in proven.results:
        lines.append(f"\n{result.id} {result.outcome} in {result.seconds:.1f} s:")
        lines += [f"  {step.at:.1f} s {step_in_words(step.text)}" for step in result.steps]
        lines += [f"  The browser complains: {text}" for text in result.complaints]
    return "\n".join(lines)


def _verdict(proven: Proven, changed: list[str]) -> Verdict:
    tried = [proof for proof in proven.proofs if proof.state not in ("not_built", "yours_to_judge")]
    bad = [proof for proof in tried if proof.state != "proven"]
    lines = [f"{one.id} “{one.text}” is not proven. {one.reason}" for one in bad]
    lines += proven.remarks
    if changed:
        lines.append(f"A witness changed files of the app: {', '.join(changed)}.")
    lines += [f"\n{one.id}: {one.details}" for one in bad if one.details]
    detail = "\n".join(lines) if lines else f"{len(tried)} wishes seen working"
    return Verdict(
        ok=not lines, detail=shortened(detail), wishes=proven.proofs, repeated=proven.repeated
    )
