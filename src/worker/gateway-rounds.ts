import type { StuckCart } from "../operations/complete-paid-session.ts";
import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import { fetchGatewayEvents, gatewaysToAsk } from "../operations/gateway-events.ts";
import type { PendingOrder } from "../operations/ports/orders.ts";
import { processGatewayEvents, QUESTIONS_AT_ONCE } from "../operations/process-gateway-events.ts";
import { reconcileGateway } from "../operations/reconcile-payments.ts";
import { type RetryPauses, retryPauses } from "../operations/retry-pauses.ts";
import { attendOrders } from "./attend-orders.ts";
import { reconcilerContext } from "./reconciler-context.ts";
import { createRounds, type Round } from "./rounds.ts";

/** An operation without an answer is asked about after this long, in milliseconds: well past every gateway's deadline. */
const RECONCILE_AFTER_MS = 60_000;
/** How often gateways are asked what happened, in milliseconds, in case their calls do not reach us. */
const FETCH_EVERY_MS = 60_000;

/** How much gateways are asked in the background. */
export type RoundPace = {
  /** Milliseconds after which a round begins no further question; what is left waits for the next one. */
  readonly roundMs: number;
  /** Questions to one gateway of one store that are under way at the same time in a round. */
  readonly questionsAtOnce: number;
  /** Stores whose rounds of one kind at one gateway are under way at the same time. */
  readonly storesAtOnce: number;
};

/** 30 seconds, 8 questions, 4 stores: a gateway that answers nobody holds 32 questions of a kind, and no other gateway. */
export const roundPace: RoundPace = { roundMs: 30_000, questionsAtOnce: QUESTIONS_AT_ONCE, storesAtOnce: 4 };

export type WorkerLog = Readonly<
  Record<"error" | "warn" | "info", (fields: object, message: string) => void>
>;

export type GatewayRounds = {
  /** Begins what is due for a store, and waits for none of it. */
  begin(storeId: string): Promise<void>;
  /** A gateway of a store has told something. */
  wake(storeId: string, gateway: string): void;
  /** Settles when nothing is under way. */
  idle(): Promise<void>;
};

/**
 * All background work that asks gateways: what they told, what became of payments without an answer, authorizations that
 * expire. Each gateway of each store has rounds of its own, which wait for nobody.
 * @param onError what fails is told here, and tried again in a later round
 */
export function gatewayRounds(
  deps: Deps,
  log: WorkerLog,
  isStopping: () => boolean,
  onError: (error: unknown, fields: object) => void,
  pace: RoundPace = roundPace,
): GatewayRounds {
  const pauses = new Map<string, RetryPauses>();
  /** Carts that the log has told of. */
  const warned = new Set<string>();
  const asked = new Map<string, number>();
  const next = new Map<string, PendingOrder | undefined>();
  const attend = attendOrders(deps, log);
  const before = (): string => new Date(Date.parse(deps.now()) - RECONCILE_AFTER_MS).toISOString();

  const jobs: Readonly<Record<string, (context: Context, round: Round) => Promise<void>>> = {
    async "gateway events"(context, { storeId, gateway }) {
      const key = `${storeId} ${gateway}`;
      const known = pauses.get(key) ?? retryPauses();
      pauses.set(key, known);
      const onStuck = (cart: StuckCart): void => {
        if (warned.has(cart.cartId)) return;
        warned.add(cart.cartId);
        log.warn({ storeId, gateway, ...cart }, "a cart is paid for and cannot be completed");
      };
      await processGatewayEvents(deps, context, gateway, { ...limits(), pauses: known, onStuck });
    },
    async "missed gateway events"(context, { storeId, gateway }) {
      const setting = (await gatewaysToAsk(deps, context)).find(({ slug }) => slug === gateway);
      if (!setting) return;
      const { fresh, error } = await fetchGatewayEvents(deps, context, setting, isStopping);
      if (error !== undefined) {
        log.error({ err: error, storeId, gateway }, "a gateway could not be asked what happened");
      }
      if (fresh > 0) rounds.wantAgain({ job: "gateway events", storeId, gateway });
    },
    async payments(context, { storeId, gateway }) {
      const key = `${storeId} ${gateway}`;
      const after = next.get(key);
      const options = { before: before(), ...limits(), ...(after && { after }) };
      const { next: rest, ...counts } = await reconcileGateway(deps, context, gateway, options);
      next.set(key, rest);
      if (counts.pending > 0) log.info({ storeId, gateway, ...counts }, "reconciled payments");
    },
    orders: (_context, { storeId }) => attend(storeId),
  };
  const limits = () => {
    const patience = AbortSignal.timeout(pace.roundMs);
    return { atOnce: pace.questionsAtOnce, isOver: () => isStopping() || patience.aborted };
  };
  const rounds = createRounds(async (round) => {
    if (isStopping()) return;
    try {
      const context = await reconcilerContext(deps, round.storeId);
      if (context) await jobs[round.job]?.(context, round);
    } catch (error) {
      onError(error, round);
    }
  }, pace.storesAtOnce);

  return {
    async begin(storeId) {
      const context = await reconcilerContext(deps, storeId);
      if (!context) return;
      rounds.want({ job: "orders", storeId, gateway: "" });
      for (const gateway of await deps.storage.gatewayEvents.openGateways(storeId)) {
        rounds.want({ job: "gateway events", storeId, gateway });
      }
      for (const gateway of await deps.storage.orders.pendingGateways(storeId, before())) {
        rounds.want({ job: "payments", storeId, gateway });
      }
      const now = Date.parse(deps.now());
      if (now - (asked.get(storeId) ?? Number.NEGATIVE_INFINITY) < FETCH_EVERY_MS) return;
      asked.set(storeId, now);
      for (const { slug } of await gatewaysToAsk(deps, context)) {
        rounds.want({ job: "missed gateway events", storeId, gateway: slug });
      }
    },
    wake: (storeId, gateway) => rounds.wantAgain({ job: "gateway events", storeId, gateway }),
    idle: () => rounds.idle(),
  };
}
