// A connection whose provider fails: Test says what happened, why, and what to do; the page keeps it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, decide, field, heading, openForm, panel, popUp, see } from './steps.mjs';
import { assertAccessible, stage, visit } from './support.mjs';

const on = stage();

/** What the provider does, and what is then to be read. */
const FAULTS = [
  [{ kind: 'status', status: 401 }, 'Invalid', 'The provider does not accept the credentials.', 'Check the credentials at the provider'],
  [{ kind: 'status', status: 403 }, 'Invalid', 'The provider asks for a consent or a permission that is missing.', 'Sign in at the provider again.'],
  [{ kind: 'status', status: 429, retryAfter: 5 }, 'Degraded', 'The provider limits how often it can be called.', 'Wait a little, then test again.'],
  [{ kind: 'status', status: 500, description: 'A wheel came off.' }, 'Degraded', 'The provider answered with an error.', 'A wheel came off.'],
  [{ kind: 'close' }, 'Degraded', 'The provider could not be reached.', 'Test again in a while.'],
  [{ kind: 'malformed_json' }, 'Degraded', "The provider's answer could not be understood.", 'Test again in a while.'],
  [{ kind: 'ok_with_error_body' }, 'Degraded', 'The call failed, although the status says otherwise.', 'Test again in a while.'],
  [{ kind: 'not_json_content_type' }, 'Degraded', "The provider's answer could not be understood.", 'Test again in a while.'],
  [{ kind: 'huge_body', bytes: 8_000_000 }, 'Degraded', "The provider's answer could not be understood.", 'Test again in a while.'],
  [{ kind: 'redirect', location: 'http://169.254.169.254/' }, 'Degraded', "The provider's answer could not be understood.", 'Test again in a while.'],
  [{ kind: 'timeout' }, 'Degraded', 'The provider did not answer in time.', 'Test again in a while.'],
];

const facts = (page) => page.getByRole('region', { name: 'Status' });

for (const [fault, status, reason, remedy] of FAULTS) {
  const { kind, status: code = '' } = fault;
  test(`${kind} ${code} makes a connection ${status.toLowerCase()}`, async (t) => {
    const { product, browser } = on;
    const name = `Failing by ${kind} ${code}`.trim().replaceAll('_', ' ');
    const { id } = await product.api.connect(name);
    const page = await visit(t, browser, { signedIn: product });
    await page.goto(product.at(`automate/connections/${id}`));
    await heading(page, name).waitFor();
    const { id: fuse } = product.sandbox.state.switches.add({ ...fault, target: 'api' });
    t.after(() => product.sandbox.state.switches.remove({ id: fuse }));
    await button(page, 'Test').click();
    await facts(page).getByText(reason).first().waitFor({ timeout: 25_000 });
    await see(page.getByRole('main'), status);
    await see(facts(page), remedy);
    if (code === 401 || code === 429) await assertAccessible(page, `the page of a connection that is ${status}`);

    await page.reload();
    await see(facts(page), reason);
    await see(page.getByRole('region', { name: 'History' }), status);

    product.sandbox.state.switches.remove({ id: fuse });
    await button(page, 'Test').click();
    await see(page, 'Proved just now');
    await see(facts(page), 'The last check succeeded.');
  });
}

test('a grant that was revoked makes a connection invalid, and signing in again mends it', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser, { signedIn: product });
  const add = await openForm(page, product);
  await field(add, 'Connection name').fill('Revoked');
  await decide(await popUp(page, () => button(add, 'Connect').click()));
  await see(add, 'Connected as Ada Lovelace');
  await button(add, 'Done').click();
  await page.getByRole('link', { name: 'Revoked', exact: true }).click();
  await heading(page, 'Revoked').waitFor();

  product.sandbox.state.switches.add({ kind: 'expired_token' });
  await button(page, 'Test').click();
  await see(page, 'Proved just now');

  product.sandbox.state.switches.add({ kind: 'revoked_grant' });
  await button(page, 'Test').click();
  await see(facts(page), 'The access was revoked or has ended at the provider.');
  await see(page.getByRole('main'), 'Invalid');
  await assertAccessible(page, 'the page of a connection whose grant was revoked');

  await button(page, 'Reconnect').first().click();
  const again = panel(page, 'Sign in at the provider');
  const popup = await popUp(page, () => button(again, 'Sign in at Sandbox CRM').click());
  await decide(popup, 'Allow', null);
  await see(again, 'Connected as Ada Lovelace');
  await button(again, 'Done').click();
  await see(facts(page), 'The last check succeeded.');
  assert.equal((await product.api.call('GET', 'connections?search=Revoked')).items.length, 1);
});

test('a connection that is not there says so', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser, { signedIn: product });
  for (const id of ['con_0000000001zzzzzzzzzzzzzzzz', 'nonsense']) {
    await page.goto(product.at(`automate/connections/${id}`));
    await heading(page, 'There is no such connection').waitFor();
    await assertAccessible(page, 'the page of a connection that is not there');
  }
  await page.getByRole('link', { name: 'All connections' }).click();
  await heading(page, 'Connections').waitFor();
});
