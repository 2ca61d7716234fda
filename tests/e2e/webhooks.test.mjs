// Webhooks: an address is told of events, what was sent is seen and sent again, the secret is shown once and rotated.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { addDesigner } from './people.mjs';
import { Api, PERSON } from './api.mjs';
import { button, field, heading, link, panel, row, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

const on = stage();

const notices = (page) => page.getByRole('region', { name: 'Notifications' });
const dialog = (page) => page.getByRole('alertdialog');
const receiver = (name) => on.product.sandbox.state.hooks.at(name);
const address = (name) => `${on.product.sandbox.origin}/hooks/${name}`;
const fails = (name, switched) => on.product.sandbox.state.switches.add({ target: 'hook', path: `/hooks/${name}`, ...switched });
/** One delivery in the panel. */
const delivery = (log, text) => log.locator('section').filter({ hasText: text });

const audited = async (page, name) => {
  await assertAccessible(page, name);
  await assertFits(page, name);
};

async function choose(page, webhook, item) {
  await button(page, `Actions for “${webhook}”`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

function invite(email) {
  const body = { email, firstName: email.split('@')[0], lastName: 'Hopper', role: 'designer' };
  return on.product.api.call('POST', 'users', body, { 'idempotency-key': crypto.randomUUID() });
}

test('from the first address to its end', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/license'));
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Webhooks' }).click();
  await heading(page, 'Webhooks').waitFor();
  await see(page, 'No webhooks yet');
  await audited(page, 'no webhooks');

  // An address that is not of the public Internet is refused in words.
  await button(page, 'Add webhook').first().click();
  const add = panel(page, 'Add webhook');
  await button(add, 'Add webhook').click();
  await see(add, 'Fill this in.');
  await audited(page, 'the form of a webhook with errors');
  await field(add, 'Name').fill('Service desk');
  await field(add, 'Address').fill('https://169.254.169.254/latest/meta-data');
  await button(add, 'Add webhook').click();
  await see(add, 'Use an https address on the public Internet');
  await audited(page, 'a webhook that is refused');
  await field(add, 'Address').fill(address('desk'));
  for (const box of await add.getByRole('checkbox').all()) await box.uncheck();
  await button(add, 'Add webhook').click();
  await see(add, 'Choose at least one event.');
  await add.getByRole('checkbox', { name: 'A user is invited' }).check();
  await button(add, 'Add webhook').click();

  // The secret, once.
  const told = panel(page, 'New signing secret');
  const secret = await field(told, 'Signing secret').inputValue();
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await audited(page, 'the secret of a webhook');
  await button(told, 'Done').click();
  await row(page, 'Service desk').waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await audited(page, 'the list of webhooks');
  receiver('desk').secrets = [secret];

  // A test arrives, and the library of Standard Webhooks takes its signature.
  await choose(page, 'Service desk', 'Send test');
  await see(notices(page), 'Test sent. Attempt 1: It answered 200.');
  const [{ body, headers }] = receiver('desk').messages;
  assert.equal(new Webhook(secret).verify(body, headers).type, 'webhook.test');
  assert.throws(() => new Webhook(secret).verify(`${body} `, headers));

  // An event that the receiver does not take at first waits, says so, and is sent again by hand.
  fails('desk', { kind: 'status', status: 500, times: 1, description: 'The desk is closed.' });
  await invite('grace@northwind.example');
  await eventually(() => assert.equal(receiver('desk').messages.length, 2));
  await page.reload();
  await see(row(page, 'Service desk'), 'Failing');
  await link(page, 'Service desk').click();
  const log = panel(page, 'Service desk');
  const waits = delivery(log, 'user.invited');
  await see(waits, 'Waiting');
  await see(waits, 'Attempt 1: It answered 500.');
  await see(waits, 'The desk is closed.');
  await see(waits, 'Next attempt');
  await waits.getByText('Message', { exact: true }).click();
  await see(waits, '"type":"user.invited"');
  await audited(page, 'the deliveries of a webhook');
  await button(waits, 'Deliver again').click();
  await see(waits, 'Delivered');
  await see(waits, 'Attempt 2: It answered 200.');
  const ids = () => receiver('desk').messages.map((message) => message.headers['webhook-id']);
  assert.equal(ids()[2], ids()[1], 'the same message');
  // What arrived can be sent again too.
  await button(delivery(log, 'user.invited'), 'Deliver again').click();
  await eventually(async () => assert.equal(await delivery(log, 'user.invited').count(), 2));
  assert.equal(ids()[3], ids()[1]);
  await page.keyboard.press('Escape');
  await log.waitFor({ state: 'detached' });
  await see(row(page, 'Service desk'), 'Enabled');

  // A new secret: for a day both sign.
  await choose(page, 'Service desk', 'Rotate secret');
  await see(dialog(page), 'The present one signs too for 24 hours');
  await audited(page, 'asking before a secret is rotated');
  await button(dialog(page), 'Rotate secret').click();
  const next = await field(told, 'Signing secret').inputValue();
  assert.match(next, /^whsec_/);
  assert.notEqual(next, secret);
  await audited(page, 'the new secret of a webhook');
  await button(told, 'Done').click();
  receiver('desk').secrets = [secret, next];
  await choose(page, 'Service desk', 'Send test');
  await eventually(() => assert.deepEqual(receiver('desk').messages.at(-1).verified, [true, true]));

  // Switched off, it is told nothing, and why nothing is delivered again stands there.
  await choose(page, 'Service desk', 'Edit');
  const edit = panel(page, 'Edit webhook');
  assert.equal(await field(edit, 'Address').inputValue(), address('desk'));
  assert.equal(await edit.getByRole('checkbox', { name: 'A user is invited' }).isChecked(), true);
  assert.equal(await edit.getByRole('checkbox', { name: 'A connection is deleted' }).isChecked(), false);
  await see(edit, 'signs too until');
  await audited(page, 'the form of a webhook that is there');
  await field(edit, 'Name').fill('Night desk');
  await edit.getByRole('checkbox', { name: 'Enabled' }).uncheck();
  await button(edit, 'Save').click();
  await see(row(page, 'Night desk'), 'Disabled');
  await see(row(page, 'Night desk'), 'Somebody disabled it.');
  const sent = receiver('desk').messages.length;
  await invite('alan@northwind.example');
  await link(page, 'Night desk').click();
  const night = panel(page, 'Night desk');
  const again = delivery(night, 'user.invited').first().getByRole('button', { name: 'Deliver again' });
  await eventually(async () => assert.equal(await again.getAttribute('aria-disabled'), 'true'));
  await again.focus();
  await page.getByRole('tooltip').filter({ hasText: 'The webhook is disabled. Enable it first.', visible: true }).waitFor();
  await audited(page, 'the deliveries of a webhook that is disabled');
  await page.goto(on.product.at('settings/webhooks'));
  assert.equal(receiver('desk').messages.length, sent);

  await choose(page, 'Night desk', 'Delete');
  await see(dialog(page), 'Nothing is sent to it any more');
  await audited(page, 'asking before a webhook is deleted');
  await button(dialog(page), 'Delete').click();
  await see(page, 'No webhooks yet');
  // A link to what is not there any more says so.
  await page.goto(on.product.at('settings/webhooks?open=log&webhook=whk_00000000000000000000000000'));
  await see(page.getByRole('dialog'), 'It may have been deleted');
  await assertAccessible(page, 'the deliveries of a webhook that is not there');
});

test('two people change a webhook at the same moment: the later one is told', async (t) => {
  const { webhook } = await on.product.api.call('POST', 'webhooks', { name: 'Twice', url: address('twice'), events: ['user.invited'] });
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at(`settings/webhooks?open=edit&webhook=${webhook.id}`));
  const edit = panel(page, 'Edit webhook');
  await eventually(async () => assert.equal(await field(edit, 'Name').inputValue(), 'Twice'));
  await on.product.api.call('PATCH', `webhooks/${webhook.id}`, { name: 'Changed' }, { 'if-match': '"v1"' });
  await field(edit, 'Name').fill('Mine');
  await button(edit, 'Save').click();
  await see(edit, 'It is now “Changed”. Save again to replace it');
  assert.equal(await field(edit, 'Name').inputValue(), 'Mine', 'what was typed stays');
  await audited(page, 'a webhook that somebody else changed');
  await button(edit, 'Save').click();
  await row(page, 'Mine').waitFor();
  await page.goto('about:blank');
  await on.product.api.call('DELETE', `webhooks/${webhook.id}`);
});

test('on a phone everything fits', async (t) => {
  const { webhook } = await on.product.api.call('POST', 'webhooks', {
    name: 'Reporting in the warehouse of the second building',
    url: `${address('phone')}?token=${'x'.repeat(120)}`,
    events: ['connection.invalid', 'connection.recovered', 'connection.deleted', 'user.invited'],
  });
  await on.product.api.call('POST', `webhooks/${webhook.id}/test`);
  const page = await visit(t, on.browser, { signedIn: on.product, ...PHONE });
  for (const open of ['', '?open=add', `?open=edit&webhook=${webhook.id}`, `?open=log&webhook=${webhook.id}`, `?open=rotate&webhook=${webhook.id}`, `?open=delete&webhook=${webhook.id}`]) {
    await page.goto(on.product.at(`settings/webhooks${open}`));
    await page.getByRole('link', { name: 'Reporting in the warehouse of the second building' }).or(page.getByRole('dialog')).or(dialog(page)).first().waitFor();
    if (open.includes('log')) await see(page, 'It answered 200.');
    await audited(page, `webhooks${open} on a phone`);
  }
});

test('a Designer is told which role it needs, and the API refuses', async (t) => {
  await on.product.restart((state) =>
    addDesigner(state, { email: 'dora@northwind.example', firstName: 'Dora', lastName: 'Sign', group: 'Designers' }),
  );
  const api = await Api.signIn(on.product.origin, { email: 'dora@northwind.example', password: PERSON.password });
  assert.equal((await api.send('GET', 'webhooks')).status, 403);
  const page = await visit(t, on.browser, { signedIn: { api } });
  await page.goto(on.product.at('settings/webhooks'));
  await heading(page, 'You cannot open this page').waitFor();
  await see(page, 'It needs the role Automation administrator or above.');
  const entry = page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: /^Webhooks/ });
  assert.equal(await entry.getAttribute('aria-disabled'), 'true');
  await assertAccessible(page, 'webhooks for a Designer');
});
