"""The self-evaluation report: drafted from facts and results, laid out as an official paper."""
