import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { GatewayOutcome } from "../../src/domain/order/pay.ts";
import type { PaymentOperationType } from "../../src/domain/order/payment.ts";
import type { FoundOutcome, Gateway, GatewayCall } from "../../src/gateways/gateway.ts";

/** What goes wrong between a gateway and us; `before` the operation was carried out, or `after` it. */
export type GatewayFault = "lost_before" | "lost_after" | "failed_before" | "failed_after" | "busy";

/** What the gateway's own books say of one payment, in minor units. */
export type GatewayBooks = {
  /** How often money was set aside or taken for it. */
  readonly charges: number;
  /** Set aside, and neither taken nor released. */
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
};

/** A gateway, and a stand-in of whom it talks to. */
export type GatewayRig = {
  readonly gateway: Gateway;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly currency: string;
  /** A payment token that is approved, one that is declined, and one whose shopper is asked first. */
  readonly tokens: { readonly approved: string; readonly declined: string; readonly waiting?: string };
  /** Lets every call of this operation go wrong, until `heal`. */
  break(operation: PaymentOperationType, fault: GatewayFault): void;
  heal(): void;
  /** Holds calls of this operation for so many milliseconds before they are carried out. */
  slow(operation: PaymentOperationType, delayMs: number): void;
  books(paymentId: string): GatewayBooks;
  /** What the shopper does about a payment that waits for them. */
  shopper?(reference: string, passes: boolean): Promise<void>;
};

const nothing: GatewayBooks = { charges: 0, authorized: 0, captured: 0, refunded: 0 };
const AMOUNT = 2000;

/**
 * What every gateway that calls somebody has to hold, whatever becomes of the answers: run it from a test file of the
 * gateway, against a stand-in of its API.
 * @param asksShoppers some payments wait for what their shopper does: the rig has a token for it, and `shopper`. When it
 *   is `always`, every payment does, and is carried out by asking about it after they have; faults are then those of that.
 * @param capturesInParts an authorization can be captured in several parts, with the settings of the rig
 * @param tellsOnly the gateway cannot be asked about a payment, only tells: one that waits, and whose answer was lost, is
 *   not found but closed
 */
export function testGateway(
  name: string,
  rigOf: () => GatewayRig,
  {
    asksShoppers,
    tellsOnly = false,
    capturesInParts = false,
  }: {
    readonly asksShoppers: boolean | "always";
    readonly tellsOnly?: boolean;
    readonly capturesInParts?: boolean;
  },
): void {
  const call = (members: Partial<GatewayCall> & Pick<GatewayCall, "operation">): GatewayCall => {
    const { settings, currency, tokens } = rigOf();
    const key = randomUUID();
    return {
      key,
      orderId: randomUUID(),
      paymentId: key,
      amount: AMOUNT,
      currency,
      claimedAt: new Date().toISOString(),
      ageMs: 0,
      settings,
      paymentToken: tokens.approved,
      signal: AbortSignal.timeout(15_000),
      ...members,
    };
  };
  const ask = (made: GatewayCall): Promise<GatewayOutcome> => rigOf().gateway[made.operation](made);
  const always = asksShoppers === "always";
  const starts = ({ operation }: GatewayCall): boolean =>
    operation === "authorize" || operation === "purchase";
  /** What the gateway called payments whose shopper was sent to it, by key, as the engine keeps it. */
  const sentTo = new Map<string, { readonly reference: string; readonly done: Promise<void> | undefined }>();
  const send = async (made: GatewayCall): Promise<GatewayOutcome> => {
    const outcome = await ask(made);
    if (!always || !starts(made) || outcome.kind !== "pending") return outcome;
    const { shopper, tokens, gateway } = rigOf();
    const { reference } = outcome;
    const sent = sentTo.get(made.key) ?? {
      reference,
      done: shopper?.(reference, made.paymentToken !== tokens.declined),
    };
    sentTo.set(made.key, sent);
    await sent.done;
    const found = await gateway.find({ ...made, reference });
    return found.kind === "absent" ? { kind: "unknown", reason: "absent" } : found;
  };
  /** As the engine sees it: whatever is thrown leaves open what happened. */
  const outcomeOf = async (made: GatewayCall): Promise<GatewayOutcome["kind"]> => {
    try {
      return (await send(made)).kind;
    } catch {
      return "unknown";
    }
  };
  const find = (made: GatewayCall): Promise<FoundOutcome> => {
    const reference = made.reference ?? sentTo.get(made.key)?.reference;
    const signal = AbortSignal.timeout(15_000);
    return rigOf().gateway.find({ ...made, ...(reference !== undefined && { reference }), signal });
  };

  /** A payment that the operation can be carried out on; for the first operation of one, nothing. */
  const prepared = async (operation: PaymentOperationType, amount = AMOUNT): Promise<GatewayCall> => {
    if (operation === "authorize" || operation === "purchase") return call({ operation });
    const first = call({ operation: operation === "refund" ? "purchase" : "authorize" });
    const started = await send(first);
    if (started.kind !== "approved") throw new Error(`The payment is ${started.kind}`);
    const { orderId, paymentId } = first;
    return call({ operation, orderId, paymentId, amount, reference: started.reference });
  };

  const done: Record<PaymentOperationType, GatewayBooks> = {
    authorize: { ...nothing, charges: 1, authorized: AMOUNT },
    purchase: { ...nothing, charges: 1, captured: AMOUNT },
    capture: { ...nothing, charges: 1, captured: AMOUNT },
    refund: { ...nothing, charges: 1, captured: AMOUNT, refunded: AMOUNT },
    void: { ...nothing, charges: 1 },
  };
  const undone: Record<PaymentOperationType, GatewayBooks> = {
    authorize: nothing,
    purchase: nothing,
    capture: done.authorize,
    refund: done.purchase,
    void: done.authorize,
  };
  const operations = ["authorize", "purchase", "capture", "refund", "void"] as const;

  describe(`${name}: definite answers`, () => {
    test.each(operations)("%s is carried out, and found", async (operation) => {
      const made = await prepared(operation);
      expect(await find(made)).toEqual({ kind: "absent" });
      expect((await send(made)).kind).toBe("approved");
      expect(rigOf().books(made.paymentId)).toEqual(done[operation]);
      expect((await find(made)).kind).toBe("approved");
    });

    test.each(operations)("D1 %s with the same key has one effect", async (operation) => {
      const made = await prepared(operation);
      for (let times = 0; times < 3; times += 1) expect((await send(made)).kind).toBe("approved");
      expect(rigOf().books(made.paymentId)).toEqual(done[operation]);
    });

    test.each(["authorize", "purchase"] as const)("%s that is declined says why", async (operation) => {
      const made = call({ operation, paymentToken: rigOf().tokens.declined });
      const outcome = await send(made);
      expect(outcome).toMatchObject({ kind: "declined", code: expect.stringMatching(/./) });
      expect(await find(made)).toEqual(outcome);
      expect(rigOf().books(made.paymentId)).toEqual(nothing);
    });

    test("D3 two refunds of the same amount are two", async () => {
      const first = await prepared("refund", 500);
      const second = { ...first, key: randomUUID() };
      expect((await send(first)).kind).toBe("approved");
      expect(await find(second)).toEqual({ kind: "absent" });
      expect((await send(second)).kind).toBe("approved");
      expect(rigOf().books(first.paymentId)).toEqual({ ...done.purchase, refunded: 1000 });
    });

    test("less than what was authorized is captured, and the rest is released", async () => {
      const made = await prepared("capture", 1500);
      expect((await send(made)).kind).toBe("approved");
      expect(rigOf().books(made.paymentId)).toEqual({ ...done.capture, captured: 1500 });
    });

    test(`it says that it ${capturesInParts ? "captures in parts" : "captures once"}`, () => {
      const { gateway, settings } = rigOf();
      expect(gateway.capturesInParts?.(settings) ?? false).toBe(capturesInParts);
    });

    test("what cannot be done any more is declined", async () => {
      const refund = await prepared("refund", AMOUNT + 10);
      expect((await send(refund)).kind).toBe("declined");
      expect(rigOf().books(refund.paymentId)).toEqual(done.purchase);
      const released = await prepared("void");
      await send(released);
      const capture = { ...released, operation: "capture" as const, key: randomUUID() };
      expect((await send(capture)).kind).toBe("declined");
      expect((await find(capture)).kind).toBe("declined");
      const captured = await prepared("capture");
      await send(captured);
      const late = { ...captured, operation: "void" as const, key: randomUUID() };
      expect((await send(late)).kind).toBe("declined");
      expect(rigOf().books(captured.paymentId)).toEqual(done.capture);
    });
  });

  // What is known of a call by its fault, and what asking tells when the gateway is well again.
  const ambiguous: readonly [fault: GatewayFault, happened: boolean][] = [
    ["lost_before", false],
    ["lost_after", true],
    ["failed_before", false],
    ["failed_after", true],
    ["busy", false],
  ];
  const table = operations.flatMap((operation) =>
    ambiguous.map(([fault, happened]) => ({ operation, fault, happened })),
  );

  describe(`${name}: D2 ambiguous answers`, () => {
    test.each(table)("$operation, $fault: happened is $happened", async ({ operation, fault, happened }) => {
      const rig = rigOf();
      const made = await prepared(operation);
      rig.break(operation, fault);
      expect(await outcomeOf(made)).toBe("unknown");
      rig.heal();
      expect(rig.books(made.paymentId)).toEqual((happened ? done : undone)[operation]);
      // Whoever asks about what the shopper has approved has it carried out.
      const isFinished = happened || (always && starts(made));
      expect((await find(made)).kind).toBe(isFinished ? "approved" : "absent");
      // The same key again: it is done now if it was not, or is still open; it is never done twice.
      const again = await outcomeOf(made);
      const isDone = isFinished || again === "approved";
      expect(rig.books(made.paymentId)).toEqual((isDone ? done : undone)[operation]);
      expect((await find(made)).kind).toBe(isDone ? "approved" : "absent");
    });

    test.each(operations)("%s twice at the same time has one effect", async (operation) => {
      const rig = rigOf();
      const made = await prepared(operation);
      rig.slow(operation, 100);
      const kinds = await Promise.all([outcomeOf(made), outcomeOf(made)]);
      rig.heal();
      expect(kinds).toContain("approved");
      expect(kinds).not.toContain("declined");
      expect(rig.books(made.paymentId)).toEqual(done[operation]);
    });

    test.each(operations)("%s that is not answered within the deadline is unknown", async (operation) => {
      const rig = rigOf();
      const made = await prepared(operation);
      rig.slow(operation, 400);
      expect(await outcomeOf({ ...made, signal: AbortSignal.timeout(50) })).toBe("unknown");
      rig.heal();
    });

    test("a decline whose answer is lost is found as a decline", async () => {
      const rig = rigOf();
      const made = call({ operation: "purchase", paymentToken: rig.tokens.declined });
      rig.break("purchase", "lost_after");
      expect(await outcomeOf(made)).toBe("unknown");
      rig.heal();
      expect((await find(made)).kind).toBe("declined");
      expect(rig.books(made.paymentId)).toEqual(nothing);
    });
  });

  if (capturesInParts) {
    describe(`${name}: captures in parts`, () => {
      test("D3 parts that are captured add up, and the rest can be captured or released", async () => {
        for (const last of ["capture", "void"] as const) {
          const first = { ...(await prepared("capture", 500)), keepsRest: true as const };
          const second = { ...first, key: randomUUID() };
          for (const made of [first, second, first]) expect((await send(made)).kind).toBe("approved");
          const held = { ...done.authorize, authorized: AMOUNT - 1000, captured: 1000 };
          expect(rigOf().books(first.paymentId)).toEqual(held);
          // What was authorized is never exceeded.
          const more = { ...first, key: randomUUID(), amount: AMOUNT - 990 };
          expect((await send(more)).kind).toBe("declined");
          const { keepsRest: _, ...whole } = first;
          const end = { ...whole, operation: last, key: randomUUID(), amount: AMOUNT - 1000 };
          expect(await find(end)).toEqual({ kind: "absent" });
          expect((await send(end)).kind).toBe("approved");
          expect((await find(end)).kind).toBe("approved");
          const captured = last === "capture" ? AMOUNT : 1000;
          expect(rigOf().books(first.paymentId)).toEqual({ ...done.capture, captured });
          expect((await find(second)).kind).toBe("approved");
        }
      });

      test("D2 a part whose answer is lost is captured once", async () => {
        const rig = rigOf();
        const made = { ...(await prepared("capture", 500)), keepsRest: true as const };
        rig.break("capture", "lost_after");
        expect(await outcomeOf(made)).toBe("unknown");
        rig.heal();
        expect((await find(made)).kind).toBe("approved");
        expect((await send(made)).kind).toBe("approved");
        const other = { ...made, key: randomUUID() };
        expect(await find(other)).toEqual({ kind: "absent" });
        expect((await send(other)).kind).toBe("approved");
        expect(rig.books(made.paymentId)).toEqual({ ...done.authorize, authorized: 1000, captured: 1000 });
      });
    });
  }

  if (!asksShoppers) return;
  describe(`${name}: a shopper who is asked first`, () => {
    const waiting = async () => {
      const { tokens } = rigOf();
      const made = call({ operation: "purchase", ...(tokens.waiting && { paymentToken: tokens.waiting }) });
      const outcome = await ask(made);
      expect(outcome).toMatchObject({ kind: "pending", action: { status: expect.any(String) } });
      const { reference } = outcome as { reference: string };
      return { ...made, reference };
    };

    test("passes, or fails, and is found so", async () => {
      for (const passes of [true, false]) {
        const made = await waiting();
        expect((await find(made)).kind).toBe("pending");
        await rigOf().shopper?.(made.reference, passes);
        expect((await find(made)).kind).toBe(passes ? "approved" : "declined");
        expect(rigOf().books(made.paymentId)).toEqual(passes ? done.purchase : nothing);
      }
    });

    test("is found without a reference, when the answer was lost", async () => {
      const { reference: _reference, ...made } = await waiting();
      // Where nobody but the shopper can make anything of it, and only that answer told them how, it is as good as none.
      expect((await find(made)).kind).toBe(always || tellsOnly ? "absent" : "pending");
    });

    test.runIf(tellsOnly)("cannot go on after its answer was lost for good", async () => {
      const { reference, ...made } = await waiting();
      const late = await find({ ...made, ageMs: 60_001 });
      expect(["unknown", "declined"]).toContain(late.kind);
      await expect(rigOf().shopper?.(reference, true)).rejects.toThrow();
      expect((await find({ ...made, ageMs: 60_001 })).kind).toBe("declined");
      expect(rigOf().books(made.paymentId)).toEqual(nothing);
    });

    test("cannot go on with what was cancelled", async () => {
      const made = await waiting();
      const cancelled = { ...made, operation: "void" as const, key: randomUUID() };
      expect((await send(cancelled)).kind).toBe("approved");
      await expect(rigOf().shopper?.(made.reference, true)).rejects.toThrow();
      expect(rigOf().books(made.paymentId)).toEqual(nothing);
      expect((await find(made)).kind).toBe("declined");
    });

    test("has an hour; what was not confirmed by then is closed for good", async () => {
      const made = await waiting();
      expect((await find({ ...made, ageMs: 3_600_001 })).kind).toBe("declined");
      await expect(rigOf().shopper?.(made.reference, true)).rejects.toThrow();
    });
  });
}
