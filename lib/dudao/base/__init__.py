"""What every room may use: errors, rounding, folders, versions and reference data."""
