import type { GoodsHead, GoodsRow, MailPart, TotalRow } from "./mail.ts";
import { bodyText, escapeHtml } from "./safe-text.ts";

/**
 * The parts as HTML that needs no pictures, styles or scripts from anywhere, and reads well aloud: tables have heads, the
 * language is told, links say where they lead.
 */
export function renderHtml(
  parts: readonly MailPart[],
  {
    subject,
    footer,
    language,
  }: { readonly subject: string; readonly footer: string; readonly language: string },
): string {
  const body = parts.map(htmlOf).filter(Boolean).join("\n");
  const end = footer === "" ? "" : `\n<p style="${style.footer}">${paragraph(footer)}</p>`;
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(subject)}</title>
</head>
<body style="${style.body}">
<div style="${style.page}">
${body}${end}
</div>
</body>
</html>
`;
}

function htmlOf(part: MailPart): string {
  switch (part.kind) {
    case "heading":
      return part.text === "" ? "" : `<h1 style="${style.heading}">${text(part.text)}</h1>`;
    case "paragraph":
      return part.text === "" ? "" : `<p>${paragraph(part.text)}</p>`;
    case "goods":
      return goods(part.head, part.rows);
    case "totals":
      return totals(part.rows, part.note);
    case "block":
      return part.lines.length === 0
        ? ""
        : `<h2 style="${style.title}">${text(part.title)}</h2>\n<p>${part.lines.map(text).join("<br>")}</p>`;
    case "code":
      return `<h2 style="${style.title}">${text(part.title)}</h2>\n<p style="${style.code}">${text(part.text)}</p>`;
    case "link":
      return `<p><a href="${escapeHtml(part.url)}" style="${style.link}">${text(part.label)}</a></p>`;
  }
}

function goods(head: GoodsHead, rows: readonly GoodsRow[]): string {
  const amounts = head.amount !== undefined;
  const lines = rows.map(({ name, detail, quantity, amount }) => {
    const what = `${text(name)}${detail ? `<br><small>${text(detail)}</small>` : ""}`;
    const price = amounts ? `<td style="${style.number}">${text(amount ?? "")}</td>` : "";
    return `<tr><td style="${style.cell}">${what}</td><td style="${style.number}">${quantity}</td>${price}</tr>`;
  });
  const last = amounts ? `<th scope="col" style="${style.number}">${text(head.amount ?? "")}</th>` : "";
  return `<table style="${style.table}">
<thead><tr><th scope="col" style="${style.cell}">${text(head.item)}</th><th scope="col" style="${style.number}">${text(head.quantity)}</th>${last}</tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
</table>`;
}

function totals(rows: readonly TotalRow[], note: string | undefined): string {
  const lines = rows.map(({ name, amount }, index) => {
    const weight = index === rows.length - 1 ? "font-weight:bold;" : "font-weight:normal;";
    return `<tr><th scope="row" style="${style.cell}${weight}">${text(name)}</th><td style="${style.number}${weight}">${text(amount)}</td></tr>`;
  });
  return `<table style="${style.table}">
${lines.join("\n")}
</table>${note ? `\n<p><small>${text(note)}</small></p>` : ""}`;
}

const text = (value: string): string => escapeHtml(bodyText(value).replace(/\n+/g, " "));
const paragraph = (value: string): string => escapeHtml(bodyText(value)).replace(/\n/g, "<br>");

const style = {
  body: "margin:0;padding:0;background:#ffffff;color:#1a1a1a",
  page: "max-width:600px;margin:0 auto;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5",
  heading: "font-size:22px;line-height:1.3;margin:0 0 16px",
  title: "font-size:16px;margin:16px 0 4px",
  table: "width:100%;border-collapse:collapse;margin:0 0 16px",
  cell: "text-align:left;vertical-align:top;padding:6px 8px 6px 0;border-bottom:1px solid #dddddd;",
  number:
    "text-align:right;vertical-align:top;white-space:nowrap;padding:6px 0;border-bottom:1px solid #dddddd;",
  code: "font-family:Consolas,Menlo,monospace;font-size:18px;word-break:break-all;margin:0",
  link: "color:#0b57d0",
  footer: "margin-top:24px;font-size:13px;color:#555555",
} as const;
