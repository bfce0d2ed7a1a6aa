"""Writing of pages: the product's one writer of files."""

from dudao.base.files import write

__all__ = ["write"]
