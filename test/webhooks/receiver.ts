import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** One call that came in. */
export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every type
  readonly body: any;
};

/** What a receiver answers: a status, or nothing at all (`hang` keeps the connection, `drop` cuts it). */
export type Mood =
  | number
  | "hang"
  | "drop"
  | { readonly status: number; readonly headers: object; readonly body?: string };

export type Receiver = {
  readonly url: string;
  /** Everything that came in, whatever was answered. */
  readonly calls: Received[];
  /** What was answered with 200. */
  readonly taken: Received[];
  mood: (call: Received) => Mood;
  close(): Promise<void>;
};

/** A server that webhooks are sent to. It takes everything unless its mood is another. */
export async function startReceiver(): Promise<Receiver> {
  const calls: Received[] = [];
  const taken: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const call = { headers: request.headers, text, body: JSON.parse(text) };
      calls.push(call);
      const mood = receiver.mood(call);
      if (mood === "hang") return;
      if (mood === "drop") return void request.socket.destroy();
      const { status, headers, body = "" } = typeof mood === "number" ? { status: mood, headers: {} } : mood;
      if (status === 200) taken.push(call);
      response.writeHead(status, headers as Record<string, string>).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    calls,
    taken,
    mood: () => 200,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
