import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createDoor, type Server as Door, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Longer than the 60 s that proxies keep an unused connection: they should close it, and not we while they send. */
const KEEP_ALIVE_MS = 72_000;
/** For so many milliseconds a stopping server with clients still takes connections, so that probes see what it does. */
const LEAST_DRAIN_MS = 300;
/** For so many milliseconds nobody must have come before the port is closed, … */
const QUIET_MS = 15;
/** … unless somebody has come all the time, in so many looks. */
const QUIET_LOOKS = 20;
/**
 * How long requests under way may go on, in milliseconds: longer than a question to a gateway takes, and short enough
 * for the 30 seconds after which most supervisors kill.
 */
const FINISH_WITHIN_MS = 25_000;

/** The address cannot be listened on. The message says why and what to do; show it as it is. */
export class ListenError extends Error {}

/** A port that is open from the first moment, and answers for the engine while it is not there yet. */
export type Listener = {
  readonly server: Server;
  /** Where it listens, as a client on this machine writes it: `http://127.0.0.1:9000`. */
  readonly url: string;
  /** Requests are handled from now on; those that came earlier are handled first. */
  serve(handle: RequestListener): void;
  /**
   * Answers all requests under way, tells clients to leave their connections, and closes.
   * @param leaveWithinMs a connection that was used so shortly ago is in use, and its client is given that time to ask
   *   once more and be told: who asks in the moment in which a connection is closed gets no answer
   * @param finishWithinMs after which requests are cut off
   * @returns how many were
   */
  drain(leaveWithinMs: number, finishWithinMs?: number): Promise<number>;
  /** Closes at once. */
  destroy(): Promise<void>;
};

/**
 * Opens a port. `/health/live` is answered at once and `/health/ready` with 503; all other requests wait for `serve`.
 * @param host `localhost` is both addresses that it can stand for, since clients differ in which they ask: Node before 20
 *   asks the first only, on most machines `::1`
 * @throws ListenError
 */
export async function listen(port: number, host: string): Promise<Listener> {
  /** When a connection was used last; undefined while it is. */
  const sockets = new Map<Socket, number | undefined>();
  const active = new Set<ServerResponse>();
  let waiting: Parameters<RequestListener>[] = [];
  const wait: RequestListener = (request, response) => void waiting.push([request, response]);
  let handle: RequestListener = (request, response) => {
    if (!answerHealth(request.url, response)) wait(request, response);
  };
  let accepted = 0;
  let draining = false;
  let closing = false;

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const { socket } = request;
    active.add(response);
    sockets.set(socket, undefined);
    response.once("close", () => {
      active.delete(response);
      if (sockets.has(socket)) sockets.set(socket, performance.now());
      if (closing) server.closeIdleConnections();
    });
    if (draining) response.setHeader("connection", "close");
    handle(request, response);
  });
  server.on("connection", (socket) => {
    accepted += 1;
    sockets.set(socket, performance.now());
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port, host)));
    server.listen({ port, host: host === "localhost" ? "127.0.0.1" : host }, resolve);
  });
  const { port: opened } = server.address() as AddressInfo;
  const sideDoor = host === "localhost" ? await openSideDoor(server, port, opened) : undefined;
  // That one connection could not be accepted, when the system has no more files for us, must not end the process.
  server.on("error", () => undefined);

  const doors: readonly Door[] = sideDoor ? [server, sideDoor] : [server];
  const closed = Promise.all(
    doors.map((door) => new Promise<void>((resolve) => door.once("close", resolve))),
  );
  const closeDoors = (): void => {
    for (const door of doors) door.close();
  };
  const serve = (next: RequestListener): void => {
    handle = next;
    const requests = waiting;
    waiting = [];
    for (const [request, response] of requests) {
      // Whoever has given up may have asked somebody else by now.
      if (!request.destroyed) next(request, response);
    }
  };
  /**
   * Resolves when none of the connections that are there now is in use any more, but for those whose request is still
   * being answered. Those that come from now on are closed with their first answer.
   */
  const clientsLeave = async (withinMs: number): Promise<void> => {
    const began = performance.now();
    const present = [...sockets.keys()];
    const least = present.length > 0 ? Math.min(LEAST_DRAIN_MS, withinMs) : 0;
    const isInUse = (socket: Socket): boolean => {
      const usedAt = sockets.get(socket);
      const patience = socket.bytesRead === 0 ? least : withinMs;
      return usedAt !== undefined && performance.now() - usedAt < patience;
    };
    while (performance.now() - began < least || present.some(isInUse)) await pause(10);
  };
  /**
   * Takes no more connections, and loses none: the system resets those that were made and not accepted yet. While
   * requests wait, their clients make no new ones and we are quick to accept, so the door closes when nobody is at it.
   */
  const closeDoor = async (): Promise<void> => {
    const resumed = handle;
    handle = wait;
    for (let look = 0; look < QUIET_LOOKS; look += 1) {
      const before = accepted;
      await pause(QUIET_MS);
      // Timers come before the sockets of a turn, and this after them.
      await new Promise((resolve) => setImmediate(resolve));
      if (accepted === before) break;
    }
    closeDoors();
    serve(resumed);
  };

  return {
    server,
    url: urlOf(server.address() as AddressInfo),
    serve,
    async drain(leaveWithinMs, finishWithinMs = FINISH_WITHIN_MS) {
      draining = true;
      for (const response of active) if (!response.headersSent) response.setHeader("connection", "close");
      await clientsLeave(leaveWithinMs);
      closing = true;
      await closeDoor();
      let cutOff = 0;
      const limit = setTimeout(() => {
        cutOff = active.size;
        server.closeAllConnections();
      }, finishWithinMs);
      // Node never closes a connection over which nothing came, such as browsers open to be quick later. On a new one a
      // request may be on its way.
      const unused = setTimeout(() => {
        for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy();
      }, LEAST_DRAIN_MS);
      await closed;
      clearTimeout(limit);
      clearTimeout(unused);
      return cutOff;
    },
    async destroy() {
      closeDoors();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Lets clients of `::1` in, too; undefined where the machine has no such address.
 * @param wanted 0 when any port will do: then one that is in use at `::1` is no reason not to be there at all
 * @throws ListenError when somebody else is there, whom clients would take for us
 */
async function openSideDoor(server: Server, wanted: number, port: number): Promise<Door | undefined> {
  // As Node makes the door of an HTTP server.
  const door = createDoor({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit("connection", socket),
  );
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    door.once("error", resolve);
    door.listen({ port, host: "::1" }, () => resolve(undefined));
  });
  door.on("error", () => undefined);
  if (!error) return door;
  if (error.code !== "EADDRINUSE" || wanted === 0) return undefined;
  server.close();
  throw explain(error, port, "localhost");
}

function answerHealth(url: string | undefined, response: ServerResponse): boolean {
  const path = url?.split("?")[0];
  if (path !== "/health/live" && path !== "/health/ready") return false;
  const live = path === "/health/live";
  response.writeHead(live ? 200 : 503, {
    "content-type": "application/json; charset=utf-8",
    ...(!live && { "retry-after": "1" }),
  });
  response.end(JSON.stringify({ status: live ? "ok" : "unavailable" }));
  return true;
}

function urlOf({ address, family, port }: AddressInfo): string {
  // "Every address" is none that a client can ask for everywhere.
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (address === "::") return `http://[::1]:${port}`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new ListenError(
        `Port ${port} of ${host} is in use, perhaps by another Cartwright. Stop what listens there, or set PORT to ` +
          "another port (0 picks a free one).",
      );
    case "EACCES":
      return new ListenError(
        `Port ${port} may not be used by this user. Set PORT to one above 1023, with a reverse proxy in front.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return new ListenError(
        `HOST is ${host}, which is no address of this machine. Set it to 127.0.0.1 for this machine alone, or to ` +
          "0.0.0.0 for all networks it is in.",
      );
    default:
      return new ListenError(`Cannot listen on port ${port} of ${host}: ${error.message}`);
  }
}
