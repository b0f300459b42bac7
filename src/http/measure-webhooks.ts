import type { Deps } from "../operations/deps.ts";
import { askedOnce } from "./asked-once.ts";
import type { Metrics } from "./metrics.ts";

/** How far behind webhooks are: a number that stays up wants a look at the endpoint's deliveries. */
export function measureWebhooks(metrics: Metrics, { storage, now }: Deps): void {
  const counts = askedOnce(async () =>
    Promise.all((await storage.stores.ids()).map((storeId) => storage.webhooks.counts(storeId))),
  );
  metrics.gauge(
    "cartwright_webhook_deliveries_pending",
    "Deliveries to webhooks that are to be made",
    async () => (await counts()).reduce((sum, { pending }) => sum + pending, 0),
  );
  metrics.gauge(
    "cartwright_webhook_deliveries_pending_seconds",
    "Age of the oldest event that a webhook is still to be told",
    async () => {
      const oldest = (await counts())
        .map((one) => one.oldest ?? "")
        .filter(Boolean)
        .sort()[0];
      return oldest === undefined ? 0 : (Date.parse(now()) - Date.parse(oldest)) / 1000;
    },
  );
  metrics.gauge(
    "cartwright_webhook_deliveries_failed",
    "Deliveries to webhooks that were given up and can be replayed",
    async () => (await counts()).reduce((sum, { failed }) => sum + failed, 0),
  );
}
