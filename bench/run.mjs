import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { helpText, readOptions } from "./options.mjs";
import { writeResult } from "./report.mjs";
import { stopAll } from "./server.mjs";
import { ambiguousGateway } from "./targets/ambiguous-gateway.mjs";
import { floor } from "./targets/floor.mjs";
import { hot } from "./targets/hot.mjs";
import { journeys, storeJourneys } from "./targets/journeys.mjs";
import { kills } from "./targets/kills.mjs";
import { lastUnit } from "./targets/last-unit.mjs";
import { lines } from "./targets/lines.mjs";
import { money } from "./targets/money.mjs";
import { plainConcurrency } from "./targets/plain-concurrency.mjs";
import { repeats } from "./targets/repeats.mjs";
import { slowGateway } from "./targets/slow-gateway.mjs";
import { soak } from "./targets/soak.mjs";
import { start } from "./targets/start.mjs";
import { statements } from "./targets/statements.mjs";
import { voucher } from "./targets/voucher.mjs";
import { noWebhooks, webhookChaos } from "./targets/webhooks.mjs";

const targets = [
  floor,
  journeys,
  storeJourneys,
  hot,
  lastUnit,
  voucher,
  repeats,
  kills,
  ambiguousGateway,
  webhookChaos,
  noWebhooks,
  plainConcurrency,
  lines,
  statements,
  slowGateway,
  money,
  soak,
  start,
];
const resultsDirectory = fileURLToPath(new URL("results", import.meta.url));

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(helpText(targets));
  const unknown = options.only?.filter((name) => !targets.some((target) => target.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(", ")}; --help lists them`);
  if (!existsSync(new URL("../dist/cli/main.js", import.meta.url))) {
    throw new Error("There is no compiled engine: npm run build");
  }
  const chosen = targets.filter(({ name, isDefault }) => options.only?.includes(name) ?? isDefault);
  for (const target of chosen) {
    console.log(`\n${target.name}: ${target.title}\n`);
    const result = await target.run(options);
    const file = await writeResult(resultsDirectory, target.name, {
      target: target.name,
      options,
      ...result,
    });
    for (const problem of result.broken ?? []) console.log(`BROKEN: ${problem}`);
    if (result.broken?.length > 0) process.exitCode = 1;
    const { cores, cpu, node, postgres, database, flushMs, loadAverage } = result.machine;
    const disk = flushMs === undefined ? "" : `, a flush takes ${flushMs} ms`;
    console.log(
      `\n${cores} cores (${cpu}), Node ${node}, ${postgres} (${database}${disk}), load generator on the same ` +
        `machine, load average at the start ${loadAverage[0]}\n${file}`,
    );
  }
}

let interrupted = false;
process.on("SIGINT", () => {
  if (interrupted) process.exit(130);
  interrupted = true;
  stopAll().finally(() => process.exit(130));
});

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error && !process.env.DEBUG ? error.message : error);
  await stopAll();
}
