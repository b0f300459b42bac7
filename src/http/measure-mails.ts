import type { Deps } from "../operations/deps.ts";
import type { Metrics } from "./metrics.ts";

/** Mails that wait, and those that were given up; nothing where no mail is sent. */
export function measureMails(metrics: Metrics, { storage, mail, now }: Deps): void {
  if (!mail.post) return;
  const counts = async () =>
    Promise.all((await storage.stores.ids()).map((storeId) => storage.mails.count(storeId)));
  metrics.gauge("cartwright_mails_pending", "Mails that are to be sent", async () =>
    (await counts()).reduce((sum, { pending }) => sum + pending, 0),
  );
  metrics.gauge("cartwright_mails_pending_seconds", "Age of the oldest mail that is to be sent", async () => {
    const oldest = (await counts()).flatMap(({ oldestPending }) => oldestPending ?? []).sort()[0];
    return oldest === undefined ? 0 : Math.max(0, (Date.parse(now()) - Date.parse(oldest)) / 1000);
  });
  metrics.gauge("cartwright_mails_failed", "Mails of the last 90 days that were not sent", async () =>
    (await counts()).reduce((sum, { failed }) => sum + failed, 0),
  );
}
