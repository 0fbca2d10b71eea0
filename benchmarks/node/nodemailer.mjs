// nodemailer MODE PORT COUNT FOLDER [KEY]: sends COUNT messages over a pool of 20 connections and prints one line of
// JSON: messages, seconds, CPU seconds, without what the process needs to start. MODE: `prebuilt` sends one finished
// message to everybody, `compose` builds each reader's message from both parts, `sign` also signs it with KEY (DKIM).
import nodemailer from "nodemailer";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [mode, port, wanted, folder, key] = process.argv.slice(2);
const count = Number(wanted);
const read = (name) => readFileSync(join(folder, name));
const sender = "redaktion@ruhrblick.example";

const cut = (name) => read(name).toString("utf8").split(/\{\{ (\w+) or '([^']*)' \}\}/);
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => text.replace(/[&<>"]/g, (one) => escapes[one]);
// cut: literal, name, default, literal, name, default, …
const fill = (pieces, reader, encode) => {
  let text = pieces[0];
  for (let at = 1; at < pieces.length; at += 3) text += encode(reader[pieces[at]] || pieces[at + 1]) + pieces[at + 2];
  return text;
};

const finished = read("letter.eml");
const [html, text] = [cut("letter.html.j2"), cut("letter.txt.j2")];
const readers = JSON.parse(read("readers.json")).slice(0, count);
const build = (reader) =>
  mode === "prebuilt"
    ? { envelope: { from: sender, to: reader.email }, raw: finished }
    : {
        from: `Ruhrblick <${sender}>`,
        to: reader.email,
        subject: "Licht in der Maschinenhalle",
        list: { unsubscribe: { url: `https://ruhrblick.example/u/${reader.token}` } },
        headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
        text: fill(text, reader, (value) => value),
        html: fill(html, reader, escape),
      };

const start = performance.now();
const before = process.cpuUsage();
const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  name: "localhost",
  pool: true,
  maxConnections: 20,
  maxMessages: Infinity,
  dkim: mode === "sign" ? { domainName: "ruhrblick.example", keySelector: "bench", privateKey: readFileSync(key, "utf8") } : undefined,
});
let next = 0;
// twice as many as there are connections wait at any time, so that none is ever idle
const work = async () => {
  while (next < readers.length) await transport.sendMail(build(readers[next++]));
};
await Promise.all(Array.from({ length: 40 }, work));
const used = process.cpuUsage(before);
transport.close();
process.stdout.write(
  JSON.stringify({ messages: readers.length, seconds: (performance.now() - start) / 1000, cpu: (used.user + used.system) / 1e6 }) + "\n",
);
