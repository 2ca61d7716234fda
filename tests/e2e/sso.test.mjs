// Single sign-on: an administrator sets it up, tests it and switches it on; people come in by it, and only where they
// may; what it began is good for one tenant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './api.mjs';
import { button, decide, field, heading, link, see, signIn } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const on = stage();
const toasts = (page) => page.getByRole('region', { name: 'Notifications' });
const settings = () => on.product.at('settings/single-sign-on');

test('an administrator sets it up, tests it, switches it on and proves a domain', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/license'));
  await link(page, 'Single sign-on').click();
  await heading(page, 'Single sign-on').waitFor();
  await see(page, 'Not set up');
  await assertAccessible(page, 'single sign-on, not set up');
  assert.equal(await button(page, 'Test sign-in').getAttribute('aria-disabled'), 'true');
  assert.equal(await button(page, 'Switch on').getAttribute('aria-disabled'), 'true');

  // What is wrong is told beside the fields; so is an address where no provider is.
  await button(page, 'Save').click();
  await see(page, 'Fill this in.');
  await assertAccessible(page, 'single sign-on with errors');
  await field(page, 'Issuer').fill('http://id.example.com');
  await see(page, 'Type the provider’s address'.replace('’', "'"));
  await field(page, 'Issuer').fill('https://localhost');
  await field(page, 'Client ID').fill('drawbridge-dev');
  await field(page, 'Client secret').fill('drawbridge-dev-secret');
  await field(page, 'Name on the sign-in page').fill('Northwind ID');
  await button(page, 'Save').click();
  await see(page, 'This address cannot be called from here');
  await field(page, 'Issuer').fill(on.product.sandbox.origin);
  await button(page, 'Save').click();
  await see(toasts(page), 'Settings saved');
  await see(page, 'Not tested yet');
  assert.equal(await button(page, 'Switch on').getAttribute('aria-disabled'), 'true');

  // A test that is cancelled says so and leads back; one that works does too.
  await button(page, 'Test sign-in').click();
  await decide(page, 'Deny', 'Grace Hopper');
  await see(page, 'The sign-in was cancelled at the provider.');
  await assertAccessible(page, 'a test that was cancelled');
  await link(page, 'Back').click();
  await button(page, 'Test sign-in').click();
  await decide(page, 'Allow', null);
  await see(page, 'The test worked');
  await see(page, 'as grace@sandbox.example');
  await button(page, 'Switch on').click();
  await see(toasts(page), 'Single sign-on is on');
  await see(page, "Your tenant's sign-in address");

  await field(page, 'Domain').fill('sandbox.example');
  await button(page, 'Add domain').click();
  await see(page, 'Not proved yet');
  await assertAccessible(page, 'single sign-on with a domain to prove');
  const [domain] = (await on.product.api.call('GET', 'sso')).domains;
  await fetch(`${on.product.sandbox.origin}/sandbox/dns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: domain.recordName, text: domain.recordValue }),
  });
  await button(page, 'Look up').click();
  await see(toasts(page), 'Domain proved');
  await page.getByText('Proved', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: /join by signing in/ }).check();
  await page.getByRole('combobox', { name: 'Role of new people' }).selectOption({ label: 'Designer' });
  await button(page, 'Save').click();
  await eventually(async () => assert.equal((await on.product.api.call('GET', 'sso')).settings.defaultRole, 'designer'));
  await assertAccessible(page, 'single sign-on, on');
});

test('somebody new comes by the email address, joins, and their session reaches this tenant only', async (t) => {
  const page = await visit(t, on.browser);
  const wanted = on.product.at('automate/connectors');
  await page.goto(wanted);
  await heading(page, 'Sign in').waitFor();
  await button(page, 'Continue with single sign-on').click();
  await see(page, 'Fill this in.');
  await field(page, 'Email').fill('grace@sandbox.example');
  await button(page, 'Continue with single sign-on').click();
  await decide(page, 'Allow', 'Grace Hopper');
  await heading(page, 'Connectors').waitFor();
  assert.equal(page.url(), wanted);
  await page.goto(on.product.at('account'));
  await see(page, 'grace@sandbox.example');
  await see(page, 'You can sign in as grace@sandbox.example');
  assert.equal(await button(page, 'Change password').getAttribute('aria-disabled'), 'true');
  assert.equal(await button(page, 'Disconnect').getAttribute('aria-disabled'), 'true');
  await assertAccessible(page, 'the account of somebody who came by single sign-on');
});

test("the tenant's own address offers its provider; other addresses tell nothing", async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(`${on.product.origin}/sign-in/nowhere`);
  await heading(page, 'Sign in').waitFor();
  await field(page, 'Email').fill('nobody@elsewhere.example');
  await button(page, 'Continue with single sign-on').click();
  await see(page, 'There is no single sign-on here.');
  await assertAccessible(page, 'no single sign-on');
  await page.goto(`${on.product.origin}/sign-in/${on.product.api.who.tenant.slug}`);
  await see(page, `Sign in to ${PERSON.tenantName}`);
  await assertAccessible(page, "the tenant's sign-in page");
  await button(page, 'Continue with Northwind ID').click();
  await decide(page, 'Deny', 'Alan Turing');
  await see(page, 'The sign-in was cancelled at the provider.');
  await link(page, 'Back to sign-in').click();
  await button(page, 'Continue with Northwind ID').waitFor();
});

test('who is signed in connects their own account, signs in with it, and a switch off ends that session', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(on.product.origin);
  await signIn(page);
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
  await page.goto(on.product.at('account'));
  await button(page, 'Connect').click();
  await decide(page, 'Allow', 'Ada Lovelace');
  await see(page, 'You can sign in as ada@sandbox.example');

  const other = await visit(t, on.browser);
  await other.goto(`${on.product.origin}/sign-in/${on.product.api.who.tenant.slug}`);
  await button(other, 'Continue with Northwind ID').click();
  await decide(other, 'Allow', 'Ada Lovelace');
  await other.getByRole('button', { name: /^Account of/ }).waitFor();
  await other.goto(settings());
  await see(other, 'You can read these settings');
  assert.equal(await button(other, 'Switch off').getAttribute('aria-disabled'), 'true');
  await assertAccessible(other, 'single sign-on, read only');

  await page.goto(settings());
  await button(page, 'Switch off').click();
  await assertAccessible(page, 'the question before it is switched off');
  await button(page.getByRole('alertdialog', { name: 'Switch single sign-on off?' }), 'Switch off').click();
  await see(toasts(page), 'Single sign-on is off');
  await other.reload();
  await heading(other, 'Sign in').waitFor();
});
