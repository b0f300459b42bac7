import { SMTPServer } from "smtp-server";

/** A mail as it came: headers unfolded, bodies decoded. */
export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** By lower-case names, in the order they came in. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
};

/** What the server answers, when it is not "250": before the mail is told (`to`), or after it was (`data`). */
export type Answers = {
  to?: (address: string) => number | undefined;
  /** A promise that never comes is a server that hangs. */
  data?: (mail: ReceivedMail) => Promise<number | undefined> | number | undefined;
};

export type Inbox = {
  /** `smtp://user:password@127.0.0.1:port` */
  readonly url: string;
  /** Everything that was taken, in the order of coming. */
  readonly mails: ReceivedMail[];
  /** Sessions that are open. */
  sessions(): number;
  readonly answers: Answers;
  /** Mails to an address, or with a text in the subject. */
  find(part: string): ReceivedMail[];
  close(): Promise<void>;
};

/** A real SMTP server that asks for a password, keeps what it takes, and answers as it is told. */
export async function openInbox(port = 0): Promise<Inbox> {
  const mails: ReceivedMail[] = [];
  const answers: Answers = {};
  let open = 0;
  const refusal = (code: number): Error =>
    Object.assign(new Error(`${code >= 500 ? "never" : "not now"}, says the server`), { responseCode: code });
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    logger: false,
    closeTimeout: 100,
    onConnect(_session, done) {
      open += 1;
      done();
    },
    onClose() {
      open -= 1;
    },
    onAuth({ username, password }, _session, done) {
      if (username === "shop@user" && password === "p@ss/word") return done(null, { user: username });
      done(Object.assign(new Error("wrong"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const code = answers.to?.(address);
      done(code === undefined ? null : refusal(code));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = parseMail(
          Buffer.concat(chunks).toString("utf8"),
          mailFrom ? mailFrom.address : "",
          rcptTo.map(({ address }) => address),
        );
        void Promise.resolve(answers.data?.(mail)).then((code) => {
          if (code !== undefined) return done(refusal(code));
          mails.push(mail);
          done(null, "taken");
        });
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.server.address() as { port: number };
  return {
    url: `smtp://shop%40user:p%40ss%2Fword@127.0.0.1:${address.port}`,
    mails,
    sessions: () => open,
    answers,
    find: (part) =>
      mails.filter(
        ({ to, subject }) => to.includes(part) || subject.includes(part) || to.some((one) => one === part),
      ),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parseMail(raw: string, from: string, to: readonly string[]): ReceivedMail {
  const { headers, body } = split(raw);
  const parts = partsOf(headers, body);
  return {
    from,
    to,
    headers,
    subject: decodedWords(headerOf(headers, "subject")),
    text: parts.find(({ type }) => type === "text/plain")?.body ?? "",
    html: parts.find(({ type }) => type === "text/html")?.body ?? "",
    raw,
  };
}

type Headers = ReceivedMail["headers"];

function split(text: string): { headers: Headers; body: string } {
  const end = text.indexOf("\r\n\r\n");
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  return { headers, body: text.slice(end + 4) };
}

function partsOf(headers: Headers, body: string): { type: string; body: string }[] {
  const type = headerOf(headers, "content-type");
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) {
    const encoding = headerOf(headers, "content-transfer-encoding");
    return [{ type: type.split(";")[0] ?? "", body: decodedBody(body, encoding) }];
  }
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => {
      const inner = split(part.replace(/^\r\n/, ""));
      return partsOf(inner.headers, inner.body);
    });
}

export function headerOf(headers: Headers, wanted: string): string {
  return headers.find(([name]) => name === wanted)?.[1] ?? "";
}

function decodedBody(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body.replaceAll("\r\n", "\n");
  return fromHex(body.replace(/=\r\n/g, "")).replaceAll("\r\n", "\n");
}

/** Encoded words of a header (RFC 2047). */
function decodedWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString("utf8")
        : fromHex(text.replaceAll("_", " ")),
    );
}

function fromHex(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "=" && /^[0-9A-F]{2}$/i.test(text.slice(at + 1, at + 3))) {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(...Buffer.from(text[at] as string));
  }
  return Buffer.from(bytes).toString("utf8");
}
