"""The shell, the parts and the static files of every page."""
