// Using a connection from its own page: operations tried, with good values, bad ones and a provider that fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, field, heading, panel, see } from './steps.mjs';
import { assertAccessible, assertFits, stage, visit } from './support.mjs';

const on = stage();

/** A connection's page, as the person who may use it. */
async function open(t, name, options) {
  const connection = await on.product.api.connect(name);
  const page = await visit(t, on.browser, { ...options, signedIn: on.product });
  await page.goto(on.product.at(`automate/connections/${connection.id}`));
  await heading(page, name).waitFor();
  return { page, connection };
}

const select = (place, name) => place.getByRole('combobox', { name });

test('a contact is made, found in a list of choices, read and deleted', async (t) => {
  const { page } = await open(t, 'Address book');
  await see(page, 'Last used');
  await button(page, 'Try it: Create contact').click();
  const trying = panel(page, 'Try an operation');
  await see(trying, 'Adds a contact to the address book.');
  assert.match(page.url(), /[?&]try=create-contact/);
  await assertAccessible(page, 'the form of an operation');
  await button(trying, 'Run').click();
  await see(trying, 'Fill this in.');
  assert.ok(await field(trying, 'Name').evaluate((box) => box === document.activeElement), 'the keyboard is at the error');
  await assertAccessible(page, 'the form with an error');
  await field(trying, 'Name').fill('Hedy Lamarr');
  await field(trying, 'E-mail address').fill('hedy@example.com');
  await field(trying, 'Tags').fill('customer');
  await button(trying, 'Run').click();
  await see(trying, 'The provider did it');
  await see(trying, '201');
  await see(trying, '"Hedy Lamarr"');
  await assertAccessible(page, 'an answer as a tree');
  await trying.getByRole('tab', { name: 'Text' }).click();
  await see(trying, '"name": "Hedy Lamarr"');
  await assertAccessible(page, 'an answer as text');

  await select(trying, 'Operation').selectOption('get-contact');
  const contact = select(trying, 'Contact');
  await contact.locator('option', { hasText: 'Hedy Lamarr' }).waitFor({ state: 'attached' });
  await contact.selectOption({ label: 'Hedy Lamarr' });
  await button(trying, 'Run').click();
  await see(trying, 'hedy@example.com');

  await page.reload();
  await see(panel(page, 'Try an operation'), 'Reads one contact.');
  await page.keyboard.press('Escape');
  await panel(page, 'Try an operation').waitFor({ state: 'hidden' });
  assert.doesNotMatch(page.url(), /try=/);
});

test('a list goes on page by page, and the call is copied for a terminal', async (t) => {
  const { page, connection } = await open(t, 'Pages');
  // The page may write to the clipboard and never read it; so the browser tells what is written.
  await page.addInitScript(() => {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
      globalThis.written = text;
      return write(text);
    };
  });
  await page.context().grantPermissions(['clipboard-write']);
  await page.reload();
  await button(page, 'Try it: List contacts').click();
  const trying = panel(page, 'Try an operation');
  await field(trying, 'Page size').fill('2');
  await button(trying, 'Run').click();
  await see(trying, 'The provider did it');
  await button(trying, 'Next page').click();
  await button(trying, 'Next page').waitFor();
  await button(trying, 'Copy as curl').click();
  const copied = await page.evaluate(() => globalThis.written);
  assert.ok(copied.includes(`/api/v1/connections/${connection.id}/operations/list-contacts`), copied);
  assert.ok(copied.includes('"limit":2'), copied);
});

test('every failure has its words', async (t) => {
  const { page } = await open(t, 'Failures', { expected: /status of 502/ });
  await button(page, 'Try it: Get contact').click();
  const trying = panel(page, 'Try an operation');
  await select(trying, 'Contact').locator('option').nth(1).waitFor({ state: 'attached' });
  await select(trying, 'Contact').selectOption({ index: 1 });
  for (const [options, words] of [
    [{ kind: 'status', status: 404 }, 'has no such thing'],
    [{ kind: 'status', status: 403 }, 'may not do this'],
    [{ kind: 'status', status: 429, retryAfter: 60 }, 'Try again in 60 seconds'],
    [{ kind: 'redirect', location: 'http://169.254.169.254/' }, 'which is none of the hosts of Sandbox CRM'],
  ]) {
    on.product.sandbox.state.switches.add({ ...options, target: 'api', path: '/generic/contacts', times: 1 });
    await button(trying, 'Run').click();
    await see(trying, words);
  }
  await assertAccessible(page, 'a failure');
});

test('a key that is not accepted any more makes the connection invalid, and nothing can be tried', async (t) => {
  const { page } = await open(t, 'Refused');
  await button(page, 'Try it: Tags').click();
  const trying = panel(page, 'Try an operation');
  await see(trying, 'The tags that a contact can carry.');
  const { id } = on.product.sandbox.state.switches.add({ kind: 'status', status: 401, target: 'api', path: '/generic' });
  t.after(() => on.product.sandbox.state.switches.remove({ id }));
  await button(trying, 'Run').click();
  await see(trying, 'The connection does not work');
  await page.keyboard.press('Escape');
  await see(page, 'Invalid');
  await assertAccessible(page, 'the page of an invalid connection');
  assert.equal(await button(page, 'Try it: Tags').getAttribute('aria-disabled'), 'true');
});

test('on a phone the answer fits', async (t) => {
  const { page } = await open(t, 'On a phone', { viewport: { width: 360, height: 740 } });
  await button(page, 'Try it: List contacts').click();
  const trying = panel(page, 'Try an operation');
  await button(trying, 'Run').click();
  await see(trying, 'The provider did it');
  await assertFits(page, 'the panel on a phone');
  await assertAccessible(page, 'the panel on a phone');
});
