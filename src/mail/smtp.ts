import type { Transporter } from "nodemailer";
import type { Mailer, OutgoingMail, SendOutcome } from "./mailer.ts";
import { withoutSecrets } from "./safe-text.ts";

/** Where and how mail is handed over. */
export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). */
  readonly isSecure: boolean;
  /** No mail and no password without TLS. */
  readonly requiresTls: boolean;
  readonly user?: string;
  readonly password?: string;
};

/** How long a server may take to be there, to greet, and to answer a command, in milliseconds. */
const PATIENCE = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  dnsTimeout: 10_000,
  socketTimeout: 30_000,
};
/** Connections to the server at the same time. */
const CONNECTIONS = 4;
/** How long a connection waits for a next mail, in milliseconds. */
const IDLE_MS = 5_000;

/** A mailer for an SMTP server. The library is loaded with the first mail. */
export function smtpMailer(server: SmtpServer): Mailer {
  let opened: Promise<Transporter> | undefined;
  const transport = (): Promise<Transporter> => {
    opened ??= openTransport(server);
    return opened;
  };
  return {
    async send(outgoing, signal) {
      try {
        const { sendMail } = await transport().then((one) => ({ sendMail: one.sendMail.bind(one) }));
        await sendMail({ ...messageOf(outgoing), ...(signal && { signal }) });
        return { kind: "sent" };
      } catch (error) {
        return outcomeOf(error as SmtpError);
      }
    },
    async check() {
      try {
        await (await transport()).verify();
        return undefined;
      } catch (error) {
        return reasonOf(error as SmtpError);
      }
    },
    close() {
      void opened?.then((transporter) => transporter.close());
      opened = undefined;
    },
  };
}

async function openTransport(server: SmtpServer): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const { host, port, isSecure, requiresTls, user, password } = server;
  return createTransport({
    pool: true,
    host,
    port,
    secure: isSecure,
    requireTLS: requiresTls,
    ...(user !== undefined && { auth: { user, pass: password ?? "" } }),
    maxConnections: CONNECTIONS,
    // Sending again is our own decision: the pool would do it without a note of it.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    ...PATIENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function messageOf({ from, replyTo, mail, messageId }: OutgoingMail): object {
  return {
    from,
    to: mail.to,
    ...(replyTo !== undefined && { replyTo: { name: "", address: replyTo } }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId,
    // Nobody's "out of office" answers it.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

type SmtpError = Error & {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly response?: string;
};

function outcomeOf(error: SmtpError): SendOutcome {
  const { code, command, responseCode = 0 } = error;
  const reason = reasonOf(error);
  const isAnswer = code === "EENVELOPE" || code === "EMESSAGE";
  if (!isAnswer) return { kind: "later", reason, isServer: code !== "EABORT" };
  // Without an answer of the server: the library itself found that the mail is none.
  const isNoMail = responseCode === 0 && (command === "API" || command === "MAIL FROM");
  if (isNoMail || responseCode >= 500) return { kind: "never", reason };
  // 421: the server closes; every mail hears the same.
  return { kind: "later", reason, isServer: responseCode === 421 };
}

function reasonOf({ response, message, code }: SmtpError): string {
  return withoutSecrets(response ?? (message || code || "unknown"));
}
