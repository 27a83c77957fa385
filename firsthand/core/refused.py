"""The one exception that carries a sentence to the person who asked."""


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """A deed that may not be done now. Nothing was changed.

    `sentence` is shown as it stands: subject, rule and way out. `status` is the HTTP status of the page that shows it:
    400 for bad input, 403 for who may not, 409 for what cannot be done now, 410 for a link that has ended.
    """

    def __init__(self, sentence: str, *, status: int = 409) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
