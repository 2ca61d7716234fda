// Signing in and out, own sessions, own password, the theme.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, PERSON } from './api.mjs';
import { button, field, heading, panel, see, signIn } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const on = stage();

const menu = (page) => page.getByRole('button', { name: new RegExp(`^Account of ${PERSON.firstName} ${PERSON.lastName}`) });
const pick = async (page, item) => {
  await menu(page).click();
  await page.getByRole('menuitem', { name: item }).or(page.getByRole('menuitemradio', { name: item })).click();
};
const toSignIn = async (page) => {
  await page.goto(on.product.origin);
  await heading(page, 'Sign in').waitFor();
};

test('whoever is not signed in is asked to, and then comes to where they wanted', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(on.product.at('settings/license?x=1'));
  await heading(page, 'Sign in').waitFor();
  assert.ok(await field(page, 'Email').evaluate((box) => box === document.activeElement), 'the first field has the keyboard');
  await assertAccessible(page, 'the sign-in page');
  await signIn(page);
  await heading(page, 'License and subscription').waitFor();
  assert.equal(page.url(), on.product.at('settings/license?x=1'));
});

test('a wrong email or password is told in the same words, and what was typed stays', async (t) => {
  const page = await visit(t, on.browser);
  await toSignIn(page);
  await button(page, 'Sign in').click();
  assert.equal(await page.getByText('Fill this in.').count(), 2);
  await field(page, 'Email').fill('maud');
  await field(page, 'Email').blur();
  await see(page, 'Type an email address, such as ada@example.com.');
  await assertAccessible(page, 'the sign-in page with errors in its fields');
  for (const email of [PERSON.email, 'nobody@northwind.example']) {
    await signIn(page, { email, password: 'not the password' });
    const refusal = page.getByRole('alert').filter({ hasText: 'Email or password is wrong.' });
    await see(refusal, 'Check both and try again.');
    assert.equal(await field(page, 'Email').inputValue(), email);
    assert.equal(await field(page, 'Password').inputValue(), 'not the password');
  }
  await assertAccessible(page, 'the sign-in page after a refusal');
  await button(page, 'Show').click();
  assert.equal(await field(page, 'Password').getAttribute('type'), 'text');
});

test('guessing is slowed down, in words, and never for ever', async (t) => {
  const page = await visit(t, on.browser);
  await toSignIn(page);
  const { product } = on;
  const guess = () => Api.signIn(product.origin, { ...PERSON, password: 'a wrong guess' }).then(
    () => assert.fail('a wrong password opened the door'),
    (error) => error.message,
  );
  // Until the wait is long enough to be seen.
  await eventually(async () => assert.match(await guess(), /429 .*Wait [3-9] seconds/s));
  await signIn(page);
  await see(page, 'There were too many tries. Wait ');
  await assertAccessible(page, 'the sign-in page while it is throttled');
  await eventually(async () => {
    await button(page, 'Sign in').click({ timeout: 1_000 }).catch(() => {});
    await menu(page).waitFor({ timeout: 500 });
  });
});

test('signing out ends the session, also for the pages behind', async (t) => {
  const page = await visit(t, on.browser);
  await toSignIn(page);
  await signIn(page);
  await menu(page).click();
  await assertAccessible(page, 'the user menu');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.getByText('Your session has ended').count(), 0, 'one who leaves knows it');
  await page.goBack();
  await heading(page, 'Sign in').waitFor();
});

test('a session can be ended from another browser, whose person then goes on where they were', async (t) => {
  const away = await visit(t, on.browser, { userAgent: FIREFOX });
  await toSignIn(away);
  await signIn(away);
  await away.goto(on.product.at('settings/tenant'));
  await heading(away, 'Tenant').waitFor();

  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await pick(page, 'Sessions');
  const sessions = page.getByRole('table', { name: 'Sessions' });
  const other = sessions.getByRole('row').filter({ hasText: 'Firefox on Windows' });
  const own = sessions.getByRole('row').filter({ hasText: 'This session' });
  await other.waitFor();
  assert.equal(await button(own, 'End').getAttribute('aria-disabled'), 'true');
  await button(own, 'End').focus();
  await see(page, 'You are using this session.');
  await assertAccessible(page, 'the account page');
  await button(other, 'End').click();
  const question = page.getByRole('alertdialog', { name: 'End the session on “Firefox on Windows”?' });
  await question.waitFor();
  await assertAccessible(page, 'the question before a session ends');
  await button(question, 'End').click();
  await see(page.getByRole('region', { name: 'Notifications' }), 'Session ended');
  await other.waitFor({ state: 'detached' });

  await field(away, 'Tenant name').fill('Typed by somebody without a session');
  await button(away, 'Save').click();
  await see(away, 'Your session has ended');
  await assertAccessible(away, 'the sign-in page after a session ended');
  await signIn(away);
  await heading(away, 'Tenant').waitFor();
  assert.equal(away.url(), on.product.at('settings/tenant'));
});

test('a theme is chosen in the user menu and stays', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('account'));
  const surface = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await menu(page).waitFor();
  const light = await surface();
  await pick(page, 'Dark theme');
  await eventually(async () => assert.notEqual(await surface(), light));
  await page.reload({ waitUntil: 'commit' });
  const dark = await surface();
  assert.notEqual(dark, light, 'dark from the start');
  await menu(page).click();
  assert.equal(await page.getByRole('menuitemradio', { name: 'Dark theme' }).getAttribute('aria-checked'), 'true');
  await page.getByRole('menuitemradio', { name: 'System theme' }).click();
  await eventually(async () => assert.equal(await surface(), light));
  await page.emulateMedia({ colorScheme: 'dark' });
  await eventually(async () => assert.equal(await surface(), dark));
});

test('changing the password checks the old one and ends the other sessions', async (t) => {
  const away = await visit(t, on.browser, { userAgent: FIREFOX });
  await toSignIn(away);
  await signIn(away);
  await heading(away, 'Connections').waitFor();

  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('account'));
  await pick(page, 'Change password');
  const change = panel(page, 'Change password');
  await field(change, 'Current password').waitFor();
  await assertAccessible(page, 'the panel for a new password');
  for (const [typed, words] of [
    ['', 'Fill this in.'],
    ['too short', 'Use at least 12 characters.'],
    ['aaaaaaaaaaaaaa', 'This password is easy to guess.'],
    ['northwind-maud', 'This password is easy to guess.'],
  ]) {
    await field(change, 'Current password').fill(PERSON.password);
    await field(change, 'New password').fill(typed);
    await button(change, 'Change password').click();
    await see(change, words);
  }
  await field(change, 'Current password').fill('not the password');
  await field(change, 'New password').fill('a red kite over the quay');
  await button(change, 'Change password').click();
  await change.locator('[aria-invalid=true]').or(change.getByRole('alert')).first().waitFor();
  assert.equal(await field(change, 'New password').inputValue(), 'a red kite over the quay');
  await assertAccessible(page, 'the panel for a new password after a refusal');
  await field(change, 'Current password').fill(PERSON.password);
  await button(change, 'Change password').click();
  await see(page.getByRole('region', { name: 'Notifications' }), 'Password changed. Your other sessions have ended.');
  await change.waitFor({ state: 'hidden' });
  await page.reload();
  await heading(page, 'Your account').waitFor();

  await away.getByRole('link', { name: 'Settings', exact: true }).click();
  await see(away, 'Your session has ended');
  await signIn(away, { ...PERSON, password: 'a red kite over the quay' });
  await heading(away, 'License and subscription').waitFor();
});
