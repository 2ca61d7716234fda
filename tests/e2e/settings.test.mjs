// Settings of the tenant, several tenants, and the pages at the end of every wrong way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './api.mjs';
import { button, field, heading, link, panel, see } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const on = stage();

test('License and subscription shows what is used of every limit', async (t) => {
  await on.product.api.connect('One');
  await on.product.api.connect('Two');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Settings').click();
  await heading(page, 'License and subscription').waitFor();
  const meter = (name) => page.getByRole('meter', { name });
  assert.equal(await meter('Connections').getAttribute('aria-valuetext'), '2 / 1,000');
  assert.equal(await meter('Users').getAttribute('aria-valuetext'), '1 / 10,000');
  await see(page, 'Drawbridge, open edition');
  await assertAccessible(page, 'License and subscription');
});

test('the tenant is renamed, wrong names are told, and the name is everywhere at once', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/tenant'));
  const name = field(page, 'Tenant name');
  await name.waitFor();
  await assertAccessible(page, 'the page of the tenant');
  assert.equal(await button(page, 'Save').getAttribute('aria-disabled'), 'true');
  await button(page, 'Save').focus();
  await see(page, 'Nothing was changed.');
  for (const [typed, words] of [
    ['', 'Fill this in.'],
    ['North<wind', 'The character < is not allowed here.'],
    ['n'.repeat(101), 'Use at most 100 characters.'],
    ['North\u0007wind', 'Remove the invisible character'],
  ]) {
    await name.fill(typed);
    await button(page, 'Save').click();
    await see(page, words);
  }
  await assertAccessible(page, 'the page of the tenant with an error');
  await button(page, 'Discard changes').click();
  assert.equal(await name.inputValue(), PERSON.tenantName);

  await name.fill('Northwind & Söhne 🌬');
  await name.press('Enter');
  await see(page.getByRole('region', { name: 'Notifications' }), 'Tenant saved');
  await see(page.getByRole('banner'), 'Northwind & Söhne 🌬');
  await eventually(async () => assert.match(await page.title(), /Northwind & Söhne/));
  await page.reload();
  await see(page.getByRole('banner'), 'Northwind & Söhne 🌬');
});

test('of two who rename at once, the second chooses which name is kept', async (t) => {
  const first = await visit(t, on.browser, { signedIn: on.product });
  const second = await visit(t, on.browser, { signedIn: on.product });
  const name = (page) => field(page, 'Tenant name');
  const rename = async (page, text) => {
    await name(page).fill(text);
    await button(page, 'Save').click();
  };
  for (const page of [first, second]) {
    await page.goto(on.product.at('settings/tenant'));
    await name(page).waitFor();
  }
  await name(second).fill('Of the second');
  await rename(first, 'Of the first');
  await see(first.getByRole('region', { name: 'Notifications' }), 'Tenant saved');
  // The second hears of it, and what is typed stays.
  await see(second.getByRole('banner'), 'Of the first');
  assert.equal(await name(second).inputValue(), 'Of the second');
  await button(second, 'Save').click();
  await see(second, 'Somebody else changed the tenant meanwhile');
  await see(second, 'The name is now “Of the first”. You typed “Of the second”.');
  assert.equal(await name(second).inputValue(), 'Of the second');
  await assertAccessible(second, 'the page of the tenant with a conflict');
  await name(first).fill('Again of the first');
  await button(second, 'Save mine').click();
  await see(second.getByRole('region', { name: 'Notifications' }), 'Tenant saved');

  await button(first, 'Save').click();
  await see(first, 'The name is now “Of the second”.');
  await button(first, 'Use theirs').click();
  assert.equal(await name(first).inputValue(), 'Of the second');
  await rename(first, PERSON.tenantName);
  await eventually(async () => assert.equal((await on.product.api.call('GET', 'tenant')).name, PERSON.tenantName));
});

test('who has several tenants switches between them without signing in', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await see(page, '2 connections');
  const switcher = page.getByRole('button', { name: `Tenant ${PERSON.tenantName}, switch` });
  assert.equal(await switcher.count(), 0, 'with one tenant there is nothing to switch');
  const { slug } = await on.product.api.call('POST', 'tenants', { name: 'Southwind' }, { 'idempotency-key': crypto.randomUUID() });
  await on.product.api.call('POST', `tenants/${on.product.api.who.tenant.id}/switch`);

  await page.reload();
  await switcher.click();
  await assertAccessible(page, 'the tenant switcher');
  await page.getByRole('menuitemradio', { name: 'Southwind' }).click();
  await see(page, 'No connections yet');
  assert.ok(page.url().startsWith(`${on.product.origin}/t/${slug}/`));
  await page.getByRole('button', { name: 'Tenant Southwind, switch' }).waitFor();
  await assertAccessible(page, 'the first page of another tenant');

  await page.goto(on.product.at('automate/connections'));
  await see(page, '2 connections');
  await switcher.waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'Tenant Southwind, switch' }).waitFor();
  await page.goto(on.product.at('settings/license'));
  await switcher.waitFor();
});

test('addresses that lead nowhere say so and lead on', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  for (const address of [on.product.at('nowhere'), `${on.product.origin}/nowhere`, `${on.product.origin}/t/of-others/settings/tenant`]) {
    await page.goto(address);
    await heading(page, 'Page not found').waitFor();
  }
  await assertAccessible(page, 'a page that is not there');
  await link(page, 'Go to the start page').click();
  await heading(page, 'Connections').waitFor();

  const stranger = await visit(t, on.browser);
  await stranger.goto(`${on.product.origin}/nowhere`);
  await heading(stranger, 'Page not found').waitFor();
  await assertAccessible(stranger, 'a page that is not there, signed out');
  await link(stranger, 'Go to the start page').click();
  await heading(stranger, 'Sign in').waitFor();
});

test('every problem that the API names has a page that explains it', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(`${on.product.origin}/problems/quota_exceeded`);
  await heading(page, 'A limit of the tenant is reached').waitFor();
  await assertAccessible(page, 'the page of a problem');
});

test('Help leads to something', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  const help = page.getByRole('link', { name: 'Help (opens in a new tab)' });
  const [opened] = await Promise.all([page.waitForEvent('popup'), help.click()]);
  await opened.getByRole('heading').first().waitFor();
  assert.equal(await heading(opened, 'Page not found').count(), 0);
  await assertAccessible(opened, 'the help');
});

test('without a network the console says so, keeps what it shows, and goes on afterwards', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, expected: /ERR_INTERNET_DISCONNECTED/ });
  await page.goto(on.product.at('settings/tenant'));
  const name = field(page, 'Tenant name');
  await name.waitFor();
  await page.context().setOffline(true);
  await see(page, 'You are offline');
  await assertAccessible(page, 'a page while offline');
  await name.fill('Typed while offline');
  await button(page, 'Save').click();
  await see(page, 'Drawbridge cannot be reached');
  assert.equal(await name.inputValue(), 'Typed while offline');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'License and subscription' }).click();
  await see(page, 'Drawbridge cannot be reached');
  await assertAccessible(page, 'a page that could not be loaded');
  await page.context().setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
  // Where it hears of others' changes again it may have read anew by itself before somebody presses.
  await eventually(async () => {
    const again = button(page, 'Try again');
    if (await again.isVisible()) await again.click({ timeout: 1000 });
    assert.ok(await page.getByRole('meter', { name: 'Connections' }).isVisible());
  });
});

test('a part of the console that cannot be fetched says so, and comes when it is tried again', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, expected: /net::ERR_FAILED|WebAssembly|wasm|MIME/i });
  const parts = '**/assets/*.wasm';
  const failures = {
    'out of reach': (route) => route.abort(),
    // What a deployment answers to the name of a part that the next version does not have.
    'another version': (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Drawbridge</title>' }),
  };
  for (const [what, answer] of Object.entries(failures)) {
    await page.goto(on.product.at('automate/connections'));
    await link(page, 'Add connection').waitFor();
    await page.route(parts, answer);
    await link(page, 'Settings').click();
    await see(page, 'This part of the console could not be fetched');
    await assertAccessible(page, `a page that is ${what}`);
    await page.unroute(parts);
    await button(page, 'Try again').click();
    await heading(page, 'License and subscription').waitFor();
  }
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Add connection').waitFor();
  await page.route(parts, failures['out of reach']);
  await link(page, 'Add connection').click();
  const add = panel(page, 'Add connection');
  await see(add, 'This part of the console could not be fetched');
  await assertAccessible(page, 'a panel that is out of reach');
  await page.unroute(parts);
  await button(add, 'Try again').click();
  await add.getByRole('searchbox', { name: 'Search connectors' }).waitFor();
});
