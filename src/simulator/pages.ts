import type { Intent } from "./objects.ts";
import type { SimulatorReport } from "./report.ts";

// The few pages that people see. Everything on them says that no money moves here.

/** The page that asks the shopper who they are, in place of a bank's. */
export function authenticationPage(intent: Intent, returnUrl: string): string {
  const action = `/simulator/3ds/${encodeURIComponent(intent.id)}`;
  const fields = `<input type="hidden" name="secret" value="${escaped(intent.client_secret)}">
    <input type="hidden" name="return" value="${escaped(returnUrl)}">`;
  const body =
    intent.status === "requires_action"
      ? `<p>A shop asks for <strong>${intent.amount} ${escaped(intent.currency.toUpperCase())}</strong> (in the smallest unit).
    Your bank would ask here whether it is you.</p>
  <form method="post" action="${action}">${fields}
    <button name="outcome" value="pass">It is me: approve</button>
    <button name="outcome" value="fail">Fail the authentication</button>
  </form>`
      : `<p>Nothing is to be confirmed here: this payment is <strong>${escaped(intent.status)}</strong>.</p>`;
  return page("3-D Secure", body);
}

/** Shown after the decision, where there is no shop's page to go back to. */
export function donePage(intent: Intent): string {
  return page(
    "3-D Secure",
    `<p>Done: this payment is <strong>${escaped(intent.status)}</strong>. Go back to the shop and let it confirm.</p>`,
  );
}

/** Where a number of a test card becomes a token. */
export function cardPage(outcome?: { readonly token: string } | { readonly problem: string }): string {
  const said = !outcome
    ? ""
    : "token" in outcome
      ? `<p>Pay with this token: <code>${escaped(outcome.token)}</code></p>`
      : `<p role="alert">${escaped(outcome.problem)}</p>`;
  return page(
    "A card",
    `<p>The number of a test card becomes a token here. The number itself is not kept.</p>
  <form method="post" action="/simulator/card">
    <label>Number <input name="number" autocomplete="off" inputmode="numeric" placeholder="4242 4242 4242 4242"></label>
    <button>Make a token</button>
  </form>
  ${said}`,
  );
}

/** What the books say. */
export function bookPage({ references, doubles }: SimulatorReport): string {
  const rows = references
    .slice(-200)
    .map(
      (entry) =>
        `<tr><td>${escaped(entry.orderId ?? "")}</td><td>${escaped(entry.reference)}</td><td>${escaped(entry.currency)}</td>
      <td>${entry.charges}</td><td>${entry.authorized}</td><td>${entry.captured}</td><td>${entry.refunded}</td></tr>`,
    )
    .join("\n");
  const shout =
    doubles.length === 0 ? "Nothing was charged or given back twice." : doubles.map(escaped).join("<br>");
  return page(
    "The books",
    `<p>${shout}</p>
  <table><thead><tr><th>Order</th><th>Attempt</th><th>Currency</th><th>Charges</th><th>Set aside</th><th>Taken</th>
    <th>Given back</th></tr></thead><tbody>${rows}</tbody></table>
  <p><a href="/simulator/card">Make a token for a test card</a></p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} - Cartwright's payment simulator</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  .mark { background: #ffd; border: 1px solid #cc8; padding: .5rem 1rem; }
  td, th { padding: .2rem .6rem; text-align: left; } button { padding: .5rem 1rem; }
</style></head>
<body>
  <p class="mark">This is a <strong>simulator</strong>. It is not Stripe, no bank hears of it, and no money moves.</p>
  <h1>${title}</h1>
  ${body}
</body></html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
