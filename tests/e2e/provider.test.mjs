// Signing in at the provider, when it does not go as it should: denied, closed, blocked, repeated, by a stranger.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser as Person } from '../sandbox/driver.mjs';
import { Api } from './api.mjs';
import { button, decide, field, heading, link, openForm, panel, popUp, row, see } from './steps.mjs';
import { assertAccessible, stage, visit } from './support.mjs';

const on = stage();

/** Opens the form, names the connection and presses Connect; the provider's window. */
async function begin(page, name) {
  const add = await openForm(page, on.product);
  await field(add, 'Connection name').fill(name);
  return { add, popup: await popUp(page, () => button(add, 'Connect').click()) };
}

/** Begins a sign-in over the API and goes through it without a browser; where the provider sends the answer. */
async function callbackFor(name, decision = 'allow') {
  const { api, sandbox } = on.product;
  const body = { connector: 'sandbox-crm', name, auth: 'oauth' };
  const { id } = await api.call('POST', 'connections', body, { 'idempotency-key': crypto.randomUUID() });
  const { authorizationUrl } = await api.call('POST', `connections/${id}/authorize`, { window: 'popUp' });
  const person = new Person();
  let page = await person.follow(authorizationUrl, sandbox.origin);
  while (!page.left) {
    const asked = page.html.includes('name="decision"') ? [['decision', decision], ['scope', 'contacts:read']] : [['person', 'ada']];
    page = await person.submit(page.url, sandbox.origin, asked);
  }
  return page.url.href;
}

test('a person denies: plain words, and trying again works', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { add, popup } = await begin(page, 'Denied first');
  await decide(popup, 'Deny');
  await see(add, 'Access was denied at the provider.');
  await see(add, 'Sign in again and allow the access.');
  assert.equal(await field(add, 'Connection name').inputValue(), 'Denied first');
  await assertAccessible(page, 'the panel after a refusal');

  const second = await popUp(page, () => button(add, 'Try again').click());
  await Promise.all([second.waitForEvent('close'), decide(second, 'Deny', null)]);
  await see(add, 'Access was denied at the provider.');
  const again = await popUp(page, () => button(add, 'Try again').click());
  const closed = again.waitForEvent('close');
  await decide(again, 'Allow', null);
  await closed;
  await see(add, 'Connected as Ada Lovelace');
  await button(add, 'Done').click();
  await see(row(page, 'Denied first'), 'Active');
  assert.equal((await on.product.api.call('GET', 'connections?search=Denied')).items.length, 1);
});

test('whoever closes the pop-up can open it again, or finish later from the list', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { add, popup } = await begin(page, 'Closed');
  await popup.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
  await popup.close();
  await see(add, 'Waiting for the sign-in at Sandbox CRM');
  const second = await popUp(page, () => button(add, 'Open the sign-in again').click());
  await second.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
  await second.close();
  await button(add, 'Cancel').click();
  assert.equal(await field(add, 'Connection name').inputValue(), 'Closed');
  await page.goto(on.product.at('automate/connections'));
  await see(row(page, 'Closed'), 'Pending');
  await assertAccessible(page, 'the list with a pending connection');

  await link(page, 'Closed').click();
  await see(page, 'Kept until');
  await button(page, 'Finish signing in').waitFor();
  await assertAccessible(page, 'the page of a pending connection');
  await page.goBack();
  await row(page, 'Closed').getByRole('link', { name: 'Finish signing in' }).click();
  const finish = panel(page, 'Sign in at the provider');
  await button(finish, 'Sign in at Sandbox CRM').waitFor();
  await assertAccessible(page, 'the panel to finish a sign-in');
  const third = await popUp(page, () => button(finish, 'Sign in at Sandbox CRM').click());
  const closed = third.waitForEvent('close');
  await decide(third, 'Allow', 'Grace Hopper');
  await closed;
  await see(finish, 'Connected as Grace Hopper');
  await button(finish, 'Done').click();
  await see(row(page, 'Closed'), 'Active');
});

test('a connection that was not finished can be discarded', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { popup } = await begin(page, 'Unwanted');
  await popup.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
  await popup.close();
  await page.goto(on.product.at('automate/connections'));
  await button(row(page, 'Unwanted'), 'Actions for “Unwanted”').click();
  await assertAccessible(page, 'the menu of a row');
  await page.getByRole('menuitem', { name: 'Discard' }).click();
  const question = page.getByRole('alertdialog', { name: 'Discard connection “Unwanted”?' });
  await question.waitFor();
  await assertAccessible(page, 'the question before a connection is discarded');
  await button(question, 'Discard').click();
  await question.waitFor({ state: 'hidden' });
  await row(page, 'Unwanted').waitFor({ state: 'detached' });
});

test('where pop-ups are blocked, the page itself goes to the provider and comes back to the new row', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.addInitScript(() => {
    window.open = () => null;
  });
  const add = await openForm(page, on.product);
  await field(add, 'Connection name').fill('Without pop-up');
  await button(add, 'Connect').click();
  await decide(page);
  await see(row(page, 'Without pop-up'), 'Active');
  assert.match(await row(page, 'Without pop-up').getAttribute('class'), /fresh/, 'the row is highlighted');
  await see(page.getByRole('region', { name: 'Notifications' }), '“Without pop-up”: Connected as Ada Lovelace');
  assert.equal(new URL(page.url()).search, '', 'the address is the plain list');
  await assertAccessible(page, 'the list after a sign-in in the same window');

  const second = await openForm(page, on.product);
  await field(second, 'Connection name').fill('Without pop-up and denied');
  await button(second, 'Connect').click();
  await decide(page, 'Deny', null);
  const failed = panel(page, 'Sign in at the provider');
  await see(failed, 'Access was denied at the provider.');
  await assertAccessible(page, 'the panel after a refusal in the same window');
  await button(failed, 'Sign in at Sandbox CRM').click();
  await decide(page, 'Allow', null);
  await see(row(page, 'Without pop-up and denied'), 'Active');
});

test('a callback is taken once, and only in the browser that began', async (t) => {
  const address = await callbackFor('Carried away');

  const stranger = await visit(t, on.browser);
  await stranger.goto(address);
  await heading(stranger, 'Not connected').waitFor();
  await see(stranger, 'This sign-in was started in another browser or by another user.');
  await assertAccessible(stranger, 'a callback in a strange browser');
  await stranger.context().addCookies([(await Api.signIn(on.product.origin)).cookie]);
  await stranger.goto(address);
  await see(stranger, 'This sign-in was started in another browser or by another user.');

  // A window that no script opened stays open; the browser says so.
  const page = await visit(t, on.browser, { signedIn: on.product, expected: /Scripts may close only/ });
  await page.goto(address);
  await heading(page, 'Connected').waitFor();
  await see(page, 'You are connected as Ada Lovelace.');
  await assertAccessible(page, 'a callback that connects');
  await page.goto(address);
  await see(page, 'This sign-in was already used.');
  await assertAccessible(page, 'a callback that was used');
  await link(page, 'Go to Drawbridge').click();
  await see(row(page, 'Carried away'), 'Active');
});

test('a callback says what the person decided', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(await callbackFor('Refused elsewhere', 'deny'));
  await heading(page, 'Not connected').waitFor();
  await see(page, 'Access was denied at the provider.');
  await assertAccessible(page, 'a callback after a refusal');
  await link(page, 'Go to Drawbridge').click();
  await see(row(page, 'Refused elsewhere'), 'Access was denied at the provider.');
  await assertAccessible(page, 'the list with a refused sign-in');
});

test('callbacks that belong to nothing say so', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  for (const [query, words] of [
    ['code=abc&state=forged', 'This sign-in is not known here.'],
    ['code=abc', 'could not be understood'],
    ['state=a&state=b&code=c', 'could not be understood'],
    ['error=access_denied', 'could not be understood'],
    ['', 'could not be understood'],
  ]) {
    await page.goto(`${on.product.origin}/oauth/callback?${query}`);
    await heading(page, 'Not connected').waitFor();
    await see(page, words);
    await link(page, 'Go to Drawbridge').waitFor();
  }
});

test('what the provider refuses or forges is told in its words', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { switches } = on.product.sandbox.state;
  t.after(() => switches.remove());
  const attempts = [
    [
      { kind: 'authorize_error', error: 'temporarily_unavailable', description: 'Closed for the night.', times: 1 },
      'The provider answered with an error.',
      'Closed for the night.',
    ],
    [{ kind: 'status', target: 'token', status: 400, error: 'invalid_client', times: 1 }, 'The provider does not accept the OAuth client.'],
    [{ kind: 'malformed_json', target: 'token', times: 1 }, 'The provider\'s answer could not be understood.'],
    [{ kind: 'status', target: 'token', status: 500, times: 1 }, 'The provider answered with an error.'],
  ];
  for (const [at, [fault, ...words]] of attempts.entries()) {
    switches.add(fault);
    const { add, popup } = await begin(page, `Troubled ${at}`);
    if (fault.target === 'token') await decide(popup, 'Allow', at === 1 ? 'Ada Lovelace' : null);
    for (const said of words) await see(add, said);
    await popup.close();
  }

  switches.add({ kind: 'token_extra', target: 'authorize', iss: 'https://issuer.example', times: 1 });
  const { popup } = await begin(page, 'From elsewhere');
  await decide(popup, 'Allow', null);
  await see(popup, 'The answer came from another server than the one that was asked.');
  await assertAccessible(popup, 'a callback from another issuer');
  await popup.close();
});

test('signing in again as somebody else is refused, and the connection stays as it was', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { add, popup } = await begin(page, 'Of Ada');
  await decide(popup);
  await see(add, 'Connected as Ada Lovelace');
  await button(add, 'Done').click();
  await link(page, 'Of Ada').click();
  await button(page, 'Reconnect').click();
  const again = panel(page, 'Sign in at the provider');
  const second = await popUp(page, () => button(again, 'Sign in at Sandbox CRM').click());
  await link(second, 'Use another person').click();
  await decide(second, 'Allow', 'Alan Turing');
  // The panel says it and closes the provider's window.
  await see(again, 'The sign-in was for another person than before.');
  await see(again, 'The connection is as it was before.');
  await assertAccessible(page, 'the panel after another person signed in');
  await button(again, 'Cancel').click();
  await see(page, 'Ada Lovelace (ada@sandbox.example)');
  await button(page, 'Test').click();
  await see(page, 'Proved just now');
});
