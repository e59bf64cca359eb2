"""People who log in: who they are, and what each of them may do."""
