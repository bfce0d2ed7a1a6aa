"""Pure formulas and the measures built from them; no I/O, no clock, no threshold."""
