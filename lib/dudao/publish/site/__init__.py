"""The site: index, province, city, county, indicator; every page is a file that opens alone."""

from dudao.publish.site.problems import FAILED, REFUSED, RunProblem
from dudao.publish.site.writing import write_site

__all__ = ["FAILED", "REFUSED", "RunProblem", "write_site"]
