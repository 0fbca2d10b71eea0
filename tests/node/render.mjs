// Reads MJML on standard input and writes the reference renderer's {html, errors} as JSON.
import mjml2html from "mjml";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const result = await mjml2html(Buffer.concat(chunks).toString("utf8"), { fonts: {}, validationLevel: "soft" });
const errors = (result.errors ?? []).map((error) => error.formattedMessage);
process.stdout.write(JSON.stringify({ html: result.html, errors }));
