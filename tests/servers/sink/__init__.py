"""An SMTP server that writes down what it accepts before it says so, and misbehaves on demand.

`python -m tests.servers.sink --port 0 --log FILE --fault "dot;drop-after;0.1"` prints its port and runs until killed.
"""

from tests.servers.sink.acceptance import Acceptance, busiest
from tests.servers.sink.fault import MALFORMED, Fault, read_fault
from tests.servers.sink.server import Sink

__all__ = ["MALFORMED", "Acceptance", "Fault", "Sink", "busiest", "read_fault"]
