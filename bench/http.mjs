import "./own-fetch.mjs";
import { Client } from "undici";

/** One answer: its status and its body as bytes, parsed only where somebody looks. */
export class Answer {
  constructor(status, chunks, closes) {
    this.status = status;
    /** The server has said that it closes this connection. */
    this.closes = closes;
    this.chunks = chunks;
  }

  get bytes() {
    return this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
  }

  get text() {
    return this.bytes.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  /**
   * The first `id` of the body, which is that of the resource itself, without parsing the rest: the load generator
   * shares its cores with the engine.
   */
  get id() {
    const { bytes } = this;
    const at = bytes.indexOf('"id":"');
    if (at < 0) throw new Error(`There is no id in ${this.text.slice(0, 200)}`);
    return bytes.latin1Slice(at + 6, bytes.indexOf(34, at + 6));
  }
}

// undici's older form of a handler: the newer one builds objects of all headers, which nobody here reads.
class Collector {
  constructor(resolve, reject) {
    this.resolve = resolve;
    this.reject = reject;
    this.status = 0;
    this.closes = false;
    this.chunks = [];
  }

  onConnect() {}

  onHeaders(status, headers) {
    this.status = status;
    for (let index = 0; index < headers.length; index += 2) {
      if (headers[index].length === 10 && headers[index + 1].length === 5) {
        const name = headers[index].latin1Slice().toLowerCase();
        if (name === "connection") this.closes = headers[index + 1].latin1Slice() === "close";
      }
    }
    return true;
  }

  onData(chunk) {
    this.chunks.push(chunk);
    return true;
  }

  onComplete() {
    this.resolve(new Answer(this.status, this.chunks, this.closes));
  }

  onError(error) {
    this.reject(error);
  }
}

/** A keep-alive connection to one engine, as one buyer has it: one request at a time. */
export class Connection {
  constructor(url) {
    this.client = new Client(url, { pipelining: 1, keepAliveTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /** `headers` as a flat list of names and values; `body` as text. */
  send(method, path, headers, body) {
    return new Promise((resolve, reject) => {
      this.client.dispatch({ method, path, headers, body }, new Collector(resolve, reject));
    });
  }

  close() {
    return this.client.destroy();
  }
}
