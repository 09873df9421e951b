"""What can go wrong in a refresh, each with a sentence that says what to do."""

from tradelib.errors import TradelibError


class RefreshError(TradelibError):
    """A refresh, or one of its sources, that could not be made; nothing was written on account of it."""


class NotOutError(RefreshError):
    """The publisher has no such page or file: what was asked for is not out yet."""


class NotKeptError(NotOutError):
    """A folder of kept answers holds none to the question."""


class LayoutError(RefreshError):
    """An answer whose shape is not the one that its reader knows; it is kept, and no row is made of it."""


class RefusedError(RefreshError):
    """The server says that the question itself is wrong (400)."""


class AgainError(RefreshError):
    """A failure that may pass: the question is asked again, after so many seconds if the server named them."""

    def __init__(self, message: str, *, after: float | None = None, status: int = 0) -> None:
        super().__init__(message)
        self.after = after
        self.status = status
