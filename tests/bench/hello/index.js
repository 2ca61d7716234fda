// Workers that do next to nothing, in JavaScript: what the runtime and the launcher cost by themselves, with one call of
// a Durable Object, and with one statement on D1. The same in Rust is tests/bench/floor.
const HEADERS = { headers: { 'content-type': 'text/plain' } };

/** The one object that is asked. It has the name that the launcher's settings give to an object of the product. */
export class CredentialAuthority {
  fetch() {
    return new Response('hello', HEADERS);
  }
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/object') {
      const answer = await env.CREDENTIAL_AUTHORITY.getByName('one').fetch('https://object/');
      return new Response(await answer.text(), HEADERS);
    }
    if (pathname === '/statement') {
      const row = await env.DB.prepare("SELECT 'hello' AS word").first();
      return new Response(row.word, HEADERS);
    }
    return new Response('hello', HEADERS);
  },
};
