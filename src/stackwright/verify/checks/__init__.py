"""All checks of the gate, in the order of the report.

Services start as soon as the code parses: a person sees the app before the slower checks end. What
needs much CPU waits for them (`after`), whether they started or not, and for the production build, which
all that use the app wait for.
"""

from stackwright.verify.check import Check, one_after_the_other
from stackwright.verify.checks.api import api_works
from stackwright.verify.checks.files import files_are_read_whole
from stackwright.verify.checks.look import pages_look_right
from stackwright.verify.checks.pages import pages_load
from stackwright.verify.checks.people import people_log_in
from stackwright.verify.checks.preview import preview_is_current
from stackwright.verify.checks.running import contract_tests, environment_starts, services_start
from stackwright.verify.checks.security import app_is_safe
from stackwright.verify.checks.source import (
    backend_imports,
    client_in_step,
    dependencies_listed,
    frontend_lint,
    frontend_types,
    python_lint,
    python_parses,
)
from stackwright.verify.checks.speed import lists_are_fast
from stackwright.verify.checks.use import app_can_be_used
from stackwright.verify.checks.wishes import wishes_work

PARSES, LINT, IMPORTS, CLIENT = "python-parses", "python-lint", "backend-imports", "client-in-step"
TYPES, FRONTEND_LINT = "frontend-types", "frontend-lint"
SERVICES, TESTS, API, PAGES = "services", "contract-tests", "api", "pages"
ENVIRONMENT, WISHES, USE, LOOK = "proof-environment", "wishes", "use", "look"
SECURITY, SPEED, FILES = "security", "speed", "files"
PEOPLE = "people"
PREVIEW, DEPENDENCIES = "preview", "dependencies"


CHECKS = (
    Check(PARSES, python_parses, is_quick=True),
    Check(LINT, python_lint, is_quick=True, needs=(PARSES,)),
    Check(IMPORTS, backend_imports, is_quick=True, needs=(PARSES,), after=(SERVICES,)),
    Check(CLIENT, client_in_step, is_quick=True, needs=(IMPORTS,), after=(SERVICES,)),
    Check(DEPENDENCIES, dependencies_listed, is_quick=True, needs=(PARSES,), after=(SERVICES,)),
    Check(TYPES, frontend_types, is_quick=True, after=(SERVICES, ENVIRONMENT)),
    Check(FRONTEND_LINT, frontend_lint, is_quick=True, after=(SERVICES, ENVIRONMENT)),
    Check(SERVICES, services_start, needs=(PARSES,), timeout_s=150),
    Check(ENVIRONMENT, environment_starts, needs=(PARSES, SERVICES), timeout_s=190),
    *one_after_the_other(
        Check(PEOPLE, people_log_in, needs=(ENVIRONMENT,)),
        Check(API, api_works, needs=(ENVIRONMENT,)),
        (
            Check(PREVIEW, preview_is_current, needs=(ENVIRONMENT,)),
            Check(PAGES, pages_load, needs=(ENVIRONMENT,), timeout_s=240),
            Check(LOOK, pages_look_right, needs=(ENVIRONMENT,), timeout_s=180),
        ),
        Check(USE, app_can_be_used, needs=(ENVIRONMENT,), timeout_s=240),
        Check(SECURITY, app_is_safe, needs=(ENVIRONMENT,)),
        Check(SPEED, lists_are_fast, needs=(ENVIRONMENT,)),
    ),
    # witnesses have a replica of the app for themselves; the app's tests may change files, which
    # witnesses may not
    Check(
        WISHES,
        wishes_work,
        needs=(ENVIRONMENT,),
        after=(PEOPLE, TESTS),
        alone_after=(API, PREVIEW, PAGES, LOOK, USE, SECURITY, SPEED),
        timeout_s=400,
    ),
    # the witnesses show how a file looks that the app takes
    Check(
        FILES,
        files_are_read_whole,
        needs=(ENVIRONMENT,),
        after=(PEOPLE, API, PREVIEW, PAGES, LOOK, USE, SECURITY, SPEED, WISHES),
    ),
    Check(TESTS, contract_tests, needs=(SERVICES,), after=(ENVIRONMENT,)),
)
