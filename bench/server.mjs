import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Connection } from "./http.mjs";

const program = fileURLToPath(new URL("../bin/cartwright.js", import.meta.url));

/** The key pair that benches work with. */
export const credentials = {
  clientId: "bench",
  clientSecret: "bench-secret",
  adminEmail: "bench@example.com",
  adminPassword: "bench-password",
};

/** Where a bench lives: the directory of its database and its logs, and what engines are started with. */
export async function newPlace(options, name) {
  const root = path.resolve(options.dataDirectory ?? fileURLToPath(new URL("results/data", import.meta.url)));
  const directory = path.join(root, `${name}-${process.pid}-${Date.now()}`);
  await mkdir(directory, { recursive: true });
  return {
    directory,
    /** DATABASE_URL, where there is one. */
    databaseUrl: process.env.DATABASE_URL || undefined,
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      CARTWRIGHT_DATA_DIR: path.join(directory, "data"),
      CARTWRIGHT_CLIENT_ID: credentials.clientId,
      CARTWRIGHT_CLIENT_SECRET: credentials.clientSecret,
      CARTWRIGHT_ADMIN_EMAIL: credentials.adminEmail,
      CARTWRIGHT_ADMIN_PASSWORD: credentials.adminPassword,
      CARTWRIGHT_SECRET: "what the engines of a bench sign tokens with",
      LOG_LEVEL: "info",
    },
    async remove() {
      if (!options.keep) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts an engine and waits until it says that it is ready. `nodeFlags` go to node; `readyMs` of the answer is the
 * time from the start of the process to the first 200 of /health/ready, looked at every few milliseconds.
 */
export async function startServer(place, how = {}) {
  const began = performance.now();
  const server = await launchServer(place, how);
  const connection = new Connection(server.url);
  try {
    for (;;) {
      if (server.exit !== undefined) {
        throw new Error(`The engine ended at its start (${server.exit}); see ${server.logFile}`);
      }
      const answer = await connection.send("GET", "/health/ready", []).catch(() => undefined);
      if (answer?.status === 200) break;
      await pause(3);
    }
  } finally {
    await connection.close();
  }
  return Object.assign(server, { readyMs: performance.now() - began });
}

/** Starts an engine and does not wait for anything. Without `port` it gets one of its own. */
export async function launchServer(place, { env = {}, nodeFlags = [], name = "engine", ...how } = {}) {
  const port = how.port ?? (await freePort());
  const logFile = path.join(place.directory, `${name}.log`);
  const log = createWriteStream(logFile, { flags: "a" });
  const child = spawn(process.execPath, [...nodeFlags, program, "start"], {
    env: { ...process.env, ...place.env, PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const server = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    logFile,
    exit: undefined,
    /** Ends it as a service manager does, or with another signal, and waits until it is gone. */
    async stop(signal = "SIGTERM") {
      if (server.exit === undefined) child.kill(signal);
      await ended;
      return server.exit;
    },
  };
  const ended = once(child, "close").then(([code, signal]) => {
    server.exit = signal ?? code;
    running.delete(server);
    log.end();
  });
  running.add(server);
  return server;
}

const running = new Set();

/** Ends every engine that still runs, for a bench that was broken off. */
export async function stopAll() {
  await Promise.all([...running].map((server) => server.stop()));
}

/** Statements that an engine has sent to its database so far, by its own count. */
export async function statementCount(connection) {
  const read = async () => {
    const answer = await connection.send("GET", "/metrics", []);
    const match = /^cartwright_database_statements_total (\d+)/m.exec(answer.text);
    if (!match) throw new Error("/metrics does not say how many statements were sent");
    return Number(match[1]);
  };
  // Asking takes statements, too: how many, two questions in a row tell.
  let known = questions.get(connection);
  if (!known) {
    const first = await read();
    known = { each: (await read()) - first, asked: 0 };
    questions.set(connection, known);
  }
  known.asked += 1;
  return (await read()) - known.asked * known.each;
}

const questions = new WeakMap();
