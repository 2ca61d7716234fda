// Every primitive on its one page: usable by everybody, at every width; what opens, closes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, heading, see } from './steps.mjs';
import { assertAccessible, assertFits, stage, visit } from './support.mjs';

const on = stage({ setUp: false, console: 'gallery' });

async function open(t, options) {
  const page = await visit(t, on.browser, options);
  await page.goto(on.product.origin);
  await heading(page, 'Primitives').waitFor();
  return page;
}

test('every primitive in every state can be used by everybody', async (t) => {
  const page = await open(t);
  await assertAccessible(page, 'the gallery');
  await assertFits(page, 'the gallery');
});

test('on a phone nothing is wider than the screen', async (t) => {
  const page = await open(t, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  await assertFits(page, 'the gallery on a phone');
  await assertAccessible(page, 'the gallery on a phone');
});

test('for those who ask for more contrast it stands as well', async (t) => {
  await assertAccessible(await open(t, { contrast: 'more' }), 'the gallery with more contrast');
});

for (const [opener, role, title] of [
  ['Open panel', 'dialog', 'Add connection'],
  ['Open delete dialog', 'alertdialog', 'Delete connection “Salesforce EU”?'],
  ['Open failed dialog', 'alertdialog', 'Disconnect gateway “Berlin”?'],
  ['Open dialog', 'dialog', 'About this gallery'],
  ['Open sheet', 'dialog', 'Automate'],
]) {
  test(`“${opener}” opens and Escape closes, and the keyboard comes back`, async (t) => {
    const page = await open(t);
    await button(page, opener).click();
    const modal = page.getByRole(role, { name: title });
    await modal.waitFor();
    await assertAccessible(page, title);
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'hidden' });
    assert.ok(await button(page, opener).evaluate((opened) => opened === document.activeElement));
  });
}

test('messages appear, are announced, and can be dismissed', async (t) => {
  const page = await open(t);
  const region = page.getByRole('region', { name: 'Notifications' });
  for (const kind of ['Success', 'Neutral', 'Failure', 'With action']) await button(page, kind).click();
  await see(region, 'Zendesk refused the API key.');
  await assertAccessible(page, 'the gallery with messages');
  await button(region, 'Undo').click();
  await see(region, 'Restored.');
  for (let left = await button(region, 'Dismiss').count(); left > 0; left -= 1) await button(region, 'Dismiss').first().click();
  await see(page, 'Primitives');
  assert.equal(await button(region, 'Dismiss').count(), 0);
});
