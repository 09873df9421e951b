"""How far a run of notebooks is."""

from typing import Any, TextIO


class Progress:
    """A bar on a terminal, plain lines elsewhere.

    Parameters
    ----------
    total : jobs in all.
    stream : where it goes.
    """

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total, self.done, self.stream = total, 0, stream
        self.bar: Any = None
        if stream.isatty():
            from tqdm import tqdm

            self.bar = tqdm(total=total, file=stream, unit="report", bar_format="{n_fmt}/{total_fmt} |{bar:24}| {elapsed} {desc}")

    def step(self, name: str) -> None:
        """One job more is done."""
        self.done += 1
        if self.bar is None:
            print(f"[{self.done}/{self.total}] {name}", file=self.stream, flush=True)
        else:
            self.bar.set_description_str(name, refresh=False)
            self.bar.update()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self.bar is not None:
            self.bar.close()
