// Workers that do next to nothing, in JavaScript: what the runtime and the launcher cost by themselves, with one call of
// a Durable Object, with one statement on D1, and with a relay over a WebSocket. All but the relay are the same in Rust
// in tests/bench/floor.
const HEADERS = { headers: { 'content-type': 'text/plain' } };
/** How much of a body is put into one message. */
const PIECE = 64 * 1024;
/** Before what a message carries: the number of what was asked, and 1 where nothing more comes. */
const HEADER = 5;

/** The one object that is asked. It has the name that the launcher's settings give to an object of the product. */
export class CredentialAuthority {
  fetch() {
    return new Response('hello', HEADERS);
  }
}

/**
 * A bare relay: what it is asked goes over one WebSocket, what comes back from there is the answer. Nothing is checked,
 * bounded or counted.
 */
export class GatewayHub {
  constructor(state) {
    this.state = state;
    this.last = 0;
    this.open = new Map();
  }

  fetch(request) {
    if (request.headers.get('upgrade') === 'websocket') {
      const { 0: client, 1: server } = new WebSocketPair();
      this.state.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    this.last += 1;
    const number = this.last;
    const answer = new Promise((resolve) => this.open.set(number, { resolve, controller: null }));
    return request.body ? this.upload(number, request).then(() => answer) : (this.send(number, true, request.url), answer);
  }

  async upload(number, request) {
    const body = new Uint8Array(await request.arrayBuffer());
    for (let at = 0; at < body.length; at += PIECE) this.send(number, at + PIECE >= body.length, body.subarray(at, at + PIECE));
  }

  send(number, last, what) {
    const bytes = typeof what === 'string' ? new TextEncoder().encode(what) : what;
    const message = new Uint8Array(HEADER + bytes.length);
    new DataView(message.buffer).setUint32(0, number);
    message[4] = last ? 1 : 0;
    message.set(bytes, HEADER);
    this.state.getWebSockets()[0].send(message);
  }

  webSocketMessage(socket, message) {
    const view = new DataView(message);
    const number = view.getUint32(0);
    const last = view.getUint8(4) === 1;
    const asked = this.open.get(number);
    const bytes = new Uint8Array(message, HEADER);
    if (last) this.open.delete(number);
    if (last && !asked.controller) {
      asked.resolve(new Response(bytes, HEADERS));
      return;
    }
    if (!asked.controller) {
      asked.resolve(new Response(new ReadableStream({ start: (controller) => { asked.controller = controller; } }), HEADERS));
    }
    asked.controller.enqueue(bytes);
    if (last) asked.controller.close();
  }
}

const word = (env) => env.DB.prepare("SELECT 'hello' AS word").first('word');
const object = (env) => env.CREDENTIAL_AUTHORITY.getByName('one').fetch('https://object/').then((answer) => answer.text());
const relay = (env, request) => env.GATEWAY_HUB.getByName('one').fetch(request);

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/object') return new Response(await object(env), HEADERS);
    if (pathname === '/statement') return new Response(await word(env), HEADERS);
    if (pathname.startsWith('/relay')) return relay(env, request);
    if (pathname.startsWith('/checked')) {
      // As somebody must who asks an object who calls, and for what.
      await object(env);
      return relay(env, request);
    }
    return new Response('hello', HEADERS);
  },
};
