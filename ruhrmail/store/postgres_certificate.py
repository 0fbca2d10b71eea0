"""Why a PostgreSQL server's certificate does not hold: libpq says that it does not, and OpenSSL why."""

import socket
import ssl
import struct

from psycopg.pq.abc import PGconn

PATIENCE = 5.0
"""Seconds for a second handshake."""
TLS_PLEASE = struct.pack("!II", 8, 80877103)
"""An SSLRequest (PostgreSQL's manual, message formats)."""


def why_untrusted(dialled: PGconn) -> str:
    """What OpenSSL has against the certificate of the server that was dialled last; empty where it cannot be asked."""
    chosen = {one.keyword: (one.val or b"").decode() for one in dialled.info}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # names are another trouble, which libpq tells well
    place = (chosen[b"hostaddr"] or chosen[b"host"], int(chosen[b"port"]))
    try:
        trust(context, chosen[b"sslrootcert"])
        with socket.create_connection(place, PATIENCE) as plain:
            plain.sendall(TLS_PLEASE)
            if plain.recv(1) == b"S":
                context.wrap_socket(plain).close()
    except ssl.SSLCertVerificationError as error:
        return str(error.verify_message)
    except (OSError, ValueError):  # the handshake is made again to learn more, and may fail for less
        return ""
    return ""


def trust(context: ssl.SSLContext, authority: str) -> None:
    """Trusts whom libpq was told to trust. Raises OSError."""
    if authority == "system":
        context.load_default_certs()
    else:
        context.load_verify_locations(authority)
