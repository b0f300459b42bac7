/**
 * Whether a text holds what may be the number of a payment card: 13 to 19 digits, in groups or not, whose last is the
 * check digit of all (Luhn, ISO/IEC 7812). Such numbers must not come here; whoever keeps them answers for them.
 *
 * Passed over are ids (UUIDs, and digits that are part of a word), barcodes with 13 digits, which have a check digit of
 * their own, and 13 digits that begin with 1: moments in milliseconds, and no card has such a number.
 */
export function holdsCardNumber(text: string): boolean {
  for (const [run] of text.replace(uuids, "").matchAll(runs)) {
    const groups = run.split(/[ -]/);
    for (let first = 0; first < groups.length; first += 1) {
      let digits = "";
      for (const group of groups.slice(first)) {
        digits += group;
        if (digits.length > 19) break;
        if (digits.length >= 13 && isCardNumber(digits)) return true;
      }
    }
  }
  return false;
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const runs = /(?<![\w.])\d(?:[ -]?\d){12,}(?!\w)/g;

function isCardNumber(digits: string): boolean {
  if (!isLuhn(digits) || /^(\d)\1*$/.test(digits)) return false;
  return digits.length > 13 || !(digits.startsWith("1") || isBarcode(digits));
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.at(-1 - index));
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The check digit of a barcode (GS1): every second digit counts three times. */
function isBarcode(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    sum += Number(digits.at(-1 - index)) * (index % 2 === 1 ? 3 : 1);
  }
  return sum % 10 === 0;
}
