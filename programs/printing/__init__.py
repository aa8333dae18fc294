"""The official forms of a project, filled in, and its whole dossier for paper."""
