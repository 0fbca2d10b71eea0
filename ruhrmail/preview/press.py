"""The press: renders what windows look at as files change, checks it, and tells the windows. One thread works."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.flows.proof import Proof, Proofs
from ruhrmail.flows.proof_findings import Checked, Superseded, check_proof
from ruhrmail.preview.windows import Windows

GRACE = 0.25
"""Seconds that an error must last before it is told: editors write files in steps."""
HEAD_START = 0.06
"""Seconds that windows get to load what they show before the check takes the processor."""
SHORT = 0.3
"""Seconds that findings wait for the list to be read."""
Result = TypeVar("Result")


@dataclass(slots=True)
class Press:
    """Lives in the event loop; `proofs` are rendered in its thread only. `generation` grows with every change."""

    proofs: Proofs
    newsroom: Newsroom
    windows: Windows
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "press"))
    generation: int = 0
    checked: dict[str, Checked] = field(default_factory=dict)
    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)
    reading: "asyncio.Task[None] | None" = None
    doubtful: set[str] = field(default_factory=set)
    """Issues in view whose files changed, and of which it is not yet certain that errors in them last."""
    told: object = None
    late: bool = False
    """Whether findings were told while the list was being read."""

    async def work(self, function: Callable[..., Result], *values: object) -> Result:
        """A call in the press's thread."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, function, *values)

    async def proof(self, slug: str) -> Proof:
        """An issue as it is now; while an error has not lasted long enough, as it was before."""
        known = self.proofs.kept.get(slug)
        if known is not None and (slug not in self.proofs.stale or slug in self.doubtful):
            return known
        return await self.work(self.proofs.proof, slug)

    async def look_at(self, slug: str) -> None:
        """A window looks at an issue: it is checked unless that was done, after the window got what it shows."""
        await asyncio.sleep(GRACE)
        proof, checked = await self.proof(slug), self.checked.get(slug)
        if slug in self.proofs.kept and (checked is None or checked.revision != proof.revision):
            await self.check(slug, self.generation)

    async def changed(self, paths: Iterable[Path] | None) -> None:
        """Files changed (None: nobody knows which). What is in view is rendered and told, the rest waits."""
        self.generation += 1
        generation = self.generation
        self.doubtful.update(self.windows.in_view())
        await self.work(self.proofs.note_all) if paths is None else await self.work(self.proofs.note, frozenset(paths))
        self.doubtful.intersection_update(self.windows.in_view())
        for slug in self.windows.in_view():
            if slug in self.proofs.stale or slug not in self.proofs.kept:
                await self.renew(slug, generation)
            else:
                self.settle(slug, generation)
        self.begin(self.after_grace(generation, self.tell_state_if_new))

    async def renew(self, slug: str, generation: int, *, sure: bool = False) -> None:
        """Renders an issue. Good news at once; bad news only when nothing better comes, and (`sure`) it is still so."""
        try:
            proof = await self.work(self.proofs.renew, slug)
        except Exception as error:  # noqa: BLE001 - the other issues go on, and whoever asks for this one meets it too
            self.doubtful.discard(slug)
            stumble(error)
            return
        if not proof.errors:
            self.show(proof, generation)
        elif generation == self.generation and sure:
            self.show(await self.work(self.proofs.keep, proof), generation)
        elif generation == self.generation:
            self.begin(self.show_errors(slug, generation))

    async def show_errors(self, slug: str, generation: int) -> None:
        """Shows an issue with its errors when nothing changed meanwhile, as far as anybody was told: what was mended in
        time may be told late, so it is rendered once more."""
        await asyncio.sleep(GRACE)
        if generation == self.generation:
            await self.renew(slug, generation, sure=True)

    def show(self, proof: Proof, generation: int) -> None:
        """Tells of an issue that looks different."""
        data = {"revision": proof.revision, "look": proof.look, "ok": not proof.errors, "errors": len(proof.errors)}
        self.windows.announce("issue", {"slug": proof.slug, **data})
        self.settle(proof.slug, generation)

    def settle(self, slug: str, generation: int) -> None:
        """What is shown of an issue is what its files say; now it can be checked."""
        self.doubtful.discard(slug)
        self.begin(self.check(slug, generation))

    async def after_grace(self, generation: int, act: Callable[[], object]) -> None:
        """Acts when nothing changed meanwhile."""
        await asyncio.sleep(GRACE)
        if generation == self.generation:
            act()

    async def check(self, slug: str, generation: int, *, sure: bool = False) -> None:
        """Looks for findings; given up when something newer was saved. A short list is waited for, a long one not.

        Unless `sure`, what cannot be read although it just was is looked at once more after a while.
        """
        await asyncio.sleep(HEAD_START)
        await self.read_list()
        look = partial(check_proof, self.proofs, slug, lambda: generation != self.generation, sure=sure)
        try:
            checked = await self.work(look)
        except Superseded:
            self.begin(self.after_grace(generation, lambda: self.begin(self.check(slug, generation, sure=True))))
            return
        if generation == self.generation:
            self.checked[slug] = checked
            data = {"slug": slug, "revision": checked.revision, "summary": checked.summary()}
            self.windows.announce("findings", data)

    async def read_list(self) -> None:
        """Reads the list anew where that is due, in a thread of its own; when it took long, findings come again."""
        if self.reading is None and self.proofs.list_is_stale():
            self.reading = self.begin(asyncio.to_thread(self.proofs.read_list))
            self.reading.add_done_callback(self.list_was_read)
        if self.reading is not None:
            self.late = not (await asyncio.wait([self.reading], timeout=SHORT))[0]

    def list_was_read(self, _task: "asyncio.Task[None]") -> None:
        """The list was read to its end; whoever could not wait for it is told again."""
        self.reading = None
        if self.late and not self.windows.closed:
            self.late = False
            for slug in self.windows.in_view():
                self.begin(self.check(slug, self.generation))

    def tell_state_if_new(self) -> None:
        """The same, where what the list shows did change."""
        about = self.newsroom.issues(), self.proofs.config, self.proofs.trouble, self.newsroom.project.is_dir()
        if about != self.told:
            self.told = about
            self.tell_state()

    def tell_state(self) -> None:
        """The list of issues, settings or mailings may have changed."""
        self.windows.announce("state", {"revision": self.generation})

    def begin(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        """Work that nobody waits for; what goes wrong in it is told as any bug is."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.finished)
        return task

    def finished(self, task: "asyncio.Task[None]") -> None:
        """A task's end."""
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            stumble(error)

    async def close(self) -> None:
        """Ends what is under way."""
        self.generation += 1
        self.proofs.closed = True
        for task in tuple(self.tasks):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self.tasks, return_exceptions=True)
        self.thread.shutdown(wait=True, cancel_futures=True)


def stumble(error: BaseException) -> None:
    """Tells of a mistake of ours, where the work goes on."""
    logging.getLogger("ruhrmail.preview").error("the preview stumbled", exc_info=error)
