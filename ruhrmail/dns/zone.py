"""Records as zone files have them (RFC 1035 section 5)."""

from ruhrmail.model.diagnosis import DnsRecord

MOST = 255
"""Bytes of one character string (RFC 1035 section 3.3)."""


def zone_lines(record: DnsRecord) -> list[str]:
    """A record, ready to paste: a long text in several strings, one a line."""
    if record.kind != "TXT":
        return [f"{record.name}. IN {record.kind} {record.value}."]
    data = record.value.encode()
    pieces = [data[start : start + MOST] for start in range(0, len(data), MOST)]
    strings = [f'"{escape(piece)}"' for piece in pieces]
    if len(strings) == 1:
        return [f"{record.name}. IN TXT {strings[0]}"]
    return [f"{record.name}. IN TXT (", *(f"  {one}" for one in strings), ")"]


def escape(data: bytes) -> str:
    """A character string without its quotation marks: what is not plain ASCII by its number."""
    return "".join(
        f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 32 <= byte < 127 else f"\\{byte:03d}" for byte in data
    )
