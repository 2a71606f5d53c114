// Secrets out of a text before it leaves the browser, by the rules that the server goes by (kb/redact.py).
// The browser's expressions backtrack, unlike the server's: a run of more than LONG characters without a blank is left to the server.
const LONG = 1000;

export async function load() {
  const answer = await fetch(`/static/redact.json${new URL(import.meta.url).search}`);
  const { secret, harmless, rules, times_encoded } = await answer.json();
  const ready = rules.map(({ words, source, flags }) => ({ words, expression: new RegExp(source, `g${flags}`) }));
  const kept = new RegExp(harmless);

  function blanked(text, found) {
    const lower = text.toLowerCase();
    for (const { words, expression } of ready) {
      if (!words.some((word) => lower.includes(word))) continue;
      text = text.replace(expression, (whole, before, hidden, after) => {
        if (hidden.startsWith(secret) || hidden === secret.slice(1, -1) || kept.test(hidden)) return whole;
        found.push({ before, hidden });
        return before + secret + after;
      });
    }
    return text;
  }

  // Out of an address (`password%3D…`): shown decoded, where that reveals a secret.
  function piece(text, found, encoded = times_encoded) {
    text = blanked(text, found);
    const plain = encoded ? decoded(text) : text;
    if (plain === text) return text;
    const more = [];
    const shown = piece(plain, more, encoded - 1);
    found.push(...more);
    return more.length ? shown : text;
  }

  return (text) => {
    const found = [];
    const parts = text.split(new RegExp(`(\\S{${LONG},})`));
    const blanked = parts.map((part, index) => (index % 2 ? part : piece(part, found)));
    return { text: blanked.join(""), found, unchecked: parts.length > 1 };
  };
}

function decoded(text) {
  if (!/\s/.test(text)) text = text.replaceAll("+", " ");
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16))),
  );
}
