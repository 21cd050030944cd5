"""Files that a form sends: kept in memory only, and only by the views that say how much they take."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

View = TypeVar("View", bound=Callable[..., Any])
# Beyond so many times what is taken nothing more is read: the line is cut.
PATIENCE = 4


class TooLargeFile(SimpleUploadedFile):
    """Stands for a file of which nothing was kept, because it was larger than the view takes."""


class TooManyBytes(StopUpload):
    def __init__(self) -> None:
        super().__init__(connection_reset=True)


def takes_files(limit: int) -> Callable[[View], View]:
    """Lets a view take files of at most so many bytes. Every other view drops what is sent."""

    def mark(view: View) -> View:
        view.upload_limit = limit  # type: ignore[attr-defined]  # read by the handler below
        return view

    return mark


class MemoryHandler(FileUploadHandler):
    """Never a temporary file: what residents send lies on no disk unencrypted. Never more than the view's limit."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        self.limit: int = getattr(match.func, "upload_limit", 0) if match else 0
        self.kept, self.seen = bytearray(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.limit and self.seen > self.limit * PATIENCE:
            raise TooManyBytes
        if self.seen <= self.limit:
            self.kept += raw_data
        else:
            self.kept.clear()

    def file_complete(self, file_size: int) -> SimpleUploadedFile | None:
        content, self.kept = bytes(self.kept), bytearray()
        if not self.limit:
            return None
        kind = TooLargeFile if self.seen > self.limit else SimpleUploadedFile
        return kind(self.file_name or "file", content, self.content_type or "")
