import { tmpdir } from "node:os";
import { pricePromotedCart } from "../../dist/domain/promotions/price-promoted-cart.js";
import { median, randomFrom, rounded } from "../figures.mjs";
import { machineFacts } from "../machine.mjs";
import { digits, randomCart, randomPromotions } from "../random-cart.mjs";
import { progress, table } from "../report.mjs";

const SIZES = [10, 50, 100, 200, 400];
const PROMOTIONS = 50;

export const money = {
  name: "r14",
  title:
    "carts priced in memory: how long it takes, and random carts whose totals must be the sums of their parts",
  isDefault: true,
  async run(options) {
    const machine = machineFacts(tmpdir(), "no PostgreSQL", false);
    const random = randomFrom(1);
    const speeds = ["line", "simple"].flatMap((method) =>
      SIZES.map((lines) => speedOf(random, lines, method)),
    );
    console.log(table(speeds));
    const checked = checkedCarts(options.priced);
    console.log(`\n${checked.carts.toLocaleString("en-US")} random carts, ${checked.broken.length} broken`);
    return { machine, speeds, ...checked };
  },
};

function inputOf(random, lines, promotions, currency, method) {
  return {
    cart: randomCart(random, lines, currency),
    promotions: randomPromotions(random, promotions, Math.max(lines, 1), currency),
    now: "2026-06-01T00:00:00.000Z",
    method,
    catalogId: "main",
    shopper: [],
  };
}

/** Milliseconds of CPU for one pricing: the median of rounds that are long enough to be timed. */
function speedOf(random, lines, method) {
  const input = inputOf(random, lines, PROMOTIONS, "USD", method);
  const turns = Math.ceil(20_000 / lines);
  const round = () => {
    const before = process.cpuUsage();
    for (let turn = 0; turn < turns; turn += 1) pricePromotedCart(input);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / turns;
  };
  round();
  const milliseconds = median(Array.from({ length: 7 }, round));
  const priced = pricePromotedCart(input);
  return {
    method,
    lines,
    promotions: PROMOTIONS,
    applied: priced.ok ? priced.value.promotions.applied.length : 0,
    "CPU ms a cart": rounded(milliseconds, 3),
    "CPU us a line": rounded((1000 * milliseconds) / lines, 2),
  };
}

function checkedCarts(wanted) {
  const broken = [];
  const bar = progress("r14");
  for (let seed = 1; seed <= wanted; seed += 1) {
    const random = randomFrom(seed);
    const currency = Object.keys(digits)[seed % 3];
    const input = inputOf(
      random,
      seed % 9,
      Math.floor(random() * 6),
      currency,
      seed % 2 === 0 ? "line" : "simple",
    );
    const priced = pricePromotedCart(input);
    const what = priced.ok ? wrongIn(priced.value) : priced.error.type;
    if (what) broken.push(`seed ${seed}: ${what}`);
    bar.at(seed, wanted);
  }
  bar.end();
  return { carts: wanted, broken: broken.slice(0, 20) };
}

/** The identities that every priced cart must have; what does not hold, or nothing. */
function wrongIn({ priced, promotions }) {
  const { lines, totals, method } = priced;
  const sum = (of) => lines.reduce((total, line) => total + of(line), 0);
  for (const line of lines) {
    const parts = line.discounts.reduce((total, part) => total + part.amount, 0);
    const taxes = line.taxes.reduce((total, part) => total + part.amount, 0);
    if (parts !== line.discount) return `discounts of ${line.id} are ${parts}, not ${line.discount}`;
    if (taxes !== line.tax) return `taxes of ${line.id} are ${taxes}, not ${line.tax}`;
    if (line.discount > 0 || line.discount < 0 - line.value)
      return `discount of ${line.id} is ${line.discount}`;
    if (line.withTax !== line.withoutTax + line.tax) return `${line.id} does not add up`;
    if (!Object.values(line).every((part) => typeof part !== "number" || Number.isSafeInteger(part))) {
      return `${line.id} has a fraction`;
    }
  }
  const offTotal = method === "simple" ? totals.discount : 0;
  if (totals.withTax !== sum((line) => line.withTax) + offTotal)
    return "the total is not the sum of its lines";
  if (totals.withTax !== totals.withoutTax + totals.tax) return "the total is not its net and its tax";
  if (totals.withTax < 0 || totals.tax < 0 || totals.withoutTax < 0) return "a total is negative";
  const applied = promotions.applied.reduce((total, { amount }) => total + amount, 0);
  if (applied !== totals.discount) return `promotions took ${applied}, the total says ${totals.discount}`;
  return undefined;
}
