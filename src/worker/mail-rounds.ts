import { collectMails } from "../operations/collect-mails.ts";
import type { Deps } from "../operations/deps.ts";
import { sendMails } from "../operations/send-mails.ts";
import type { WorkerLog } from "./gateway-rounds.ts";
import { createRounds } from "./rounds.ts";

/** Stores that send at the same time. */
const STORES_AT_ONCE = 4;
/** The pause after the mail server could not be used, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** How long a stopping engine lets mails that are on their way arrive, in milliseconds. */
const GRACE_MS = 2_000;

export type MailRounds = {
  /** Begins what is due for a store, and waits for none of it. */
  begin(storeId: string): void;
  /** Ends what is being sent after a moment; it is tried again by whoever runs next. */
  stop(): Promise<void>;
};

/** Reads what happened and sends the mails that it leads to, each store beside the others. Nothing without a mail server. */
export function mailRounds(
  deps: Deps,
  log: WorkerLog,
  isStopping: () => boolean,
  onError: (error: unknown, fields: object) => void,
): MailRounds {
  const cut = new AbortController();
  let failures = 0;
  let pausedUntil = 0;
  const sendDue = async (storeId: string): Promise<void> => {
    if (Date.parse(deps.now()) < pausedUntil) return;
    const store = await deps.storage.stores.config(storeId);
    if (!store) return;
    const { serverProblem } = await sendMails(deps, store, {
      signal: cut.signal,
      isOver: isStopping,
      onFailure: (fields) => log.warn({ storeId, ...fields }, "a mail was not sent"),
    });
    if (serverProblem === undefined) {
      failures = 0;
      return;
    }
    pausedUntil = Date.parse(deps.now()) + Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    failures += 1;
    log.warn({ reason: serverProblem }, "the mail server cannot be used; mails wait");
  };
  const rounds = createRounds(async (round) => {
    try {
      while (!isStopping() && (await collectMails(deps, round.storeId)));
      if (!isStopping()) await sendDue(round.storeId);
    } catch (error) {
      onError(error, round);
    }
  }, STORES_AT_ONCE);
  return {
    begin(storeId) {
      if (deps.mail.post) rounds.want({ job: "mails", storeId, gateway: "" });
    },
    async stop() {
      const timer = setTimeout(() => cut.abort(), GRACE_MS);
      await rounds.idle();
      clearTimeout(timer);
    },
  };
}
