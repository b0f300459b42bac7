import { Command } from "commander";
import { readConfig } from "../config.ts";
import { type Engine, startEngine } from "../engine.ts";
import { createLog } from "./log.ts";

export function startCommand(): Command {
  return new Command("start")
    .description("run the engine; without DATABASE_URL on an embedded PostgreSQL, at first with a demo store")
    .action(async () => {
      const config = readConfig(process.env);
      const log = createLog(config.logLevel);
      const engine = await startEngine(config, { log });
      console.log(welcome(engine));
      let stopping = false;
      const stop = (signal: NodeJS.Signals): void => {
        if (stopping) return;
        stopping = true;
        log.info({ signal }, "stopping");
        engine.close().then(
          () => {
            log.info({}, "stopped");
            log.flush();
            process.exit(0);
          },
          (error: Error) => {
            log.fatal({ err: error }, "could not stop cleanly");
            log.flush();
            process.exit(1);
          },
        );
      };
      process.on("SIGINT", stop);
      process.on("SIGTERM", stop);
      log.info({ url: engine.url, storeId: engine.storeId }, "ready");
    });
}

function welcome({ url, clientId, newClientSecret }: Engine): string {
  const secret =
    newClientSecret ?? "(shown at the first start; make a new pair with: npx cartwright keys --new)";
  return `
Cartwright listens on ${url}

  client id      ${clientId}
  client secret  ${secret}
  reference      ${url}/docs

Try it:

  TOKEN=$(curl -s ${url}/oauth/access_token -d grant_type=implicit -d client_id=${clientId} \\
    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/v2/products -H "Authorization: Bearer $TOKEN"
`;
}
