"""The static site of a guideline: pages, theme and templates, rendered by mkdocs.

``build.build_site`` takes what earlier stages found (``content.SiteContent``) and writes a folder
that opens from a file system, asks no other server for anything, and needs no JavaScript.
"""
