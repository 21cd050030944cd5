"""Why a file cannot be read, as a code: the process that reads it speaks no language."""

from typing import Any


class Refused(Exception):  # noqa: N818 - an answer, said in words by whoever asked
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params
