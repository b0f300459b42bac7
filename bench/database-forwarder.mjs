import { once } from "node:events";
import { connect, createServer } from "node:net";

/** The type byte of the message that runs a statement by its name (Bind). */
const BIND = 0x42;
const HEADER_BYTES = 5;

/**
 * Something that stands between engines and their PostgreSQL, passes everything on, and tells of every named statement
 * when it has been sent (`asked`), and when its first answer is here and was not passed on yet (`done`).
 * @param server what `net.connect` takes
 * @param watch is told `(moment, "order_insert")`; when it answers true, the statement or the answer is dropped
 */
export async function startDatabaseForwarder(server, watch) {
  const listener = createServer((engine) => {
    const database = connect(server);
    const running = [];
    const statements = statementReader((name) => {
      if (watch("asked", name)) return false;
      running.push(name);
      return true;
    });
    const end = () => {
      engine.destroy();
      database.destroy();
    };
    engine.on("data", (bytes) => {
      if (statements(bytes)) database.write(bytes);
      else end();
    });
    database.on("data", (bytes) => {
      const told = running.splice(0);
      if (told.some((name) => watch("done", name))) end();
      else engine.write(bytes);
    });
    for (const socket of [engine, database]) {
      socket.on("error", end);
      socket.on("close", end);
      socket.setNoDelay(true);
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: listener.address().port,
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}

/**
 * Follows the messages of a frontend (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 * `onStatement` is told the name of each statement that is bound; when it answers false, so does the reader.
 */
function statementReader(onStatement) {
  let rest = Buffer.alloc(0);
  let started = false;
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (;;) {
      // The first message has no type.
      const header = started ? HEADER_BYTES : HEADER_BYTES - 1;
      if (rest.length < header) return true;
      const length = rest.readUInt32BE(header - 4) + header - 4;
      if (rest.length < length) return true;
      if (started && rest[0] === BIND) {
        const portalEnd = rest.indexOf(0, header);
        const name = rest.toString("utf8", portalEnd + 1, rest.indexOf(0, portalEnd + 1));
        if (!onStatement(name)) return false;
      }
      started = true;
      rest = rest.subarray(length);
    }
  };
}
