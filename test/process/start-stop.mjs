// Starts and stops an engine many times, with the program as it was built, and says what it still holds.
import { pino } from "pino";
import { readConfig } from "../../dist/config.js";
import { startEngine } from "../../dist/engine.js";

const times = Number(process.argv[2]);
const log = pino({ level: "warn" }, pino.destination({ dest: 2, sync: true }));
const config = readConfig({ PORT: "0", CARTWRIGHT_DRAIN_MS: "0", ...process.env });
for (let time = 0; time < times; time += 1) {
  const engine = await startEngine(config, { log });
  const answer = await fetch(`${engine.url}/health/ready`);
  if (answer.status !== 200) throw new Error(`It is not ready: ${answer.status}`);
  await answer.arrayBuffer();
  await engine.close();
}
// Nothing ends the process from here on: it ends when nothing is left to wait for.
console.log("done");
