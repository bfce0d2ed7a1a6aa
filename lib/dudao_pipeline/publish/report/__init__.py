"""The self-evaluation report: drafted from results by templates, laid out as an official paper."""

from dudao_pipeline.publish.report.writing import write_report

__all__ = ["write_report"]
