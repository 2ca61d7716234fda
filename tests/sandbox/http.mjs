// Small helpers over node:http, shared by every part of the sandbox.

/** A refusal that is answered as JSON `{error, error_description}`. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {string} error machine-readable code
   * @param {string} description words for a person
   * @param {Record<string, string>} [headers]
   * @param {Record<string, unknown>} [extra] further members of the body
   */
  constructor(status, error, description, headers = {}, extra = {}) {
    super(description);
    this.status = status;
    this.headers = headers;
    this.body = { error, error_description: description, ...extra };
  }
}

/**
 * Sends a JSON answer.
 * @param {import('node:http').ServerResponse} res
 * @param {number} status
 * @param {unknown} [body] nothing is sent when undefined
 * @param {Record<string, string>} [headers]
 */
export function sendJson(res, status, body, headers = {}) {
  if (res.destroyed || res.headersSent) return;
  if (body === undefined) {
    res.writeHead(status, { 'cache-control': 'no-store', ...headers }).end();
    return;
  }
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  res.end(text);
}

/**
 * The headers of the sandbox's own pages.
 *
 * There is deliberately no `form-action` in the policy: browsers apply it to the redirects after a
 * form as well, and the consent form ends at the application's callback on another origin.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * Sends one of the sandbox's own pages.
 * @param {import('node:http').ServerResponse} res
 * @param {number} status
 * @param {string} html
 */
export function sendHtml(res, status, html) {
  if (res.destroyed || res.headersSent) return;
  res.writeHead(status, PAGE_HEADERS).end(html);
}

/**
 * Redirects with GET, whatever the method was.
 * @param {import('node:http').ServerResponse} res
 * @param {string} location
 */
export function seeOther(res, location) {
  res.writeHead(303, { location, 'content-length': '0', 'cache-control': 'no-store' }).end();
}

/**
 * Reads a whole body into memory.
 * @param {AsyncIterable<Buffer>} req
 * @param {number} [limit]
 */
export async function readBody(req, limit = 64 * 1024) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > limit) {
      throw new HttpError(413, 'too_large', `The body is larger than ${limit} bytes.`, {
        connection: 'close',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a JSON body; anything else is refused in words.
 * @param {import('node:http').IncomingMessage} req
 */
export async function readJson(req) {
  const type = String(req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type !== 'application/json') {
    throw new HttpError(415, 'unsupported_media_type', 'Send the body as application/json.');
  }
  const text = (await readBody(req)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'invalid_json', 'The body is not JSON.');
  }
}

/**
 * Reads an HTML form's body.
 * @param {AsyncIterable<Buffer>} req
 */
export async function readForm(req) {
  return new URLSearchParams((await readBody(req)).toString('utf8'));
}

/**
 * Whether a host name can only mean this machine. Checked on every request, so that a web page
 * cannot reach the sandbox under a name that it made point here.
 * @param {string | undefined} host the Host header
 */
export function isLoopbackHost(host) {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname ?? '';
  return name === '127.0.0.1' || name === '[::1]' || name === 'localhost' || name.endsWith('.localhost');
}

/**
 * @param {string | undefined} address the peer's address
 */
export function isLoopbackAddress(address) {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '');
}
