"""The public edition: without small schools, without what their neighbours would reveal."""

from dudao_pipeline.publish.public.hidden import NOTHING, Hidden, PublicEdition, hidden_in

__all__ = ["NOTHING", "Hidden", "PublicEdition", "hidden_in"]
