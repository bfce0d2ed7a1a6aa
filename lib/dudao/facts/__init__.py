"""Facts: what a county reports, each value with its status and the cell it came from."""
