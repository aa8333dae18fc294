"""Official papers: what stands on one (``blocks``), as a PDF (``pdf``) or a page to print (a template)."""
