import { parseArgs } from "node:util";

const options = {
  only: { type: "string" },
  seconds: { type: "string", default: "10" },
  warmup: { type: "string", default: "20" },
  rounds: { type: "string", default: "1" },
  clients: { type: "string", default: "1,8,32" },
  processes: { type: "string", default: "1" },
  seeds: { type: "string", default: "3" },
  carts: { type: "string", default: "40" },
  orders: { type: "string", default: "2000" },
  priced: { type: "string", default: "100000" },
  heap: { type: "string", default: "256" },
  idle: { type: "string", default: "0" },
  starts: { type: "string", default: "3" },
  kills: { type: "string", default: "30" },
  operations: { type: "string", default: "1000" },
  events: { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  full: { type: "boolean", default: false },
  profile: { type: "boolean", default: false },
  "data-dir": { type: "string" },
  keep: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

/** What each reliability bar asks for; the defaults are the same load made small. */
const full = {
  seeds: "50",
  carts: "200",
  orders: "100000",
  priced: "1000000",
  processes: "1,2",
  kills: "500",
  operations: "10000",
  events: "10000",
};

/** Reads the command line. Throws a sentence for a person. */
export function readOptions(argv) {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.full) {
    const given = new Set(
      parseArgs({ args: argv, options, allowPositionals: true, tokens: true }).tokens.map(({ name }) => name),
    );
    for (const [name, value] of Object.entries(full)) if (!given.has(name)) values[name] = value;
  }
  const named = [...positionals, values.only ?? ""]
    .flatMap((names) => names.split(","))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  return {
    only: named.length > 0 ? named : undefined,
    seconds: positive("seconds", values.seconds),
    warmupSeconds: positive("warmup", values.warmup),
    rounds: whole("rounds", values.rounds),
    clients: list("clients", values.clients),
    processes: list("processes", values.processes),
    seeds: whole("seeds", values.seeds),
    carts: whole("carts", values.carts),
    orders: whole("orders", values.orders),
    priced: whole("priced", values.priced),
    heapMb: whole("heap", values.heap),
    idleMinutes: positive("idle", values.idle, 0),
    starts: whole("starts", values.starts),
    kills: whole("kills", values.kills),
    operations: whole("operations", values.operations),
    events: whole("events", values.events),
    seed: whole("seed", values.seed),
    profile: values.profile,
    dataDirectory: values["data-dir"],
    keep: values.keep,
    help: values.help,
  };
}

const list = (name, text) => text.split(",").map((part) => whole(name, part.trim()));

function whole(name, text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`--${name} takes whole numbers from 1, but it was given "${text}"`);
}

function positive(name, text, least = 0.1) {
  const value = Number(text);
  if (text.trim() !== "" && value >= least) return value;
  throw new Error(`--${name} takes a number, but it was given "${text}"`);
}

/** What `--help` prints. */
export function helpText(targets) {
  const width = Math.max(...targets.map(({ name }) => name.length));
  return `npm run bench -- [target ...] [options]

Measures a running engine from outside: it is started as \`npm start\` starts it, on an embedded PostgreSQL in a
directory of its own, or on DATABASE_URL (give it a database that holds nothing you need).

Targets (several, with spaces, or after --only with commas; without any those that are marked * run):
${targets.map(({ name, title, isDefault }) => `  ${name.padEnd(width)} ${isDefault ? "*" : " "} ${title}`).join("\n")}

Options:
  --only a,b        targets to run
  --seconds n       seconds of each measurement (10)
  --warmup n        seconds before the first one that are not counted (20)
  --rounds n        how often each load is measured; the medians are shown (1)
  --clients a,b     how many buyers at once (1,8,32)
  --processes a,b   engines on one database (1); r1, r4 and r6 run once for each number
  --seeds n         r1, r2: rounds, each with the buyers in another order (3)
  --carts n         r4: carts (40)
  --orders n        r16: orders (2000)
  --priced n        r14: random carts that are priced and checked (100000)
  --heap n          r16: megabytes of heap that the engine may have (256)
  --idle n          r16: minutes of rest afterwards, in which memory is watched (0)
  --starts n        r17: starts of each kind (3)
  --kills n         r5: how often the engine is killed (30)
  --operations n    r6: payments, captures, refunds and releases that are asked for (1000)
  --events n        r7, r8: things that happen at the gateway (1000)
  --seed n          r5 to r8: what chance begins with (1)
  --full            the loads that the bars name: 50 seeds, 200 carts, 100,000 orders, a million priced carts, 500 kills,
                    10,000 operations, 10,000 events, 1 and 2 processes
  --profile         writes a CPU profile of the engine and the statements that cost most, and prints both
  --data-dir path   where the embedded database is kept while it is measured (bench/results/data)
  --keep            leaves that directory behind
  --help            this text

Every target prints a table and writes bench/results/<date>-<target>.json. The exit code is 1 when r1, r2, r4 to r8, r10, r13 or r14 find an
invariant broken, or when a request of a load was refused; no figure is judged.
`;
}
