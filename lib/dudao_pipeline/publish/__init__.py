"""Publishing converts: it runs no notebook and computes no result."""
