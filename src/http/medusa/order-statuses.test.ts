import { expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import { progressWords } from "../../domain/order/progress.ts";
import { stepsBehind, wireStatuses, wireWords } from "./order-statuses.ts";

test("every step of an order has a word, and every word leads back to its steps", () => {
  const prefixes = { status: "", fulfillment_status: "fulfilment:", payment_status: "payment:" } as const;
  for (const status of ["status", "fulfillment_status", "payment_status"] as const) {
    for (const [step, word] of Object.entries(wireWords[status])) {
      expect(stepsBehind(status, [word])).toEqual([`${prefixes[status]}${step}`]);
    }
  }
  expect(stepsBehind("payment_status", ["no such word"])).toEqual([]);
});

test("the words of an order are those that it is found by", () => {
  const order = anOrder({ id: "o", cancelledAt: "2026-01-01T00:00:00.000Z" });
  const words = wireStatuses(order);
  expect(words).toEqual({
    status: "canceled",
    fulfillment_status: "canceled",
    payment_status: "canceled",
  });
  const found = (["status", "fulfillment_status", "payment_status"] as const).flatMap((status) =>
    stepsBehind(status, [words[status]]),
  );
  expect(found).toEqual(progressWords(order));
});
