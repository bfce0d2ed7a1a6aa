"""A county beside itself a year before, and beside other counties."""
