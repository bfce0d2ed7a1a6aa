"""What a command returns to the shell: 0 done, 1 something failed, 2 refused, 3 unforeseen."""

DONE, FAILED, REFUSED, ESCAPED = 0, 1, 2, 3
