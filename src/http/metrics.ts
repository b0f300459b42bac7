import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the engine tells Prometheus about itself. */
export type Metrics = {
  /** For one route: called when a request begins, the answer when it is answered, with its status. */
  ofRoute(dialect: string, method: string, path: string): () => (status: number) => void;
  /** Registers a number that is read when somebody asks; what cannot be read is told as no number (NaN). */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  render(): Promise<{ type: string; text: string }>;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "cartwright_" });
  const requests = new Counter({
    name: "cartwright_http_requests_total",
    help: "Requests answered, by route and status",
    labelNames: ["dialect", "method", "path", "status"] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: "cartwright_http_request_seconds",
    help: "Time from a request's arrival to its answer, by route",
    labelNames: ["dialect", "method", "path"] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  return {
    ofRoute(dialect, method, path) {
      const labels = { dialect, method, path };
      const observed = duration.labels(labels);
      // Resolving labels costs more than counting, so each status is resolved once.
      const counters = new Map<number, { inc(): void }>();
      return () => {
        const start = performance.now();
        return (status) => {
          let counter = counters.get(status);
          if (!counter) {
            counter = requests.labels({ ...labels, status: String(status) });
            counters.set(status, counter);
          }
          counter.inc();
          observed.observe((performance.now() - start) / 1000);
        };
      };
    },
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: async () => {
          try {
            gauge.set(await read());
          } catch {
            gauge.set(Number.NaN);
          }
        },
      });
    },
    async render() {
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
