// The runtime's side of a gateway's hub: its WebSockets, and the bodies that pass through. What is right and what follows
// from it, the hub knows, which is in Rust; bodies never go there.

/** The frames that are told apart here (contract/src/link/frame.rs). */
const VERSION = 1;
const ANSWER = 0x21;
const DATA = 0x22;
const END = 0x23;
const HEADER = 6;
const WHOLE_HEAD = 10;
/** What is put into one frame at most, so that calls take turns. */
const CHUNK = 128 * 1024;
/** What the hub answers when an agent broke the protocol. */
const BROKEN = 0xffffffff;
/** Why calls are cancelled. */
const CALLER_GONE = 1;
const BODY_BROKEN = 3;
/** Longer texts do not go in a header but before the body. */
const LONG = 8 * 1024;
/** The buffer that small pieces share. */
const SHARED = 4 * 1024;
/** How often it is looked for calls whose time is over, in milliseconds. */
const LOOK_EVERY = 1000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** JSON of somebody else as a header can hold it: in ASCII, white space as spaces. */
function plain(json) {
  return json
    .replace(/[\x00-\x1f]/g, ' ')
    .replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Bytes, then a stream. */
function before(bytes, stream) {
  const { readable, writable } = new IdentityTransformStream();
  (async () => {
    const writer = writable.getWriter();
    await writer.write(bytes);
    writer.releaseLock();
    if (stream) await stream.pipeTo(writable);
    else await writable.close();
  })().catch(() => {});
  return readable;
}

/** So many bytes of a stream as text, and the rest of it. */
async function split(stream, length) {
  const reader = stream.getReader();
  const head = new Uint8Array(length);
  let [at, rest] = [0, null];
  while (at < length) {
    const { done, value } = await reader.read();
    if (done) throw new Error('cut short');
    const wanted = value.subarray(0, length - at);
    head.set(wanted, at);
    at += wanted.length;
    if (wanted.length < value.length) rest = value.slice(wanted.length);
  }
  reader.releaseLock();
  return [decoder.decode(head), rest ? before(rest, stream) : stream];
}

/** Sends a text in a header, or before the body where it is long. */
function parcel(name, text, headers, body) {
  if (text.length <= LONG) {
    headers[name] = text;
    return body;
  }
  const bytes = encoder.encode(text);
  headers[`${name}-length`] = String(bytes.length);
  const stream = body instanceof Uint8Array || body instanceof ArrayBuffer ? new Response(body).body : body;
  return before(bytes, stream);
}

/** What was sent so: the text, and the body. */
function unpack(name, message) {
  const text = message.headers.get(name);
  if (text !== null) return [text, message.body];
  const length = Number(message.headers.get(`${name}-length`));
  return split(message.body, length);
}

/** Makes a call through a hub: its failure, or the answer's head, who served it, and the answer. */
export async function callHub(objects, name, text, body, mode) {
  const headers = { 'x-body': mode };
  const sent = parcel('x-call', text, headers, body);
  const answer = await objects.getByName(name).fetch('https://hub/', { method: 'POST', headers, body: sent });
  const failure = answer.headers.get('x-failure');
  if (failure !== null) return [failure];
  if (!answer.ok) throw new Error(`the hub answered ${answer.status}: ${await answer.text()}`);
  const replica = answer.headers.get('x-replica');
  const head = answer.headers.get('x-answer');
  if (head !== null) return ['', head, replica, answer.body];
  const [long, rest] = await unpack('x-answer', answer);
  return ['', long, replica, rest];
}

/** Asks a hub something else. */
export async function askHub(objects, name, order) {
  const answer = await objects.getByName(name).fetch('https://hub/', { method: 'POST', headers: { 'x-order': order } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the hub answered ${answer.status}: ${text}`);
  return text;
}

/** Opens a link at a hub. */
export function dialHub(objects, name, dialled) {
  return objects.getByName(name).fetch('https://hub/', { headers: { upgrade: 'websocket', 'x-dial': dialled } });
}

/** What a request to a hub is: its kind, then what it says. Calls say more, and are taken by the pump itself. */
export function told(request) {
  const dialled = request.headers.get('x-dial');
  if (dialled !== null) return `d${dialled}`;
  const order = request.headers.get('x-order');
  return order === null ? 'c' : `o${order}`;
}

/** A call that is under way. */
class Exchange {
  constructor(body, resolve) {
    this.body = body;
    this.resolve = resolve;
    /** Pieces of the answer that nobody has read yet. */
    this.pieces = [];
    this.over = false;
    this.fault = null;
    /** Who waits for the next piece. */
    this.pull = null;
    /** Who waits for credit. */
    this.credit = null;
    /** How often its body was begun to be sent. */
    this.turn = 0;
    this.reader = null;
  }

  /** A piece of the answer came. Small ones that wait share a buffer, so that they take the room that credit counts. */
  push(piece) {
    const last = this.pieces.at(-1);
    const at = last?.buffer.byteLength === SHARED && last.byteOffset === 0 ? last.length : SHARED;
    const fits = at + piece.length <= SHARED;
    let all = piece;
    if (last !== undefined && piece.length <= SHARED / 4) {
      all = new Uint8Array(fits ? this.pieces.pop().buffer : new ArrayBuffer(SHARED), 0, (fits ? at : 0) + piece.length);
      all.set(piece, all.length - piece.length);
    }
    this.pieces.push(all);
  }

  /** Something was read, or can be. */
  wake() {
    const pull = this.pull;
    this.pull = null;
    pull?.();
  }

  /** Nothing more of the question is needed. */
  release() {
    this.over = true;
    const credit = this.credit;
    this.credit = null;
    credit?.();
    if (this.reader) this.reader.cancel().catch(() => {});
    else if (this.body instanceof ReadableStream && !this.body.locked) this.body.cancel().catch(() => {});
  }
}

/** The WebSockets of a hub and the calls over them. */
export class Pump {
  constructor(state) {
    this.state = state;
    this.hub = null;
    this.sockets = new Map();
    this.numbers = new Map();
    this.names = new Map();
    this.open = new Map();
    this.last = 0;
    this.alarm = Infinity;
    this.timer = null;
    this.coming = null;
  }

  /** Begins to serve a hub, with the WebSockets that were open before it slept. */
  serve(hub, ping, pong) {
    this.hub = hub;
    this.state.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong));
    for (const socket of this.state.getWebSockets()) {
      const text = socket.deserializeAttachment();
      if (text) hub.restore(this.number(socket), text);
    }
  }

  number(socket) {
    this.last += 1;
    this.sockets.set(this.last, socket);
    this.numbers.set(socket, this.last);
    return this.last;
  }

  forget(link) {
    const socket = this.sockets.get(link);
    this.sockets.delete(link);
    this.numbers.delete(socket);
    this.names.delete(link);
    return socket;
  }

  // What the runtime does.

  dial(gateway, origin, protocol) {
    const { 0: client, 1: server } = new WebSocketPair();
    this.state.acceptWebSocket(server);
    this.hub.open(this.number(server), gateway, origin);
    return new Response(null, { status: 101, webSocket: client, headers: { 'sec-websocket-protocol': protocol } });
  }

  message(socket, message) {
    const link = this.numbers.get(socket);
    if (link === undefined) return undefined;
    if (typeof message === 'string') return this.hub.broken(link, 'text');
    const length = message.byteLength;
    if (length < HEADER) return this.hub.hear(link, new Uint8Array(message));
    const view = new DataView(message);
    const kind = view.getUint8(1);
    const word = length < WHOLE_HEAD ? 0 : view.getUint32(HEADER);
    const number = this.hub.pass(link, view.getUint8(0), kind, view.getUint32(2), word, length);
    if (number === undefined) return this.hub.hear(link, new Uint8Array(message));
    if (number === BROKEN) return this.hub.broken(link, 'call');
    const exchange = this.open.get(number);
    if (exchange === undefined) return undefined;
    if (kind === DATA) {
      exchange.push(new Uint8Array(message, HEADER));
      exchange.wake();
      return undefined;
    }
    if (kind === END) return this.end(number, exchange);
    const from = kind === ANSWER ? HEADER : WHOLE_HEAD;
    let head;
    try {
      head = plain(decoder.decode(new Uint8Array(message, from, kind === ANSWER ? length - from : word)));
    } catch {
      this.failed(number, '');
      return this.hub.broken(link, 'text');
    }
    const replica = this.names.get(link);
    if (kind === ANSWER) {
      this.answer(exchange, head, replica, this.stream(number, exchange));
    } else {
      this.answer(exchange, head, replica, from + word < length ? new Uint8Array(message, from + word) : null);
      this.end(number, exchange);
    }
    return undefined;
  }

  closed(socket, code) {
    const link = this.numbers.get(socket);
    try {
      // The other half of the handshake; where the runtime has done it, this is refused.
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // It is closed.
    }
    if (link === undefined) return undefined;
    this.forget(link);
    return this.hub.gone(link);
  }

  rings() {
    this.alarm = Infinity;
    return this.hub.wake();
  }

  call(request) {
    const unpacked = unpack('x-call', request);
    return Array.isArray(unpacked) ? this.begin(request, ...unpacked) : unpacked.then((all) => this.begin(request, ...all));
  }

  begin(request, text, body) {
    const mode = request.headers.get('x-body');
    if (mode === 'none') return this.go(request, text, null);
    if (mode === 'stream') return this.go(request, text, body);
    return new Response(body).arrayBuffer().then((bytes) => this.go(request, text, new Uint8Array(bytes)));
  }

  go(request, text, body) {
    return new Promise((resolve) => {
      this.coming = new Exchange(body, resolve);
      let number;
      try {
        number = this.hub.ask(text, !(body instanceof ReadableStream));
      } catch (failure) {
        resolve(new Response(null, { headers: { 'x-failure': plain(String(failure)) } }));
        return;
      } finally {
        this.coming = null;
      }
      request.signal?.addEventListener('abort', () => this.cancel(number, CALLER_GONE));
      this.timer ??= setTimeout(() => this.look(), LOOK_EVERY);
    });
  }

  // What becomes of calls.

  /** The answer begins, or is there. */
  answer(exchange, head, replica, body) {
    const headers = { 'x-replica': replica };
    const sent = parcel('x-answer', head, headers, body);
    exchange.resolve(new Response(sent, { headers }));
  }

  /** A body that is read as fast as the caller reads: the agent gets credit for what went out. */
  stream(number, exchange) {
    const next = (controller) => {
      const piece = exchange.pieces.shift();
      if (piece !== undefined) {
        controller.enqueue(piece);
        this.hub.passed(number, piece.byteLength);
        return undefined;
      }
      if (exchange.fault !== null) {
        controller.error(new Error(exchange.fault));
        return undefined;
      }
      if (exchange.over) {
        controller.close();
        return undefined;
      }
      return new Promise((resolve) => {
        exchange.pull = () => resolve(next(controller));
      });
    };
    const cancel = () => this.cancel(number, CALLER_GONE);
    return new ReadableStream({ pull: next, cancel }, { highWaterMark: 0 });
  }

  end(number, exchange) {
    this.remove(number);
    exchange.release();
    exchange.wake();
  }

  remove(number) {
    this.open.delete(number);
    if (this.open.size === 0 && this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  /** Nobody waits for it any more. */
  cancel(number, why) {
    const exchange = this.open.get(number);
    if (exchange === undefined) return;
    this.hub.cancel(number, why);
    this.remove(number);
    exchange.pieces = [];
    exchange.fault = 'the call was cancelled';
    exchange.release();
    exchange.wake();
    exchange.resolve(new Response(null, { headers: { 'x-failure': '{"broke":"the body broke off"}' } }));
  }

  look() {
    this.timer = null;
    this.hub.look();
    if (this.open.size > 0) this.timer ??= setTimeout(() => this.look(), LOOK_EVERY);
  }

  /** Sends a call's body, as far as there is credit. */
  async send(number, exchange, link, call) {
    exchange.turn += 1;
    const { turn } = exchange;
    if (exchange.body === null) return;
    if (exchange.body instanceof Uint8Array) {
      if ((await this.pieces(number, exchange, turn, link, call, exchange.body)) && exchange.turn === turn) {
        this.hub.whole(number);
      }
      return;
    }
    // As much as is there, up to a frame's worth: of its own accord the runtime gives 4 KiB at a time.
    exchange.reader = exchange.body.getReader({ mode: 'byob' });
    try {
      for (let room = new Uint8Array(CHUNK); ; ) {
        const { done, value } = await exchange.reader.read(room);
        if (exchange.over) return;
        if (done) break;
        if (!(await this.pieces(number, exchange, turn, link, call, value))) return;
        room = new Uint8Array(value.buffer);
      }
      this.hub.whole(number);
    } catch {
      this.cancel(number, BODY_BROKEN);
    }
  }

  /** Sends some of it; whether all of that went. */
  async pieces(number, exchange, turn, link, call, bytes) {
    let at = 0;
    while (at < bytes.length) {
      const room = this.hub.take(number, Math.min(bytes.length - at, CHUNK));
      if (room === undefined || exchange.turn !== turn) return false;
      if (room === 0) {
        await new Promise((resolve) => {
          exchange.credit = resolve;
        });
        continue;
      }
      const frame = new Uint8Array(HEADER + room);
      frame[0] = VERSION;
      frame[1] = DATA;
      new DataView(frame.buffer).setUint32(2, call);
      frame.set(bytes.subarray(at, at + room), HEADER);
      this.sendRaw(link, frame);
      at += room;
    }
    return true;
  }

  sendRaw(link, frame) {
    try {
      this.sockets.get(link)?.send(frame);
    } catch {
      // It is gone; its end comes.
    }
  }

  // What the hub says.

  /** The bytes are those of the hub's memory, which goes on changing. */
  sendFrame(link, bytes) {
    this.sendRaw(link, bytes.slice());
  }

  close(link, code) {
    try {
      this.forget(link)?.close(code, '');
    } catch {
      // It is gone.
    }
  }

  /** What does not fit would be forgotten in the next sleep: such a link ends. */
  note(link, text) {
    try {
      this.sockets.get(link)?.serializeAttachment(text);
    } catch {
      this.sockets.get(link).close(4400, '');
    }
  }

  belongs(link, replica) {
    this.names.set(link, replica);
  }

  heartbeat(link) {
    const socket = this.sockets.get(link);
    return socket === undefined ? undefined : this.state.getWebSocketAutoResponseTimestamp(socket)?.getTime();
  }

  wakeAt(at) {
    if (at >= this.alarm) return;
    this.alarm = at;
    this.state.storage.setAlarm(at).catch(() => {});
  }

  goes(number, link, call) {
    let exchange = this.open.get(number);
    if (exchange === undefined) {
      exchange = this.coming;
      this.open.set(number, exchange);
    } else {
      const credit = exchange.credit;
      exchange.credit = null;
      credit?.();
    }
    // Behind the frame that opens the call, and no sooner.
    this.send(number, exchange, link, call);
  }

  credit(number) {
    const exchange = this.open.get(number);
    const credit = exchange?.credit;
    if (!credit) return;
    exchange.credit = null;
    credit();
  }

  failed(number, failure) {
    const exchange = this.open.get(number);
    if (exchange === undefined) return;
    this.remove(number);
    exchange.fault = 'the call failed half-way';
    exchange.release();
    exchange.wake();
    exchange.resolve(new Response(null, { headers: { 'x-failure': plain(failure || '{"broke":"text"}') } }));
  }
}
