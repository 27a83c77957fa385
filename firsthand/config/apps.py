"""Wiring that Django must load like a room."""

import gc

from django.apps import AppConfig


class Wiring(AppConfig):
    name = "firsthand.config"

    def ready(self) -> None:
        from firsthand.config import checks  # noqa: F401, PLC0415  (registers the system checks)

        gc.freeze()  # what is loaded stays: walking it again and again costs an import a tenth of its time
