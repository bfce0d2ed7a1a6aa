"""The self-evaluation report: drafted from facts and results, laid out as an official paper."""

from dudao_pipeline.publish.report.supply import write_supply_list
from dudao_pipeline.publish.report.word_file import draft_of, write_report

__all__ = ["draft_of", "write_report", "write_supply_list"]
