// Renders a newsletter of the sections on standard input ([{title, paragraphs, link, picture}]) to HTML and plain text
// with react-email, RUNS times in one process; prints the milliseconds of each run as JSON.
import { Body, Button, Container, Head, Heading, Hr, Html, Img, Link, Preview, Section, Text } from "@react-email/components";
import { render, toPlainText } from "@react-email/render";
import { createElement as make } from "react";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const sections = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const runs = Number(process.argv[2]);
const ink = { color: "#17252a", fontSize: "16px", lineHeight: "1.6" };

const section = (one, key) =>
  make(
    Section,
    { key, style: { backgroundColor: "#ffffff", borderRadius: "14px", padding: "24px" } },
    make(Img, { src: one.picture, alt: one.title, width: "600", height: "338" }),
    make(Heading, { as: "h2", style: ink }, one.title),
    ...one.paragraphs.map((text, number) => make(Text, { key: number, style: ink }, text)),
    make(Link, { href: one.link, style: { color: "#0b5563" } }, "Weiterlesen"),
    make(Button, { href: one.link, style: { backgroundColor: "#0b5563", color: "#ffffff" } }, "Zur Reportage"),
    make(Hr),
  );
const mail = () =>
  make(
    Html,
    { lang: "de" },
    make(Head),
    make(Preview, null, "Fünf Geschichten"),
    make(Body, { style: { backgroundColor: "#f2f5f4" } }, make(Container, null, ...sections.map(section))),
  );

const times = [];
for (let run = 0; run < runs + 5; run++) {
  const start = performance.now();
  const html = await render(mail());
  const text = toPlainText(html);
  if (!html.includes("</html>") || !text.includes(sections[0].paragraphs[0].slice(0, 20))) throw new Error("incomplete");
  if (run >= 5) times.push(performance.now() - start);
}
process.stdout.write(JSON.stringify(times));
