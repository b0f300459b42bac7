import { expect } from "vitest";
import { toldMembers, toldTypes } from "../../src/http/medusa/told-types.ts";
import { waitUntil } from "../engine.ts";
import type { Receiver } from "./receiver.ts";

/** What a receiver was told, judged by the list of types that merchants choose from. */
export type Told = {
  /**
   * The types of what was told of something, by either of its ids, once the `last` of it has come so often; each has the
   * next number, and its data what is listed of its type.
   */
  of(subject: string, last: string, times?: number): Promise<string[]>;
  /** The data of the newest event of a type that was told of something. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every type
  dataOf(subject: string, type: string): any;
  /** Every type that has come, whatever of. */
  types(): ReadonlySet<string>;
};

export function toldTo(receiver: Pick<Receiver, "taken">): Told {
  const callsOf = (subject: string) =>
    receiver.taken.filter(({ body }) => body.subject === subject || body.data.uuid === subject);
  return {
    async of(subject, last, times = 1) {
      await waitUntil(
        () => callsOf(subject).filter(({ body }) => body.type === last).length >= times,
        10_000,
      ).catch(() => undefined);
      const calls = callsOf(subject);
      expect(calls.map(({ body }) => body.type)).toContain(last);
      // The same id may be that of a product and of what is counted of it.
      for (const one of new Set(calls.map(({ body }) => body.subject))) {
        const numbers = calls.filter(({ body }) => body.subject === one).map(({ body }) => body.sequence);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }
      for (const { body } of calls) judge(body);
      return calls.map(({ body }) => body.type);
    },
    dataOf: (subject, type) => callsOf(subject).findLast(({ body }) => body.type === type)?.body.data,
    types: () => new Set(receiver.taken.map(({ body }) => body.type)),
  };
}

/** Its type is listed, and every member of its data. */
function judge({ type, data }: { readonly type: string; readonly data: object }): void {
  const declared = toldTypes.find((one) => one.type === type);
  expect(declared, type).toBeDefined();
  const members = ["id", "uuid", ...(declared?.members ?? [])];
  for (const member of Object.keys(data)) expect(members, type).toContain(member);
  for (const member of members) expect(toldMembers, type).toHaveProperty(member);
}

/** Declared types of orders and of what comes with them; `golden-events.test.ts` tells all of them, `golden-things.test.ts` all others. */
export function isOfSales(type: string): boolean {
  return /^(order|payment|order-update-token|gift_card)\.|\.password_reset$/.test(type);
}
