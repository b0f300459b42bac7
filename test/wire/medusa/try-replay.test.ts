import { writeFileSync } from "node:fs";
import { test } from "vitest";
import { useMedusa } from "./harness.ts";
import { replay } from "./replay.ts";

const wire = useMedusa({ CARTWRIGHT_PAYMENT_SESSIONS: "lazy" });
test("replay", { timeout: 300_000 }, async () => {
  const rows = await replay(wire.url, (process.env.ONLY ?? "01,02,03").split(","));
  writeFileSync("/tmp/m3-replay.txt", rows.filter((r) => r.diffs.length).map((r) => `${r.name}\n    ${r.diffs.slice(0, 8).join("\n    ")}`).join("\n"));
  for (const s of ["01", "02", "03", "04", "05", "07", "08"]) { const of = rows.filter((r) => r.name.startsWith(s)); console.log(s, of.length, of.filter((r) => r.status).length, of.filter((r) => r.diffs.length === 0).length); }
});
