import { Agent, get } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ListenError, type Listener, listen } from "./listener.ts";

const open: Listener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.destroy();
});

async function listenHere(host = "127.0.0.1"): Promise<Listener> {
  const listener = await listen(0, host);
  open.push(listener);
  return listener;
}

/** Asks over the agent's connection; answers the body and what becomes of the connection. */
function ask(url: string, agent: Agent): Promise<[text: string, connection: string | undefined]> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("end", () => resolve([text, response.headers.connection]));
    }).once("error", reject);
  });
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("requests that came before the engine are served when it is there, unless their clients have gone", async () => {
  const listener = await listenHere();
  const patient = fetch(`${listener.url}/patient`);
  const giveUp = new AbortController();
  const impatient = fetch(`${listener.url}/impatient`, { signal: giveUp.signal });
  expect((await fetch(`${listener.url}/health/live?probe`)).status).toBe(200);
  const ready = await fetch(`${listener.url}/health/ready`);
  expect([ready.status, ready.headers.get("retry-after"), await ready.json()]).toEqual([
    503,
    "1",
    { status: "unavailable" },
  ]);
  giveUp.abort();
  await expect(impatient).rejects.toThrow("aborted");
  await turns(20);
  const served: (string | undefined)[] = [];
  listener.serve((request, response) => {
    served.push(request.url);
    response.end("here");
  });
  expect(await (await patient).text()).toBe("here");
  expect(served).toEqual(["/patient"]);
});

test("a request that does not come to an end is cut off, and told of", async () => {
  const listener = await listenHere();
  listener.serve((request, response) => {
    if (request.url === "/quick") response.end("done");
  });
  const hung = fetch(`${listener.url}/hung`);
  const failed = expect(hung).rejects.toThrow("fetch failed");
  expect(await (await fetch(`${listener.url}/quick`)).text()).toBe("done");
  expect(await listener.drain(0, 100)).toBe(1);
  await failed;
});

test("clients that use their connection are told to leave it before it is closed, and others are not waited for", async () => {
  const listener = await listenHere();
  listener.serve((_request, response) => response.end("here"));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await ask(listener.url, agent)).toEqual(["here", "keep-alive"]);
  let drained = false;
  const draining = listener.drain(20_000).then(() => {
    drained = true;
  });
  expect(await ask(listener.url, agent)).toEqual(["here", "close"]);
  expect(drained).toBe(false);
  // It does not take the 20 seconds: nobody has a connection any more.
  await draining;
});

test("clients that come all the time, over new connections, do not keep it from closing", async () => {
  const listener = await listenHere();
  listener.serve((_request, response) => response.end("here"));
  expect(await ask(listener.url, new Agent({ keepAlive: false }))).toEqual(["here", "close"]);
  let asked = 0;
  const knock = async (): Promise<void> => {
    const answer = await ask(listener.url, new Agent({ keepAlive: false })).catch(() => undefined);
    if (answer) {
      asked += 1;
      await knock();
    }
  };
  const knocking = [knock(), knock(), knock()];
  while (asked < 5) await turns(1);
  expect(await listener.drain(20_000)).toBe(0);
  await Promise.all(knocking);
});

test("a connection that never says anything does not keep it from closing", async () => {
  const listener = await listenHere();
  const socket = connect(Number(new URL(listener.url).port), "127.0.0.1");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("connect", resolve));
  expect(await listener.drain(1000)).toBe(0);
  await closed;
});

test("listening everywhere is named by an address that one can ask", async () => {
  const listener = await listenHere("0.0.0.0");
  expect(listener.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${listener.url}/health/live`)).status).toBe(200);
});

/** A server at `::1`; undefined where the machine has no such address. */
async function atSix(port = 0): Promise<Server | undefined> {
  const server = createServer();
  const opened = await new Promise((resolve) => {
    server.once("error", () => resolve(false)).listen({ port, host: "::1" }, () => resolve(true));
  });
  return opened ? server : undefined;
}

test("localhost is both of its addresses, until it closes", async () => {
  const probe = await atSix();
  probe?.close();
  const listener = await listenHere("localhost");
  expect(listener.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const six = listener.url.replace("127.0.0.1", "[::1]");
  const live = (url: string) =>
    fetch(`${url}/health/live`)
      .then(({ status }) => status)
      .catch(() => 0);
  expect([await live(listener.url), await live(six)]).toEqual([200, probe ? 200 : 0]);

  const waiting = fetch(`${six}/slow`)
    .then((response) => response.text())
    .catch(() => "gone");
  listener.serve((_request, response) => setImmediate(() => response.end("done")));
  expect(await waiting).toBe(probe ? "done" : "gone");
  expect(await listener.drain(0)).toBe(0);
  expect([await live(listener.url), await live(six)]).toEqual([0, 0]);
});

test("localhost is refused where another one answers at one of its addresses", async () => {
  const other = await atSix();
  if (other) {
    const { port } = other.address() as AddressInfo;
    await expect(listen(port, "localhost")).rejects.toThrow(`Port ${port} of localhost is in use`);
    const free = await listen(port, "127.0.0.1");
    await free.destroy();
    other.close();
  }
  const { url } = await listenHere("localhost");
  await expect(listen(Number(new URL(url).port), "localhost")).rejects.toBeInstanceOf(ListenError);
});

test("a port in use and a wrong host are said in sentences", async () => {
  const { url } = await listenHere();
  const port = Number(new URL(url).port);
  const twice = listen(port, "127.0.0.1");
  await expect(twice).rejects.toBeInstanceOf(ListenError);
  await expect(twice).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
  await expect(listen(0, "192.0.2.1")).rejects.toThrow("no address of this machine");
  await expect(listen(0, "nowhere.invalid")).rejects.toThrow("no address of this machine");
});
