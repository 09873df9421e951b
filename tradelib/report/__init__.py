"""Notebooks to pages: parameters, execution, rendering, the site folder."""
