"""What a command's exit code means. `docs/cli.md` has them too; a test compares."""

DONE, REFUSED, WRONG_USAGE, UNVERIFIED, FAILED, ASKS, CANCELLED = 0, 1, 2, 3, 4, 5, 130
VERIFIED = DONE

EXIT_CODES = {
    DONE: "verified, or done",
    REFUSED: "the platform refused or is out of reach",
    WRONG_USAGE: "wrong usage or settings",
    UNVERIFIED: "built, but not verified",
    FAILED: "the run failed",
    ASKS: "the agent asks something",
    CANCELLED: "cancelled",
}
