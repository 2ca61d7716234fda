// The script that listens (app/live.js), with a WebSocket and a clock of the test's own: when it tells, waits, comes
// back and keeps quiet.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

const FIRST = [
  'connections', 'oauthClients', 'users', 'groups', 'session', 'webhooks', 'apps', 'tokens', 'gateways',
];

const sockets = [];
const said = [];
const listeners = {};
let framed = true;
let look;

class FakeSocket {
  static OPEN = 1;

  readyState = 0;

  sent = [];

  constructor(url) {
    this.url = url;
    sockets.push(this);
  }

  send(text) {
    this.sent.push(text);
  }

  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }
}

mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
Object.assign(globalThis, {
  WebSocket: FakeSocket,
  MutationObserver: class {
    constructor(act) {
      look = act;
    }

    observe() {}
  },
  location: { origin: 'https://drawbridge.example' },
  document: {
    hidden: false,
    body: {},
    querySelector: () => (framed ? {} : null),
    addEventListener: (name, act) => Object.assign(listeners, { [name]: act }),
  },
  addEventListener: (name, act) => Object.assign(listeners, { [name]: act }),
  dispatchEvent: ({ type }) => said.push(type.replace('live:', '')),
});
await import('../../app/live.js');

const pass = (milliseconds) => mock.timers.tick(milliseconds);
/** What was told since the last time. */
const heard = () => said.splice(0);
const last = () => sockets.at(-1);
const change = (topic) => last().onmessage({ data: JSON.stringify({ changes: [{ topic }] }) });
/** The reader comes to the tab, or leaves it. */
function turn(hidden) {
  document.hidden = hidden;
  listeners.visibilitychange();
}
/** The socket stands for a while, and what it told at first is over. */
function settle() {
  last().open();
  pass(10_000);
  heard();
}

test('the tab opens one socket and reads anew what changed before it stood', () => {
  assert.deepEqual(sockets.map(({ url }) => url), ['wss://drawbridge.example/api/v1/live']);
  last().open();
  assert.deepEqual(heard(), FIRST);
});

test('a topic is told once a second, however often it changes', () => {
  change('connections');
  change('connections');
  assert.deepEqual(heard(), []);
  pass(1_000);
  assert.deepEqual(heard(), ['connections']);
  pass(1_000);
  change('tenant');
  assert.deepEqual(heard(), ['session']);
  pass(1_000);
});

test('a tab that nobody looks at is told when somebody does', () => {
  turn(true);
  change('audit');
  pass(60_000);
  assert.deepEqual(heard(), []);
  assert.deepEqual(last().sent, []);
  turn(false);
  assert.deepEqual(heard(), ['audit']);
  assert.deepEqual(last().sent, ['ping'], 'and it asks whether the connection stands');
  last().onmessage({ data: 'pong' });
  pass(20_000);
  assert.equal(last().readyState, FakeSocket.OPEN);
});

test('a socket that does not answer is given up, and another one opened', () => {
  last().sent.length = 0;
  pass(30_000);
  assert.ok(last().sent.includes('ping'));
  pass(10_000);
  assert.equal(sockets[0].readyState, 3);
  pass(1_000);
  assert.equal(sockets.length, 2);
});

test('the reader is told after ten seconds, and told when it is over', () => {
  // The other one finds nobody.
  pass(8_000);
  assert.deepEqual(heard(), []);
  pass(1_000);
  assert.deepEqual(heard(), ['lost', 'session'], 'the session may have ended');
  last().open();
  assert.deepEqual(heard(), ['back', ...FIRST, 'audit'], 'whatever happened meanwhile');
  pass(10_000);
  assert.deepEqual(heard(), []);
});

test('who is sent away comes back, and asks who they are when they may not', () => {
  const before = sockets.length;
  last().onclose({ code: 4000 });
  assert.deepEqual(heard(), []);
  pass(1_000);
  assert.equal(sockets.length, before + 1);
  last().open();
  assert.ok(heard().includes('session'));
  pass(10_000);
  last().onclose({ code: 4000 });
  pass(1_000);
  heard();
  last().onclose({ code: 1006 });
  assert.deepEqual(heard(), ['session'], 'the session may have ended');
  pass(2_000);
  settle();
});

test('a page that nobody uses for an hour is told nothing until somebody does', () => {
  for (let minutes = 0; minutes < 60; minutes += 0.5) {
    pass(30_000);
    last().onmessage({ data: 'pong' });
  }
  heard();
  change('connections');
  pass(10_000);
  assert.deepEqual(heard(), [], 'reading would be a use of the session');
  last().onclose({ code: 4000 });
  pass(1_000);
  settle();
  assert.deepEqual(heard(), [], 'and so would asking who is signed in');
  listeners.keydown();
  assert.deepEqual(heard().sort(), [...FIRST, 'audit'].sort());
  pass(10_000);
  last().onmessage({ data: 'pong' });
});

test('one that is opened and closed at once is opened less and less often', () => {
  const before = sockets.length;
  for (let at = 0; at < 3; at += 1) {
    last().onclose({ code: 4000 });
    pass(2 ** at * 500 - 1);
    assert.equal(sockets.length, before + at, 'no sooner than half of the wait');
    pass(2 ** at * 500 + 1);
    assert.equal(sockets.length, before + at + 1);
    last().open();
  }
  pass(10_000);
  heard();
});

test('one tab too many rests until the reader comes to it', () => {
  const before = sockets.length;
  last().onclose({ code: 4001 });
  pass(9_000);
  assert.equal(sockets.length, before);
  turn(false);
  assert.equal(sockets.length, before + 1);
  settle();
});

test('a lost connection of a hidden tab is nobody\'s concern', () => {
  const before = sockets.length;
  turn(true);
  last().onclose({ code: 1006 });
  pass(120_000);
  assert.deepEqual([sockets.length, heard()], [before, []]);
  turn(false);
  assert.equal(sockets.length, before + 1);
  settle();
});

test('nothing is open for who is signed out', () => {
  const before = sockets.length;
  framed = false;
  look();
  assert.equal(last().readyState, 3);
  pass(120_000);
  assert.deepEqual([sockets.length, heard()], [before, []]);
  framed = true;
  look();
  assert.equal(sockets.length, before + 1);
  last().open();
  assert.deepEqual(heard(), FIRST, 'the next one begins anew');
});
