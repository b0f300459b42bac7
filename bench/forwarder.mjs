import { once } from "node:events";
import { request as ask, createServer } from "node:http";

/**
 * Something that stands between two who speak HTTP, passes everything on, and tells of every request when it has come
 * (`asked`), when its answer is here and was not passed on yet (`done`), and when it has been passed on (`told`).
 * @param target answers where requests go, `http://127.0.0.1:12111`
 * @param watch is told `(moment, "POST /v1/refunds")`; when it answers true, the request or the answer is dropped
 */
export async function startForwarder(target, watch) {
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    const what = `${request.method} ${request.url.split("?", 1)[0]}`;
    if (watch("asked", what)) return response.destroy();
    const { hostname, port } = new URL(target());
    const { method, url, headers } = request;
    const forwarded = ask({ hostname, port, method, path: url, headers, agent: false }, async (answer) => {
      const chunks = await answer.toArray().catch(() => undefined);
      if (!chunks || watch("done", what)) return response.destroy();
      response.writeHead(answer.statusCode, answer.headers);
      response.end(Buffer.concat(chunks), () => watch("told", what));
    });
    forwarded.once("error", () => response.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    underWay: () => underWay,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
