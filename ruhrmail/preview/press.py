"""The press: renders what windows look at as files change, checks it, and tells the windows. One thread works."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ruhrmail.flows.proof import Proof, Proofs
from ruhrmail.flows.proof_findings import Checked, Superseded, check_proof
from ruhrmail.preview.windows import Windows

GRACE = 0.25
"""Seconds that an error must last before it is told: editors write files in steps."""
SHORT = 0.3
"""Seconds that findings wait for the list to be read."""
Result = TypeVar("Result")


@dataclass(slots=True)
class Press:
    """Lives in the event loop; `proofs` are rendered in its thread only. `generation` grows with every change."""

    proofs: Proofs
    windows: Windows
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "press"))
    generation: int = 0
    checked: dict[str, Checked] = field(default_factory=dict)
    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)
    reading: "asyncio.Task[None] | None" = None
    late: bool = False
    """Whether findings were told while the list was being read."""

    async def work(self, function: Callable[..., Result], *values: object) -> Result:
        """A call in the press's thread."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, function, *values)

    async def proof(self, slug: str) -> Proof:
        """An issue as it is now."""
        known = self.proofs.kept.get(slug)
        if known is not None and slug not in self.proofs.stale:
            return known
        proof = await self.work(self.proofs.proof, slug)
        self.begin(self.check(slug, self.generation))
        return proof

    async def changed(self, paths: Iterable[Path] | None) -> None:
        """Files changed (None: nobody knows which). What is in view is rendered and told, the rest waits."""
        self.generation += 1
        generation = self.generation
        before = self.proofs.trouble
        await self.work(self.proofs.note_all) if paths is None else await self.work(self.proofs.note, frozenset(paths))
        stale = [slug for slug in self.windows.in_view() if slug in self.proofs.stale]
        for slug in stale:
            await self.renew(slug, generation)
        self.tell_state()
        if before != self.proofs.trouble:
            self.begin(self.after_grace(generation, self.tell_state))
        for slug in self.windows.in_view():
            self.begin(self.check(slug, generation))

    async def renew(self, slug: str, generation: int) -> None:
        """Renders an issue. Good news at once; bad news only when nothing better comes."""
        proof = await self.work(self.proofs.renew, slug)
        if proof.errors:
            self.begin(self.after_grace(generation, lambda: self.show(proof)))
        else:
            self.show(proof)

    def show(self, proof: Proof) -> None:
        """Makes a proof the one that is shown, and tells."""
        self.proofs.keep(proof)
        data = {"revision": proof.revision, "look": proof.look, "ok": not proof.errors, "errors": len(proof.errors)}
        self.windows.announce("issue", {"slug": proof.slug, **data})

    async def after_grace(self, generation: int, act: Callable[[], None]) -> None:
        """Acts when nothing changed meanwhile."""
        await asyncio.sleep(GRACE)
        if generation == self.generation:
            act()

    async def check(self, slug: str, generation: int) -> None:
        """Looks for findings; given up when something newer was saved. A short list is waited for, a long one not."""
        await self.read_list()
        try:
            checked = await self.work(check_proof, self.proofs, slug, lambda: generation != self.generation)
        except Superseded:
            return
        self.checked[slug] = checked
        self.windows.announce("findings", {"slug": slug, "revision": checked.revision, "summary": checked.summary()})

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
            logging.getLogger("ruhrmail.preview").error("the preview stumbled", exc_info=error)

    async def close(self) -> None:
        """Ends what is under way."""
        self.generation += 1
        self.proofs.closed = True
        for task in tuple(self.tasks):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self.tasks, return_exceptions=True)
        self.thread.shutdown(wait=True, cancel_futures=True)
