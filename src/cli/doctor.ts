import { Command } from "commander";
import { WARN_BEFORE_MS } from "../domain/order/authorization.ts";
import { UNANSWERED_TOLD_AFTER_MS } from "../domain/order/fulfilment.ts";
import { examineStore, type Finding } from "../operations/examine-store.ts";
import { listHeldPayments } from "../operations/held-payments.ts";
import type { FailingEndpoint } from "../operations/ports/webhooks.ts";
import { reconcilerContext } from "../worker/reconciler-context.ts";
import { report, storeIds, withCore } from "./with-core.ts";

/** What a webhook does not take for that long is told. */
const HOUR_MS = 3_600_000;

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description(
      "compare stock with its movements and with what orders hold; exit code 1 when something differs. " +
        "Says also which orders want a person, whether mail can be sent, and which webhooks do not take what they are " +
        "told",
    )
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("require", async (core) => {
      const { deps } = core;
      const findings: Finding[] = [];
      const endpoints: string[] = [];
      let paidCarts = 0;
      const longAgo = new Date(Date.parse(deps.now()) - HOUR_MS).toISOString();
      const attention = { backordered: 0, held: 0, expiring: 0, unanswered: 0 };
      const soon = new Date(Date.parse(deps.now()) + WARN_BEFORE_MS).toISOString();
      const asked = new Date(Date.parse(deps.now()) - UNANSWERED_TOLD_AFTER_MS).toISOString();
      const mail = { pending: 0, failed: 0, problem: await deps.mail.post?.mailer.check() };
      for (const storeId of await storeIds(core)) {
        const mails = await deps.storage.mails.count(storeId);
        mail.pending += mails.pending;
        mail.failed += mails.failed;
        findings.push(...(await examineStore(deps, storeId)));
        endpoints.push(...(await deps.storage.webhooks.failing(storeId, longAgo)).map(endpointInWords));
        const context = await reconcilerContext(deps, storeId);
        if (context) paidCarts += (await listHeldPayments(deps, context, { limit: 100, offset: 0 })).total;
        const counts = await deps.storage.orders.countAttention(storeId, soon, asked);
        for (const key of Object.keys(attention) as (keyof typeof attention)[]) attention[key] += counts[key];
      }
      const { backordered, held, expiring, unanswered } = attention;
      report(command, { findings, attention: { ...attention, paidCarts }, mail, webhooks: endpoints }, () =>
        [
          ...(findings.length === 0 ? ["Stock, movements and orders agree."] : findings.map(inWords)),
          ...(backordered > 0 ? [`${backordered} paid orders wait for their goods.`] : []),
          ...(held > 0 ? [`${held} paid orders lack their goods and wait for a person.`] : []),
          ...(paidCarts > 0
            ? [`${paidCarts} paid carts wait for a person: GET /cartwright/held-payments lists them.`]
            : []),
          ...(expiring > 0 ? [`${expiring} orders have an authorization that expires within a day.`] : []),
          ...(unanswered > 0
            ? [
                `${unanswered} orders have a fulfilment that its provider has not answered: repeat or cancel it.`,
              ]
            : []),
          ...(mail.problem !== undefined ? [`The mail server cannot be used: ${mail.problem}`] : []),
          ...(mail.pending > 0 ? [`${mail.pending} mails are to be sent.`] : []),
          ...(mail.failed > 0
            ? [`${mail.failed} mails were not sent: GET /cartwright/mail/messages?status=failed lists them.`]
            : []),
          ...endpoints,
        ].join("\n"),
      );
      if (findings.length > 0) process.exitCode = 1;
    });
  });
}

function endpointInWords({ endpoint, since, pending, failed }: FailingEndpoint): string {
  const waits = since === undefined ? [] : [`has been told ${pending} events in vain since ${since}`];
  const lost = failed === 0 ? [] : [`did not take ${failed} events, which can be replayed`];
  return `The webhook ${endpoint.url} (${endpoint.id}) ${[...waits, ...lost].join(", and ")}.`;
}

function inWords({ productId, location, problem }: Finding): string {
  return `${productId}${location && ` at ${location}`}: ${problem}`;
}
