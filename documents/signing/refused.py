class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """What was given cannot be used; `apart` knows the sentence of each code."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params
