"""How a county stands among the counties in the store; real and fictional ones are never mixed."""
