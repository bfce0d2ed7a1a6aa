"""What is released stays as it was: editions, register, signatures, figures computed again."""
