"""The site: index, province, city, county, indicator; every page is a file that opens alone."""
