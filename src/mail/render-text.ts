import type { MailPart } from "./mail.ts";
import { bodyText } from "./safe-text.ts";

/** The parts as plain text. */
export function renderText(parts: readonly MailPart[], footer: string): string {
  const texts = parts.map((part) => textOf(part)).filter(Boolean);
  const end = footer === "" ? [] : [`-- \n${bodyText(footer)}`];
  return `${[...texts, ...end].join("\n\n")}\n`;
}

function textOf(part: MailPart): string {
  switch (part.kind) {
    case "heading": {
      const line = bodyText(part.text);
      return line && `${line}\n${"=".repeat(Math.min(Array.from(line).length, 72))}`;
    }
    case "paragraph":
      return bodyText(part.text);
    case "goods":
      return part.rows
        .map(({ name, detail, quantity, amount }) => {
          const what = `${quantity} × ${oneLine(name)}${detail ? ` (${oneLine(detail)})` : ""}`;
          return amount === undefined ? what : `${what}: ${oneLine(amount)}`;
        })
        .join("\n");
    case "totals":
      return [
        ...part.rows.map(({ name, amount }) => `${oneLine(name)}: ${oneLine(amount)}`),
        ...(part.note ? [oneLine(part.note)] : []),
      ].join("\n");
    case "block":
      return part.lines.length === 0
        ? ""
        : [`${oneLine(part.title)}:`, ...part.lines.map(oneLine)].join("\n");
    case "code":
      return `${oneLine(part.title)}:\n${oneLine(part.text)}`;
    case "link":
      return `${oneLine(part.label)}:\n${part.url}`;
  }
}

function oneLine(text: string): string {
  return bodyText(text).replace(/\n+/g, " ");
}
