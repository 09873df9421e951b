"""Answers as they came, kept by content: what was answered, to which question, and when."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tradelib.catalogue.integrity import replace_file
from tradelib.refresh.answers import Answer
from tradelib.refresh.errors import NotKeptError, RefreshError
from tradelib.refresh.http import CAP, Client, Limits
from tradelib.refresh.secrets import Secret

_RECENT_STATUS = 204


@dataclass(frozen=True)
class Question:
    """One question to a publisher.

    Attributes
    ----------
    source : name of the source that asks.
    url, params : the address, and what is asked for there; no key.
    expect : html, json, xml, csv or zip.
    member : name of the file wanted inside a ZIP, in any case; then the answer is that file.
    fresh : parameters that only keep old copies away, and do not tell one question from another.
    """

    source: str
    url: str
    params: tuple[tuple[str, str], ...] = ()
    expect: str = "html"
    member: str = ""
    cap: int = CAP
    moves: bool = False
    fresh: tuple[tuple[str, str], ...] = ()
    secret: tuple[str, Secret] | None = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...], str]:
        """What tells two questions apart."""
        return self.url, tuple(sorted(self.params)), self.member.lower()


@dataclass(frozen=True)
class Raw:
    """An answer that is kept: its bytes, their sha256, the status, and when it came."""

    sha256: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    content: bytes

    @property
    def day(self) -> date:
        """Day on which the answer came, in UTC."""
        return self.fetched_at.astimezone(UTC).date()

    @property
    def empty(self) -> bool:
        """The server said that there is nothing."""
        return self.status == _RECENT_STATUS


# What an answer is found by: address, parameters, and the file inside a ZIP.
_Key = tuple[str, tuple[tuple[str, str], ...], str]


class Store:
    """A folder of answers: `<name>` holds the bytes, `<name>.json` what was asked and when; our own names are hashes.

    The same folder is read by `--from`, so that a run can be repeated without a network.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[_Key, list[dict[str, Any]]] | None = None

    def save(self, question: Question, answer: Answer) -> Raw:
        """Keep one answer; the same bytes seen again only add the time."""
        digest = hashlib.sha256(answer.content).hexdigest()
        seen = {
            "source": question.source,
            "url": question.url,
            "params": [list(pair) for pair in sorted(question.params)],
            "member": question.member.lower(),
            "status": answer.status,
            "headers": dict(answer.headers),
            "fetched_at": answer.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        }
        sidecar = self.folder / f"{digest}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            held: dict[str, Any] = json.loads(sidecar.read_text(encoding="utf-8")) if sidecar.is_file() else {"sha256": digest, "seen": []}
            if not (self.folder / digest).is_file():
                replace_file(self.folder / digest, answer.content)
            held["bytes"] = len(answer.content)
            held["seen"].append(seen)
            replace_file(sidecar, (json.dumps(held, indent=1, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            message = f"{self.folder} cannot be written ({os.strerror(error.errno or 0).lower()}). Free it, or set TRADELIB_DATA_HOME."
            raise RefreshError(message) from None
        self._index = None
        return Raw(digest, answer.status, answer.headers, answer.fetched_at, answer.content)

    def newest(self, question: Question) -> Raw | None:
        """The newest answer to a question, or None.

        Raises
        ------
        RefreshError : its bytes are not those that were kept.
        """
        found = self._answers().get(question.key, [])
        if not found:
            return None
        last = max(found, key=lambda item: item["fetched_at"])
        content = last["path"].read_bytes()
        if hashlib.sha256(content).hexdigest() != last["sha256"]:
            message = f"{last['path']} is not what was fetched: its content has changed. Delete it with its .json, and fetch it again."
            raise RefreshError(message)
        return Raw(last["sha256"], last["status"], last["headers"], datetime.fromisoformat(last["fetched_at"]), content)

    def last_day(self) -> date | None:
        """Day of the newest answer, or None."""
        times = [item["fetched_at"] for items in self._answers().values() for item in items]
        return datetime.fromisoformat(max(times)).date() if times else None

    def _answers(self) -> dict[_Key, list[dict[str, Any]]]:
        if self._index is None:
            self._index = {}
            for item in self._sidecars():
                self._index.setdefault(item["key"], []).append(item)
        return self._index

    def _sidecars(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []:
            kept = path.with_suffix("")
            if not kept.is_file():
                continue
            try:
                held = json.loads(path.read_text(encoding="utf-8"))
                for seen in held["seen"]:
                    params = tuple((name, value) for name, value in seen["params"])
                    yield seen | {"key": (seen["url"], params, seen["member"]), "sha256": held["sha256"], "path": kept}
            except (ValueError, KeyError, TypeError):
                message = f"{path} does not say what was asked, as tradelib writes it. Delete it and {kept.name}, and fetch again."
                raise RefreshError(message) from None


class Asker:
    """Answers questions: from a folder, from what was fetched the same day, or from the publisher."""

    def __init__(
        self,
        store: Store,
        client: Client | None,
        *,
        today: date,
        again: bool = False,
        unzip: Callable[[Client, Question], Answer] | None = None,
    ) -> None:
        self.store = store
        self.client = client
        self.today = today
        self.again = again
        self._unzip = unzip
        self.asked: list[tuple[Question, Raw]] = []

    def __call__(self, question: Question) -> Raw:
        """The answer to one question.

        Raises
        ------
        NotOutError : the publisher has no such page, or the folder holds no answer to the question.
        RefreshError : as `Client.get`.
        """
        raw = self.store.newest(question)
        if self.client is not None and (raw is None or self.again or raw.day != self.today):
            raw = self.store.save(question, self._fetch(self.client, question))
        if raw is None:
            message = f"{self.store.folder} holds no answer to {question.url}{' ' + question.member if question.member else ''}."
            raise NotKeptError(message)
        self.asked.append((question, raw))
        return raw

    def _fetch(self, client: Client, question: Question) -> Answer:
        if question.member and self._unzip is not None:
            return self._unzip(client, question)
        return client.get(
            question.url,
            (*question.params, *question.fresh),
            expect=question.expect,
            secret=question.secret,
            limits=Limits(cap=question.cap),
            moves=question.moves,
        )
