// The receivers of webhooks: what they are sent is kept, verified, and refused where it should be.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { control } from './driver.mjs';
import { startSandbox } from './sandbox.mjs';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

let sandbox;

before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.close());
beforeEach(() => sandbox.state.reset());

function send(name, secret, id = 'msg_1') {
  const now = new Date();
  const body = '{"type":"a.thing"}';
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return fetch(`${sandbox.origin}/hooks/${name}`, { method: 'POST', headers, body });
}

test('a receiver without a secret takes everything; one with secrets what one of them signed', async () => {
  assert.equal((await send('desk', SECRET)).status, 200);
  const put = (secrets) =>
    fetch(`${sandbox.origin}/sandbox/hooks/desk`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secrets }),
    });
  assert.equal((await put([SECRET, OTHER])).status, 204);
  assert.equal((await send('desk', OTHER)).status, 200);
  assert.equal((await put([SECRET])).status, 204);
  assert.equal((await send('desk', OTHER)).status, 401);
  assert.equal((await put('all')).status, 400);
  const body = await fetch(`${sandbox.origin}/sandbox/hooks/desk`).then((answer) => answer.json());
  assert.deepEqual(body.messages.map((one) => one.verified), [[], [false, true], [false]]);
  assert.equal(body.messages[0].body, '{"type":"a.thing"}');
  assert.equal(body.messages[0].headers['webhook-id'], 'msg_1');
});

test('switches and other methods', async () => {
  const { body } = await control(sandbox.origin, 'switches', { kind: 'status', target: 'hook', status: 500, times: 1, path: '/hooks/desk' });
  assert.equal(body.target, 'hook');
  assert.equal((await send('other', SECRET)).status, 200);
  assert.equal((await send('desk', SECRET)).status, 500);
  assert.equal((await send('desk', SECRET)).status, 200);
  assert.equal((await fetch(`${sandbox.origin}/hooks/desk`)).status, 405);
  assert.equal((await send('Desk', SECRET)).status, 404);
});
