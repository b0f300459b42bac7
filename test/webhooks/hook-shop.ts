import { expect } from "vitest";
import { waitUntil } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";

/** A shop whose events go out fast, and whose clock can be put forward. */
export type HookShop = {
  readonly shop: Shop;
  /** Puts the clock forward by so many milliseconds. */
  forward(milliseconds: number): void;
  now(): string;
  /** Adds an endpoint; `types` are all unless said otherwise. */
  endpoint(url: string, types?: readonly string[]): Promise<{ readonly id: string; readonly secret: string }>;
  /** Its deliveries, newest first. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  deliveries(endpointId: string, query?: string): Promise<any[]>;
  /** Waits until nothing is on its way to an endpoint any more. */
  settled(endpointId: string): Promise<void>;
  /** Ids of all events that the database has from now on, in their order. */
  eventIds(): Promise<readonly string[]>;
  close(): Promise<void>;
};

export async function openHookShop(
  options: { readonly engines?: 1 | 2; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<HookShop> {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead).toISOString();
  const shop = await openShop({ ...options, now, tellEveryMs: 20 });
  const [first] = await shop.sql<{ seq: number }>("select coalesce(max(seq), 0)::int as seq from event");
  const hooks: HookShop = {
    shop,
    now,
    forward: (milliseconds) => {
      ahead += milliseconds;
    },
    async endpoint(url, types) {
      const body = { url, ...(types && { types }) };
      const { status, body: made } = await shop.ask("POST", "/cartwright/webhook-endpoints", body);
      expect(status, JSON.stringify(made)).toBe(201);
      return made;
    },
    async deliveries(endpointId, query = "limit=100") {
      const path = `/cartwright/webhook-endpoints/${endpointId}/deliveries?${query}`;
      const { status, body } = await shop.ask("GET", path);
      expect(status, JSON.stringify(body)).toBe(200);
      return body.data;
    },
    async settled(endpointId) {
      await waitUntil(async () => {
        const [row] = await shop.sql<{ open: boolean }>(
          `select exists (select from webhook_delivery where endpoint_id = $1 and status = 'pending')
              or (select max(e.seq) from event e) > (select max(c.seq) from event_consumer c where c.consumer = 'webhooks')
                as open`,
          [endpointId],
        );
        return row?.open === false;
      }, 30_000);
    },
    async eventIds() {
      const rows = await shop.sql<{ id: string }>("select id from event where seq > $1 order by seq", [
        first?.seq,
      ]);
      return rows.map(({ id }) => id);
    },
    close: () => shop.close(),
  };
  return hooks;
}
