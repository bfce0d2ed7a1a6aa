"""Makers of files in the repository."""
