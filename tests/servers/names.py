"""A name server on loopback that says what a test tells it, and lies on demand.

`zone` holds records as text by name: `{"halle.example": ["A 127.0.0.1", "MX 10 mail.halle.example."]}`. A name in
`zone` without a record of the kind has no data; a name that is not there does not exist, but for the root. `faults`
by name: `nxdomain`, `servfail`, `refused`, `silent`, `truncated` (whole over TCP only), `garbage`, `other-id`. `turns`
gives other records at each question, the last for good: what changes between judging and connecting.
"""

import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

RCODES = {"nxdomain": dns.rcode.NXDOMAIN, "servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}
MOST_ALIASES = 8


@dataclass
class NameServer:
    """What it says, and what it was asked: `(name, kind, "udp" or "tcp")`."""

    zone: dict[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    turns: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator["NameServer"]:
        """Serves on one free port, UDP and TCP."""
        datagrams = type("Datagrams", (Datagram,), {"names": self})
        streams = type("Streams", (Stream,), {"names": self})
        with Tcp(("127.0.0.1", 0), streams) as tcp:
            self.port = tcp.server_address[1]
            with Udp(("127.0.0.1", self.port), datagrams) as udp:
                threads = [threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True) for one in (tcp, udp)]
                for thread in threads:
                    thread.start()
                try:
                    yield self
                finally:
                    for one in (tcp, udp):
                        one.shutdown()
                    for thread in threads:
                        thread.join(60)

    def answer(self, wire: bytes, over: str) -> bytes | None:
        """The reply to a question; None for silence."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        with self.lock:
            self.asked.append((name, kind, over))
            fault = self.faults.get(name, "")
            if fault == "silent":
                return None
            if fault == "garbage":
                return wire[:2] + b"\xff" * 20
            reply = dns.message.make_response(query)
            if fault in RCODES:
                reply.set_rcode(RCODES[fault])
            elif fault == "truncated" and over == "udp":
                reply.flags |= dns.flags.TC
            else:
                self.fill(reply, name, kind)
        if fault == "other-id":
            reply.id ^= 1
        return reply.to_wire()

    def fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        """Puts the records into a reply, along aliases."""
        for _ in range(MOST_ALIASES):
            records = self.records_of(name, kind)
            if records is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
                return
            alias = next((one.split()[1] for one in records if one.startswith("CNAME ")), None)
            for wanted in ("CNAME",) if alias and kind != "CNAME" else (kind,):
                values = [one.split(" ", 1)[1] for one in records if one.startswith(f"{wanted} ")]
                if values:
                    reply.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", wanted, *values))
            if alias is None:
                return
            name = alias.rstrip(".")

    def records_of(self, name: str, kind: str) -> Sequence[str] | None:
        """The records of a name; `turns` count questions for addresses."""
        if name in self.turns:
            turns = self.turns[name]
            return turns.pop(0) if kind == "A" and len(turns) > 1 else turns[0]
        return self.zone.get(name, () if name == "." else None)


class Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


class Datagram(socketserver.BaseRequestHandler):
    names: NameServer

    def handle(self) -> None:
        wire, socket = self.request
        reply = self.names.answer(wire, "udp")
        if reply is not None:
            socket.sendto(reply, self.client_address)


class Stream(socketserver.StreamRequestHandler):
    names: NameServer

    def handle(self) -> None:
        size = int.from_bytes(self.rfile.read(2), "big")
        reply = self.names.answer(self.rfile.read(size), "tcp") if size else None
        if reply is not None:
            self.wfile.write(len(reply).to_bytes(2, "big") + reply)
