import { ascending, median, percentile, randomFrom, rounded } from "./figures.mjs";
import { Connection } from "./http.mjs";
import { elasticPathJourney } from "./journey.mjs";
import { cpuSecondsOf, memoryOf } from "./process-figures.mjs";

/**
 * Buyers who make one journey after the other for so many seconds, or until there are `limit` of them. Each has a
 * connection, to the engines in turn. `pick(random)` answers the two products of a journey; `kind` is what a journey is.
 */
export async function runLoad(load) {
  const {
    engines,
    shop,
    database,
    clients,
    seconds,
    limit = Infinity,
    pick,
    keyed = false,
    onJourney,
    kind = elasticPathJourney,
  } = load;
  const { steps } = kind;
  let started = 0;
  const times = steps.map(() => []);
  const wholes = [];
  const before = cpuNow(engines, database);
  const began = performance.now();
  const end = began + seconds * 1000;
  let failed = false;
  const buyer = async (index) => {
    const connection = new Connection(engines[index % engines.length].url);
    const random = randomFrom(index + 1);
    const note = (step, ms) => times[step].push(ms);
    try {
      while (!failed && started < limit && performance.now() < end) {
        started += 1;
        const start = performance.now();
        await kind.run(connection, shop, pick(random), note, keyed);
        wholes.push(performance.now() - start);
        onJourney?.(wholes.length);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await connection.close();
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => buyer(index)));
  const elapsed = (performance.now() - began) / 1000;
  const used = cpuSince(before, cpuNow(engines, database), elapsed);
  return {
    clients,
    journeys: wholes.length,
    journeysPerSecond: rounded(wholes.length / elapsed, 1),
    requestsPerSecond: rounded((wholes.length * steps.length) / elapsed),
    journeyMs: spread(wholes),
    stepMs: Object.fromEntries(steps.map((step, index) => [step, spread(times[index])])),
    anyStepMs: spread(times.flat()),
    /** Cores: 1 is one core all the time. */
    cores: used,
    /** Milliseconds of CPU for one journey: the figure that other work on the machine disturbs least. */
    cpuMsPerJourney: Object.fromEntries(
      Object.entries(used).map(([who, cores]) => [
        who,
        cores === undefined ? undefined : rounded((cores * elapsed * 1000) / wholes.length, 2),
      ]),
    ),
    engineMemoryMb: engines.map((engine) => {
      const memory = memoryOf(engine.pid);
      return memory && { now: rounded(memory.now, 1), peak: memory.peak && rounded(memory.peak, 1) };
    }),
  };
}

/** Median and 99th percentile, in milliseconds. */
export function spread(times) {
  const sorted = ascending(times);
  return { p50: rounded(percentile(sorted, 0.5), 2), p99: rounded(percentile(sorted, 0.99), 2) };
}

/** The median of each figure of several rounds of one load. */
export function medianOfRounds(rounds) {
  const merge = (values) => {
    const [first] = values;
    if (typeof first === "number") return rounded(median(values), 2);
    if (first === null || typeof first !== "object") return first;
    if (Array.isArray(first)) return first.map((_, index) => merge(values.map((value) => value[index])));
    return Object.fromEntries(
      Object.keys(first).map((key) => [key, merge(values.map((value) => value[key]))]),
    );
  };
  return merge(rounds);
}

function cpuNow(engines, database) {
  const { user, system } = process.cpuUsage();
  return {
    engines: engines.map((engine) => cpuSecondsOf(engine.pid)),
    database: database?.serverPid && cpuSecondsOf(database.serverPid, { children: true }),
    loadGenerator: (user + system) / 1e6,
  };
}

function cpuSince(before, after, elapsed) {
  const share = (from, to) =>
    from === undefined || to === undefined ? undefined : rounded((to - from) / elapsed, 3);
  return {
    engine: before.engines.reduce((sum, from, index) => {
      const one = share(from, after.engines[index]);
      return sum === undefined || one === undefined ? undefined : rounded(sum + one, 3);
    }, 0),
    database: share(before.database, after.database),
    loadGenerator: share(before.loadGenerator, after.loadGenerator),
  };
}
