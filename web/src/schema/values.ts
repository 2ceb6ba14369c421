/* Decimals and dates as strings (data.md section 1). Compared by value, never through a float. */

const DECIMAL = /^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$/;
const DATE = /^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

export function isDecimal(s: string): boolean {
  return DECIMAL.test(s);
}

export function isDate(s: string): boolean {
  const m = DATE.exec(s);
  if (m === null || m[1] === "0000") return false;
  const y = Number(m[1]),
    month = Number(m[2]),
    day = Number(m[3]);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}

function scaled(s: string): bigint {
  const [whole = "0", fraction = ""] = s.replace("-", "").split(".");
  const n = BigInt(whole + fraction.padEnd(18, "0"));
  return s.startsWith("-") ? -n : n;
}

export function compareDecimals(a: string, b: string): number {
  const x = scaled(a),
    y = scaled(b);
  return x < y ? -1 : x > y ? 1 : 0;
}
