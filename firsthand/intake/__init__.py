"""CSV and CRM import: upload, detect, map, preview, commit, result, undo."""

from firsthand.core.refused import Refused


class FileRefused(Refused):
    """The file as a whole cannot be read; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=400)
