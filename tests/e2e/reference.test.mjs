// The API's reference at /docs: read by anybody, tried by who is signed in or has a token.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, heading, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const on = stage();

const docs = (place = '') => `${on.product.origin}/docs${place}`;
const section = (page, name) => page.getByRole('region', { name, exact: true });
const side = (page) => page.getByRole('navigation', { name: 'Operations' });
const once = () => ({ 'idempotency-key': crypto.randomUUID() });

test('who is not signed in reads every operation, and is told what it takes', async (t) => {
  const page = await visit(t, on.browser);
  const loaded = [];
  page.on('request', (request) => loaded.push(new URL(request.url())));
  await page.goto(docs());
  await heading(page, 'API reference').waitFor();
  const document = await (await fetch(`${on.product.origin}/api/openapi.json`)).json();
  const methods = ['get', 'post', 'put', 'patch', 'delete'];
  const number = Object.values(document.paths).flatMap((item) => methods.filter((method) => item[method])).length;
  assert.equal(await side(page).getByRole('listitem').count(), number);
  await see(page, `${number} operations`);
  await assertAccessible(page, 'the reference');
  await side(page).getByRole('link', { name: 'Make a connection' }).click();
  await heading(page, 'Make a connection').waitFor();
  assert.equal(new URL(page.url()).hash, '#operation/makeConnection');
  assert.equal(await page.title(), 'Make a connection · API reference · Drawbridge');
  await see(section(page, 'Who may call it'), 'manage:connection');
  await see(section(page, 'Parameters'), 'Idempotency-Key');
  await see(section(page, 'Body'), '1 to 100 characters');
  await see(section(page, 'Answers'), 'quota_exceeded');
  await assertAccessible(page, 'an operation');
  for (const address of loaded) {
    assert.equal(address.origin, on.product.origin, 'nothing comes from elsewhere');
    assert.ok(!address.pathname.endsWith('.wasm'), 'the console is not loaded');
  }
});

test('operations are searched, and each has an address of its own', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(docs('#operation/listConnections'));
  await heading(page, 'List connections').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('rotate apps/{app}');
  await see(side(page), '1 of ');
  await page.keyboard.press('Enter');
  await heading(page, "Rotate an app's secret").waitFor();
  await page.goBack();
  await heading(page, 'List connections').waitFor();
  await page.getByRole('searchbox').fill('no such thing');
  await see(page, 'No operation found');
  await assertAccessible(page, 'a search without a match');
  await page.goto(docs('#operation/nothing'));
  await page.reload();
  await see(page.getByRole('alert'), 'There is no operation “nothing”.');
  await assertAccessible(page, 'an address that leads nowhere');
});

test('who is signed in tries an operation, and sees request and answer', async (t) => {
  await on.product.api.call('POST', 'groups', { name: 'Phone book' }, once());
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(docs('#operation/listGroups'));
  const trial = section(page, 'Try it');
  await trial.getByRole('textbox', { name: 'search' }).fill("book's");
  await see(trial, 'search=book%27s');
  await trial.getByRole('textbox', { name: 'search' }).fill('book');
  const curl = trial.getByRole('group', { name: 'The request for curl' });
  await see(curl, `curl -i '${on.product.origin}/api/v1/groups?search=book'`);
  await button(trial, 'Send').click();
  await see(trial, '200 OK');
  await see(trial.getByRole('group', { name: 'Body of the answer' }), '"name": "Phone book"');
  await trial.getByText('Headers', { exact: true }).click();
  await see(trial, 'x-request-id: req_');
  await assertAccessible(page, 'an answer');

  // What changes something passes the same rules as the console: the browser names the page's origin.
  await page.goto(docs('#operation/makeGroup'));
  await heading(page, 'Make a group').waitFor();
  await section(page, 'Try it').getByRole('textbox', { name: /^Body/ }).fill('{"name": "Made by reading"}');
  await button(section(page, 'Try it'), 'Send').click();
  await see(section(page, 'Try it'), '201 Created');
  const groups = (await on.product.api.call('GET', 'groups')).items.map((group) => group.name);
  assert.ok(groups.includes('Made by reading'), `${groups}`);
  await button(section(page, 'Try it'), 'Send').click();
  await see(section(page, 'Try it'), '422');
  await page.goto(docs('#operation/readGroup'));
  await heading(page, 'Read a group').waitFor();
  await button(section(page, 'Try it'), 'Send').click();
  await see(page, 'Fill in group first.');
});

test('a token that is pasted is used, and kept nowhere', async (t) => {
  const { secret } = await on.product.api.call('POST', 'tokens', { name: 'Reader', scopes: ['read:user'] }, once());
  // The browser says of refusals on these paths, too, what the page shows in words.
  const expected = /a status of 40[13] .*\/(tenants|workflows)\/v1\//;
  const page = await visit(t, on.browser, { expected });
  await page.goto(docs('#operation/listTenantUsers'));
  const trial = section(page, 'Try it');
  await button(trial, 'Send').click();
  await see(trial, 'Nobody is signed in to the console in this browser.');
  await trial.getByRole('radio', { name: 'A token' }).check();
  await trial.getByLabel('Token', { exact: true }).fill(secret);
  await trial.getByRole('textbox', { name: 'role[]' }).fill('Global administrator\nDesigner');
  await see(trial, 'role%5B%5D=Global%20administrator&role%5B%5D=Designer');
  await button(trial, 'Send').click();
  await see(trial, '200 OK');
  await see(trial.getByRole('group', { name: 'Body of the answer' }), '"role": "Global administrator"');
  assert.ok(!(await page.content()).includes(secret), 'the page does not show it');
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie, location.href]));
  assert.ok(!kept.includes(secret));
  // It goes along to the next operation, whose scope it lacks.
  await page.evaluate(() => (location.hash = '#operation/listWorkflowConnections'));
  await heading(page, 'List connections, as Nintex Automation Cloud does').waitFor();
  await button(section(page, 'Try it'), 'Send').click();
  await see(section(page, 'Try it'), '"requiredScope": "read:connection"');
  await page.reload();
  await heading(page, 'List connections, as Nintex Automation Cloud does').waitFor();
  assert.equal(await section(page, 'Try it').getByRole('radio', { name: 'A token' }).isChecked(), false);
});

test('the reference fits a phone, and follows the theme that was chosen', async (t) => {
  const page = await visit(t, on.browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  for (const place of ['', '#operation/changeUserSettings', '#operation/passThroughByPOST', '#operation/followChanges']) {
    await page.goto(docs(place));
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await assertFits(page, `/docs${place}`);
  }
  assert.equal(await side(page).getByRole('link').count(), 0, 'the list is folded');
  await button(page, 'Show all operations').click();
  await side(page).getByRole('link', { name: 'List users', exact: false }).first().click();
  await heading(page, 'List users').waitFor();
  assert.equal(await side(page).getByRole('link').count(), 0, 'and folded again');
  const surface = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.evaluate(() => localStorage.setItem('drawbridge.theme', 'light'));
  await page.reload();
  await eventually(async () => assert.equal(await surface(), 'light'));
});

test('Settings → Apps and tokens leads to it', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/apps-and-tokens'));
  const [opened] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: /^API reference/ }).click()]);
  await heading(opened, 'API reference').waitFor();
});
