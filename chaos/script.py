"""The conversation under which everything is broken: writes, edits, a question to the person, and commands
whose effects count."""

from collections.abc import Mapping

from stackwright.testing.script import Script, Turn, call, say, together

MESSAGE = "Chaos: keep my notes."
NEXT_MESSAGE = "Are you still there?"
"""Said in the same conversation afterwards: it must go on."""
LOG = "/home/user/effects.log"
"""In the sandbox, outside the workspace: one line for each time a command took effect."""
EFFECTS = ("first", "second")
FILES: Mapping[str, bytes] = {
    "notes/one.txt": b"one, edited\n",
    "notes/two.txt": b"two\n",
    "notes/made.txt": b"made by a command\n",
    "poem.txt": "Größe und ☃\n".encode(),
}
"""What the project holds at the end."""


def effect(name: str, and_then: str = "true") -> Turn:
    """A command that must not happen twice."""
    return call("run_command", command=f"echo {name} >> {LOG} && {and_then}")


SHORT_MESSAGE = "Chaos: only talk."
SHORT_SCRIPT = Script((say("I hear you."), say("I hear you again.")), when=SHORT_MESSAGE)

SCRIPT = Script(
    (
        together(say("I look around first."), call("list_files")),
        call("write_file", path="notes/one.txt", content="one\n"),
        together(
            say("Two more."),
            call("write_file", path="notes/two.txt", content="two\n"),
            call("write_file", path="poem.txt", content="Größe und ☃\n"),
        ),
        effect("first", "echo made by a command > notes/made.txt"),
        together(say("One question."), call("ask_user_tool", question="May I go on?")),
        call("write_file", path="scratch.txt", content="soon gone\n"),
        together(
            call("edit_file", path="notes/one.txt", old_text="one", new_text="one, edited"),
            call("read_file", path="notes/two.txt"),
        ),
        together(effect("second"), call("delete_file", path="scratch.txt")),
        say("Your notes are kept: three files and a poem."),
        call("list_processes"),
        say("I am still here."),
    ),
    when=MESSAGE,
)
