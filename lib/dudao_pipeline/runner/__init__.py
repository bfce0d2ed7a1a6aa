"""Running notebooks over counties and years: plan, run, record."""
