"""What people give to the app as a file is taken whole, as far as witnesses showed how such a file looks."""

import re

from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.environment import EnvironmentFailed
from stackwright.verify.meaning.imports import ImportTrial
from stackwright.verify.records import ApiFault, LoginWanted, read_api

_REPLACES = re.compile(r"replac|overwrit|instead|anew|ersetz|überschr", re.IGNORECASE)


async def files_are_read_whole(subject: Subject) -> Verdict:
    """Leaves the proof's database empty."""
    environment = subject.environment
    try:
        uploads = await environment.uploads()
        if not uploads:
            return passed("no files are given to the app")
        api = await read_api(subject.sandbox, subject.app.backend_port, environment.cookie)
        wishes = (await subject.wishes.read()).wishes
        may_replace = any(_REPLACES.search(f"{one.text} {one.quotes}") for one in wishes)
        problems: list[str] = []
        for upload in uploads:
            trial = ImportTrial(api, subject.app, upload, environment.reset)
            problems += await trial.problems(may_replace=may_replace)
        await environment.reset()
    except (ApiFault, LoginWanted, EnvironmentFailed) as error:
        return failed(str(error))
    return failed("\n".join(problems)) if problems else passed(f"{len(uploads)} forms with a file")
