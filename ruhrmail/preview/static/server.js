// What is asked of the preview's server; all addresses are relative to the page's own.

/** The server's answer was a refusal; `hint` says what helps. */
export class Refused extends Error {
  constructor(status, message, hint = "") {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** The JSON at an address. Throws Refused; TypeError when nobody answers. */
export const fetchJson = async (address, options) => (await ask(address, options)).json();

/** The text at an address. Throws Refused; TypeError when nobody answers. */
export const fetchText = async (address) => (await ask(address)).text();

/** Sends JSON, gives the JSON of the answer. Throws Refused; TypeError when nobody answers. */
export const post = (address, body) =>
  fetchJson(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** An issue's address, with what follows it. */
export const issueAddress = (slug, rest = "", query = "") =>
  `issues/${encodeURIComponent(slug)}${rest}${query ? `?${query}` : ""}`;

/** Does one thing at a time and forgets what is overtaken: of several calls under way only the last one's answer counts. */
export function latestOnly(work) {
  let turn = 0;
  return async (...given) => {
    turn += 1;
    const mine = turn;
    const answer = await work(...given);
    return mine === turn ? { answer } : null;
  };
}

/**
 * Does one thing at a time without ever falling behind: a call while it is under way makes it run once more afterwards.
 * Unlike `latestOnly` something is shown even when calls come faster than answers.
 */
export function steadily(work) {
  const round = { running: null, again: false };
  return () => {
    round.again = true;
    round.running ??= (async () => {
      while (round.again) {
        round.again = false;
        await work();
      }
    })().finally(() => (round.running = null));
    return round.running;
  };
}

async function ask(address, options) {
  const response = await fetch(address, options);
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Refused(response.status, told.error ?? `${response.status} ${response.statusText}`, told.hint);
}
