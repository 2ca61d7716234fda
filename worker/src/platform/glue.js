// What crosses the border between the runtime and the Worker in one go: each crossing costs more than what is done there.

// Futures go on in microtasks. One of the runtime's costs some 10 µs, one of a promise nothing to speak of; what a task
// throws must be heard as before, since that is how a Worker that fell is noticed and started anew.
const now = Promise.resolve();
globalThis.queueMicrotask = (task) => {
  now.then(() => {
    try {
      task();
    } catch (error) {
      reportError(error);
    }
  });
};

/** A request: method, address, country, then the headers by turns name and value, a line each. */
export function requestLines(request) {
  let lines = `${request.method}\n${request.url}\n${request.cf?.country ?? ''}`;
  request.headers.forEach((value, name) => {
    lines += `\n${name}\n${value}`;
  });
  return lines;
}

/** Headers from by turns name and value, a line each. */
function headersOf(lines) {
  const parts = lines.split('\n');
  let headers = Object.create(null);
  for (let at = 1; at < parts.length; at += 2) {
    const [name, value] = [parts[at - 1], parts[at]];
    // An object is read fastest, and has each name once.
    if (!(headers instanceof Headers) && name in headers) headers = new Headers(headers);
    if (headers instanceof Headers) headers.append(name, value);
    else headers[name] = value;
  }
  return headers;
}

/** An answer with a body of bytes. */
export function answerOf(status, lines, body) {
  // The bytes are those of the Worker's memory, which goes on changing.
  return new Response(body.length ? body.slice() : null, { status, headers: headersOf(lines) });
}

/** An answer with a stream as its body, or with none. */
export function streamedAnswerOf(status, lines, stream) {
  return new Response(stream, { status, headers: headersOf(lines) });
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

const ids = new Map();

/** Asks an object a question and gives what it answers, both in a header: bodies are read later and cost more. */
export async function askObject(objects, name, question) {
  if (!ids.has(name)) ids.set(name, objects.idFromName(name));
  const answer = await objects.get(ids.get(name)).fetch('https://authority/', { headers: { 'x-ask': question } });
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
