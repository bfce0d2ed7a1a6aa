"""The public edition: without small schools, without what their neighbours would reveal."""

from dudao.publish.public.edition import PublicEdition
from dudao.publish.public.hidden import NOTHING, Hidden, hidden_in

__all__ = ["NOTHING", "Hidden", "PublicEdition", "hidden_in"]
