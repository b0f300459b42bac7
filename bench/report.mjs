import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Rows of objects as aligned columns; the first row names them. */
export function table(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => shown(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] !== "string"));
  const line = (row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

function shown(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? value.toLocaleString("en-US") : "-";
  return String(value);
}

/** Says how far a long run is: on a terminal in place, elsewhere as a line every ten seconds. */
export function progress(label) {
  const { isTTY } = process.stderr;
  let last = performance.now();
  return {
    /** `done` of `total`. */
    at(done, total, detail = "") {
      const now = performance.now();
      if (now - last < (isTTY ? 200 : 10_000)) return;
      last = now;
      const percent = Math.floor((100 * done) / total);
      const text = `  ${label}: ${percent} %${detail && `, ${detail}`}`;
      process.stderr.write(isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end() {
      if (isTTY) process.stderr.write("\r\x1b[K");
    },
  };
}

/** Writes `<date>-<target>.json` and answers where. */
export async function writeResult(directory, target, result) {
  await mkdir(directory, { recursive: true });
  const date = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = path.join(directory, `${date}-${target}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
