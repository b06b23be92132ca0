// Masks CPR numbers before they leave the browser: the same rule as puljeguiden/masking.py, which masks once more.
// tests/browser/test_cpr.py holds the two together.
const CPR_MASK = "[CPR-nummer fjernet]";
const DIGIT = /\p{Nd}/u;

/** Returns text with every CPR number as the mask. */
function maskCpr(text) {
  const chars = [...text];
  const plain = chars.map(plainDigit).join("");
  const spans = [];
  for (const [start, end] of cprSpans(plain)) {
    const last = spans.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(end, last[1]);
    else spans.push([start, end]);
  }
  for (const [start, end] of spans.reverse()) chars.splice(start, end - start, CPR_MASK);
  return chars.join("");
}

/** Returns one unit for each character; digits of other scripts (٠١٢, full width) as plain ones. */
function plainDigit(char) {
  if (!DIGIT.test(char)) return char.length === 1 ? char : "?";
  // Unicode keeps each script's digits in a row of ten, from zero.
  const code = char.codePointAt(0);
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}

function cprSpans(text) {
  const groups = [...text.matchAll(/[0-9]+/g)].map((match) => [match.index, match.index + match[0].length]);
  const found = [];
  groups.forEach(([start], first) => {
    let digits = "";
    for (let last = first; last < groups.length; last++) {
      const between = last > first ? text.slice(groups[last - 1][1], groups[last][0]) : " ";
      if (!/^[\s./_·\-‐‑‒–—−]{1,7}$/.test(between)) break;
      digits += text.slice(...groups[last]);
      if (digits.length > 12) break;
      if (isCpr(digits, text, groups.slice(first, last + 1))) found.push([start, groups[last][1]]);
    }
  });
  return found;
}

function isCpr(digits, text, groups) {
  const day = +digits.slice(0, 2);
  const month = +digits.slice(2, 4);
  if (day < 1 || day > 31 || month < 1 || month > 12) return false;
  if (digits.length !== 10 && !(digits.length === 12 && /^....(19|20)/.test(digits))) return false;
  const sizes = groups.map(([start, end]) => end - start).join();
  if (sizes === "2,2,4,2") return false; // a date with its year, and a number
  const separators = new Set(groups.slice(1).map(([start], index) => text.slice(groups[index][1], start).trim()));
  return !/(^|,)2,2$/.test(sizes) || separators.size === 1; // «01.08.17 - 31.12» is a period
}
