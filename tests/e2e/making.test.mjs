// Making a connection in every other way than by signing in, and all that can go wrong with the form.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, choose, field, heading, link, openForm, panel, radio, row, see } from './steps.mjs';
import { assertAccessible, stage, visit } from './support.mjs';

const on = stage();

/** How many connections with this name the server knows. */
const count = async (name) => (await on.product.api.call('GET', `connections?search=${encodeURIComponent(name)}`)).items.length;

async function openKeyForm(page) {
  const add = await openForm(page, on.product);
  await radio(add, 'API key').check();
  return add;
}

test('a wrong API key is refused in words, what was typed stays, and the right key connects', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openKeyForm(page);
  await field(add, 'Connection name').fill('By key');
  await field(add, 'API key').fill('sandbox-key-nobody');
  await button(add, 'Connect').click();

  const refusal = add.getByRole('alert').filter({ hasText: 'The provider does not accept these credentials' });
  await refusal.waitFor();
  await see(refusal, 'Nothing was saved.');
  assert.equal(await field(add, 'Connection name').inputValue(), 'By key');
  assert.equal(await field(add, 'API key').inputValue(), 'sandbox-key-nobody');
  assert.ok(await radio(add, 'API key').isChecked());
  assert.equal(await count('By key'), 0);
  await assertAccessible(page, 'the form with a refused key');

  await field(add, 'API key').fill('sandbox-key-grace');
  await button(add, 'Connect').click();
  await add.waitFor({ state: 'hidden' });
  await see(row(page, 'By key'), 'Active');
  await see(page.getByRole('region', { name: 'Notifications' }), '“By key”: Connected as Grace Hopper (grace@sandbox.example)');
  assert.equal(await count('By key'), 1);
  await assertAccessible(page, 'the list with a new row');
});

test('client credentials connect without anybody signing in', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openForm(page, on.product);
  await radio(add, 'Client credentials').check();
  assert.equal(await field(add, 'Client ID').inputValue(), 'drawbridge-dev', 'the preset');
  await field(add, 'Connection name').fill('By machine');
  await field(add, 'Client secret').fill('wrong');
  await button(add, 'Connect').click();
  await see(add, 'The provider does not accept these credentials');
  await field(add, 'Client secret').fill('drawbridge-dev-secret');
  await button(add, 'Connect').click();
  await add.waitFor({ state: 'hidden' });
  await link(page, 'By machine').click();
  await see(page, 'drawbridge-dev (application)');
  await assertAccessible(page, 'the page of a connection of a machine');
});

test('a name says which character is not allowed, before anything is sent', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openKeyForm(page);
  const name = field(add, 'Connection name');
  await field(add, 'API key').fill('sandbox-key-ada');
  const before = (await on.product.api.call('GET', 'connections')).items.length;
  for (const sign of '<>"\'\\/{}[]%$#*^!@~?=,;`') {
    await name.fill(`A${sign}B`);
    await name.blur();
    await add.getByText(`The character ${sign} is not allowed here.`, { exact: true }).waitFor();
  }
  await assertAccessible(page, 'the form with a forbidden character');
  for (const [typed, words] of [
    ['', 'Fill this in.'],
    ['   ', 'Fill this in.'],
    ['a'.repeat(101), 'Use at most 100 characters.'],
    ['Sales\u202eforce', 'Remove the invisible character: it is not allowed here.'],
  ]) {
    await name.fill(typed);
    await button(add, 'Connect').click();
    await see(add, words);
    assert.ok(await name.evaluate((input) => input === document.activeElement), 'the first error has the keyboard');
  }
  assert.equal((await on.product.api.call('GET', 'connections')).items.length, before, 'nothing was sent');

  await name.fill('  顧客 🚀 العملاء  ');
  await button(add, 'Connect').click();
  await add.waitFor({ state: 'hidden' });
  await link(page, '顧客 🚀 العملاء').waitFor();
});

test('pressing Connect twice makes one connection', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openKeyForm(page);
  await field(add, 'Connection name').fill('Only one');
  await field(add, 'API key').fill('sandbox-key-ada');
  await button(add, 'Connect').dblclick();
  await add.waitFor({ state: 'hidden' });
  await see(row(page, 'Only one'), 'Active');
  assert.equal(await count('Only one'), 1);
  assert.equal(await row(page, 'Only one').count(), 1);
});

test('a panel with something typed asks before it closes; one without does not', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openForm(page, on.product);
  await page.keyboard.press('Escape');
  await add.waitFor({ state: 'hidden' });

  await openForm(page, on.product);
  const name = field(add, 'Connection name');
  await name.fill('Half way');
  await button(add, 'Close').click();
  const question = page.getByRole('alertdialog', { name: 'Discard changes in “Add connection”?' });
  await question.waitFor();
  await assertAccessible(page, 'the question before a form is closed');
  await button(question, 'Keep editing').click();
  await question.waitFor({ state: 'hidden' });
  assert.equal(await name.inputValue(), 'Half way');

  await name.press('Escape');
  await question.waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  assert.equal(await name.inputValue(), 'Half way');

  await name.press('Escape');
  await button(question, 'Discard').click();
  await add.waitFor({ state: 'hidden' });
  assert.equal(new URL(page.url()).search, '');
  await openForm(page, on.product);
  assert.equal(await name.inputValue(), '', 'what was discarded is gone');
});

test('the panel is in the address: Back closes it, and a link opens it at its connector', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Add connection').click();
  const add = await choose(page, 'Sandbox CRM');
  await see(add, 'Step 2 of 2: Sandbox CRM');
  assert.equal(new URL(page.url()).searchParams.get('add'), 'sandbox-crm');
  await page.goBack();
  await see(add, 'Step 1 of 2');
  assert.ok(await radio(add, 'Sandbox CRM').isChecked(), 'what was chosen stays chosen');
  await page.goBack();
  await add.waitFor({ state: 'hidden' });
  await page.goForward();
  await see(add, 'Step 1 of 2');

  await openForm(page, on.product);
  await see(add, 'Step 2 of 2: Sandbox CRM');
  await button(add, 'Back').click();
  await see(add, 'Step 1 of 2');

  await page.goto(on.product.at('automate/connections?add=no-such-thing'));
  await see(add, 'There is no such connector');
  await assertAccessible(page, 'the panel for a connector that is not there');
  await link(add, 'Choose another connector').click();
  await see(add, 'Step 1 of 2');
});

test('connectors are searched, and Next says why it waits', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections?add=1'));
  const add = panel(page, 'Add connection');
  const next = button(add, 'Next');
  await next.waitFor();
  assert.equal(await next.getAttribute('aria-disabled'), 'true');
  await next.focus();
  await see(add, 'Choose a connector first.');
  await add.getByRole('searchbox', { name: 'Search connectors' }).fill('sales');
  await radio(add, 'Salesforce').waitFor();
  await radio(add, 'Box').waitFor({ state: 'detached' });
  await add.getByRole('searchbox', { name: 'Search connectors' }).fill('no such service');
  await see(add, 'No connector matches');
  await assertAccessible(page, 'the choice of a connector with nothing found');
  await add.getByRole('searchbox', { name: 'Search connectors' }).fill('zen');
  await radio(add, 'Zendesk').check();
  await button(add, 'Next').click();
  await see(add, 'Step 2 of 2: Zendesk');
  await assertAccessible(page, 'the form of a connector with settings');
});

test('the sandbox may fail while a connection is made: the form says so and keeps what was typed', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, expected: /status of 502/ });
  const add = await openKeyForm(page);
  await field(add, 'Connection name').fill('Later');
  await field(add, 'API key').fill('sandbox-key-ada');
  on.product.sandbox.state.switches.add({ kind: 'status', status: 503, target: 'api', times: 1 });
  await button(add, 'Connect').click();
  await see(add, 'The provider did not give a usable answer');
  assert.equal(await field(add, 'API key').inputValue(), 'sandbox-key-ada');
  assert.equal(await count('Later'), 0);
  await button(add, 'Connect').click();
  await add.waitFor({ state: 'hidden' });
  assert.equal(await count('Later'), 1);
});

test('a service of one\'s own is reached only under a public address, and every field says what it wants', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openForm(page, on.product, 'http');
  const ways = ['API key in a header', 'API key in the address', 'User name and password', 'Bearer token', 'OAuth 2.0: sign in'];
  for (const way of [...ways, 'OAuth 2.0: client credentials']) {
    await radio(add, way).check();
    await assertAccessible(page, `the form for ${way}`);
  }
  await radio(add, 'Bearer token').check();
  await field(add, 'Connection name').fill('Inward');
  await field(add, 'Path to check with').fill('me');
  await field(add, 'Token').fill('a token with blanks');
  for (const address of ['http://api.example.com', 'https://localhost/', 'https://127.0.0.1/', 'https://[::1]/', 'https://ada:secret@example.com/']) {
    await field(add, 'Base URL').fill(address);
    await button(add, 'Connect').click();
    await see(add, 'Give a public address that starts with https://');
  }
  await see(add, 'Give a path that starts with one /');
  await see(add, 'Leave out the blanks.');
  assert.equal(await field(add, 'Base URL').inputValue(), 'https://ada:secret@example.com/');
  assert.equal(await count('Inward'), 0);
});
