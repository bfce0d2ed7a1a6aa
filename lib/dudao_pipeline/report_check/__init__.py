"""Read a county's published report, mark its figures and check its arithmetic."""
