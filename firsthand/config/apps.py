"""Wiring that Django must load like a room."""

from django.apps import AppConfig


class Wiring(AppConfig):
    name = "firsthand.config"

    def ready(self) -> None:
        from firsthand.config import checks  # noqa: F401, PLC0415  (registers the system checks)
