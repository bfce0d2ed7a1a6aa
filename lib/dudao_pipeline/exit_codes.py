"""What a command returns to the shell: 0 done, 1 something failed, 2 refused."""

DONE, FAILED, REFUSED = 0, 1, 2
