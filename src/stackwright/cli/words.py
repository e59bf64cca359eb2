"""What checks and the states of versions are called in front of people: the console's words."""

CHECKS = {
    "python-parses": "The server's code can be read",
    "python-lint": "The server's code is clean",
    "backend-imports": "The server loads",
    "services": "Database, server and pages start",
    "api": "Records can be made, read, changed and deleted",
    "contract-tests": "The app's own tests pass",
    "client-in-step": "Pages and server agree",
    "frontend-types": "The pages fit together",
    "frontend-lint": "The pages' code is clean",
    "pages": "Every page opens in a browser",
    "dependencies": "Everything it needs is listed",
    "proof-environment": "A copy is built and started for the checks",
    "wishes": "Your wishes, tried one by one",
    "use": "Every form and button does something",
    "look": "Readable, and fits phone and desktop",
    "security": "Strangers are kept out",
    "speed": "Lists stay quick with many records",
    "files": "Files are read whole",
    "preview": "You see the newest version",
}

VERSION_STATES = {
    "verified": "all seen working",
    "partly": "works in part",
    "unverified": "not seen working",
    "answered": "nothing was checked",
    "cancelled": "stopped",
    "failed": "broken off",
}


def check_words(name: str) -> str:
    """A check that has no words yet is called by its name."""
    return CHECKS.get(name, name)


def version_words(status: str) -> str:
    return VERSION_STATES.get(status, "not checked")
