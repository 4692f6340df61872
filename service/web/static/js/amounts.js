// Amounts in the language of the page.
const language = document.body.dataset.language;
const UNITS = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]];
const TIMES = [["hour", 3600], ["minute", 60], ["second", 1]];

const inUnit = (value, unit, unitDisplay, digits) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: digits }).format(value);

/** 2.1 GB. */
export function amount(bytes) {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? UNITS.at(-1);
  return inUnit(bytes / size, unit, "short", 1);
}

/** 3 minutes. */
export function duration(seconds) {
  const [unit, size] = TIMES.find(([, least]) => seconds >= least) ?? TIMES.at(-1);
  return inUnit(Math.ceil(seconds / size), unit, "long", 0);
}

/** 34 %. */
export const percent = (share) => new Intl.NumberFormat(language, { style: "percent" }).format(share);

/** A place in a recording: 4:05, 1:04:05. */
export function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (part) => String(part).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A sentence of the page with its values filled in. */
export const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
