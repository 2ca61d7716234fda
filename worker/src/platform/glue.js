// What crosses the border between the runtime and the Worker in one go: each crossing costs more than what is done there.

/** A request: method, address, country, then the headers by turns name and value, a line each. */
export function requestLines(request) {
  let lines = `${request.method}\n${request.url}\n${request.cf?.country ?? ''}`;
  request.headers.forEach((value, name) => {
    lines += `\n${name}\n${value}`;
  });
  return lines;
}

/** An answer; its headers by turns name and value, a line each. */
export function answerOf(status, lines, body) {
  const parts = lines.split('\n');
  const headers = [];
  for (let at = 1; at < parts.length; at += 2) headers.push([parts[at - 1], parts[at]]);
  // The bytes are those of the Worker's memory, which goes on changing.
  return new Response(body.length ? body.slice() : null, { status, headers });
}

/** Carries out statements on D1, all or none: a JSON list of SQL and values; all rows as JSON, and how many were read. */
export async function carryOut(database, statements) {
  const prepared = JSON.parse(statements).map(([sql, values]) => database.prepare(sql).bind(...values));
  const answered = await database.batch(prepared);
  const rowsRead = answered.reduce((sum, { meta }) => sum + (meta?.rows_read ?? 0), 0);
  return JSON.stringify({ rowsRead, rows: answered.map(({ results }) => results ?? []) });
}

/** What an error says, and the one that it came from. */
export function wordsOf(error) {
  return error instanceof Error && error.cause ? `${error} (${error.cause})` : String(error);
}

/** Asks an object a question and gives what it answers, both in a header: bodies are read later and cost more. */
export async function askObject(objects, name, question) {
  const answer = await objects.getByName(name).fetch('https://authority/', { headers: { 'x-ask': question } });
  const told = answer.headers.get('x-answer');
  if (told === null) throw new Error(`the object answered ${answer.status}: ${await answer.text()}`);
  return told;
}

/** The question of such a request. */
export function questionOf(request) {
  return request.headers.get('x-ask') ?? '';
}

/** The answer to it. */
export function answerToQuestion(answer) {
  return new Response(null, { headers: { 'x-answer': answer } });
}

/** Signs with a key of the runtime's. */
export async function sign(algorithm, key, message) {
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, message.slice()));
}
