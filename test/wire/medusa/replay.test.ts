import path from "node:path";
import { describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { useMedusa } from "./harness.ts";
import { unexplained } from "./known-differences.ts";
import { hasRecordings, replay } from "./replay.ts";

// Sessions of the recorded version are prepared when they are chosen.
const lazy = { CARTWRIGHT_PAYMENT_SESSIONS: "lazy" };

if (hasRecordings)
  describe("the conversations that were recorded with the original", () => {
    const wire = useMedusa(lazy);

    test("purchases, their totals and what a merchant does with them are answered as recorded, or differ for a reason", {
      timeout: 300_000,
    }, async () => {
      const rows = await replay(wire.url, ["01", "02", "03", "04", "05", "06"]);
      console.info(told(rows));
      expect(rows.length).toBe(322);
      expect(unexplained(rows)).toEqual([]);
    });
  });

if (hasRecordings)
  describe("the same where prices include tax", () => {
    const wire = useMedusa(lazy);

    test("taxes are answered as recorded, or differ for a reason", { timeout: 300_000 }, async () => {
      const rows = await replay(wire.url, ["07"]);
      console.info(told(rows));
      expect(rows.length).toBeGreaterThan(18);
      expect(unexplained(rows)).toEqual([]);
    });
  });

if (hasRecordings)
  describe("the same where stock lies at locations", () => {
    const wire = useMedusa(lazy);

    test("stock and reservations are answered as recorded, or differ for a reason", {
      timeout: 300_000,
    }, async () => {
      const rows = await replay(wire.url, ["08"]);
      console.info(told(rows));
      expect(rows.length).toBe(30);
      expect(unexplained(rows)).toEqual([]);
    });
  });

describe("conversations of our own", () => {
  const wire = useMedusa();

  test("a purchase is answered as it was when this was written down", async () => {
    const held = await converse(wire);
    const kept = path.join(import.meta.dirname, "conversations", "purchase.snap");
    console.info(`${held.length} answers of our own are compared`);
    await expect(`${JSON.stringify(held, undefined, 1)}\n`).toMatchFileSnapshot(kept);
  });
});

function told(rows: Awaited<ReturnType<typeof replay>>): string {
  const bodies = rows.filter(({ diffs }) => diffs.length === 0).length;
  const statuses = rows.filter(({ status }) => status).length;
  return `${rows.length} recorded answers: ${statuses} agree in status, ${bodies} in status and body`;
}
