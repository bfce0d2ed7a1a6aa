"""The site: index, province, city, county, indicator; every page is a file that opens alone."""

from dudao_pipeline.publish.site.site_pages import write_site
from dudao_pipeline.publish.site.states import FAILED, REFUSED, RunProblem

__all__ = ["FAILED", "REFUSED", "RunProblem", "write_site"]
