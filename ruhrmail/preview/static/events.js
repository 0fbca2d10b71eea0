// The server's events, and whether it is there: lost and found again.
const PATIENCE = 60_000;
const AGAIN = 1_000;
const KINDS = ["hello", "issue", "findings", "state", "inbox", "bye"];

/**
 * Listens to the events about an issue. `hear(kind, data)` gets each one; `connect(there)` is told when the server is
 * lost (false) and there again (true). A window that nobody sees for a minute hangs up: browsers allow only six
 * connections to one server, and somebody may have many windows.
 */
export function listen(hear, connect) {
  const line = { issue: null, source: null, timer: 0, hear, connect };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(line.timer);
    if (document.hidden) line.timer = setTimeout(() => hangUp(line), PATIENCE);
    else if (!line.source) dial(line);
  });
  window.addEventListener("pagehide", () => hangUp(line));
  window.addEventListener("pageshow", (event) => event.persisted && dial(line));
  return (issue) => {
    if (line.source && issue === line.issue) return;
    line.issue = issue;
    dial(line);
  };
}

function dial(line) {
  hangUp(line);
  const source = new EventSource(line.issue ? `events?issue=${encodeURIComponent(line.issue)}` : "events");
  line.source = source;
  for (const kind of KINDS) source.addEventListener(kind, (event) => line.hear(kind, JSON.parse(event.data)));
  source.addEventListener("open", () => line.connect(true));
  source.addEventListener("error", () => {
    if (line.source !== source) return;
    line.connect(false);
    hangUp(line);
    line.timer = setTimeout(() => dial(line), AGAIN);
  });
}

function hangUp(line) {
  clearTimeout(line.timer);
  line.source?.close();
  line.source = null;
}
