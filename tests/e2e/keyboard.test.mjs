// The main road without a mouse; where the keyboard is after something closes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './api.mjs';
import { button, heading, link, panel, radio, row, see } from './steps.mjs';
import { eventually, stage, visit } from './support.mjs';

const on = stage({
  async prepare({ api }) {
    for (const name of ['Alpha', 'Beta', 'Gamma']) await api.connect(name);
  },
});

const isFocused = (place) => place.evaluate((element) => element === document.activeElement);
const focused = (place) => eventually(async () => assert.ok(await isFocused(place), `${place} has the keyboard`));

/** What has the keyboard, in a few words, and whether that is to be seen: a line or a shadow round it or its box. */
const stop = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const drawn = [element, element.parentElement, element.nextElementSibling, element.closest('label')]
      .filter(Boolean)
      .some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      });
    const words = element.getAttribute('aria-label') ?? element.innerText ?? element.name;
    return { words: `${element.tagName.toLowerCase()} ${words}`.slice(0, 60), drawn, body: element === document.body };
  });

/** Presses Tab until `place` has the keyboard; everything on the way shows that it has it. */
async function tabTo(page, place, key = 'Tab') {
  await place.waitFor();
  const way = [];
  for (let presses = 0; presses < 60; presses += 1) {
    if (await isFocused(place)) return;
    await page.keyboard.press(key);
    const { words, drawn, body } = await stop(page);
    way.push(words);
    assert.ok(drawn || body, `the keyboard is to be seen on: ${words}`);
  }
  assert.fail(`${place} is not reached: ${way.join(' → ')}`);
}

test('the main road is walked with the keyboard alone', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(on.product.origin);
  await focused(page.getByRole('textbox', { name: 'Email' }));
  await page.keyboard.type(PERSON.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PERSON.password);
  await page.keyboard.press('Enter');
  await heading(page, 'Connections').waitFor();

  await tabTo(page, link(page, 'Add connection'));
  await page.keyboard.press('Enter');
  const add = panel(page, 'Add connection');
  await focused(add.getByRole('searchbox', { name: 'Search connectors' }));
  await page.keyboard.type('sandbox');
  await radio(add, 'Box').waitFor({ state: 'detached' });
  await tabTo(page, radio(add, 'Sandbox CRM'));
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  const name = add.getByRole('textbox', { name: 'Connection name' });
  await focused(name);
  await page.keyboard.type('By hand');
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
  const ada = popup.getByRole('button', { name: 'Ada Lovelace' });
  await ada.waitFor();
  while (!(await isFocused(ada))) await popup.keyboard.press('Tab');
  await popup.keyboard.press('Enter');
  const allow = button(popup, 'Allow');
  await allow.waitFor();
  while (!(await isFocused(allow))) await popup.keyboard.press('Tab');
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')]);

  await see(add, 'Connected as Ada Lovelace');
  assert.ok(await add.evaluate((dialog) => dialog.contains(document.activeElement)), 'the keyboard stays in the panel');
  await tabTo(page, button(add, 'Done'));
  await page.keyboard.press('Enter');
  await add.waitFor({ state: 'hidden' });
  await focused(link(page, 'Add connection'));

  await tabTo(page, link(page, 'By hand'));
  await page.keyboard.press('Enter');
  await focused(page.getByRole('heading', { level: 1 }));
  await tabTo(page, button(page, 'Test'));
  await page.keyboard.press('Enter');
  await see(page, 'Proved just now');
  await focused(button(page, 'Test'));
});

test('the first Tab leads to a link over the bars, which is then to be seen', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await heading(page, 'Connections').waitFor();
  await page.keyboard.press('Tab');
  const skip = link(page, 'Skip to content');
  await focused(skip);
  const { x, y, width, height } = await skip.boundingBox();
  assert.ok(x >= 0 && y >= 0 && width > 50 && height > 20, `at ${x}, ${y}, ${width} × ${height}`);
  await page.keyboard.press('Enter');
  await focused(page.getByRole('main'));
  await page.keyboard.press('Tab');
  await focused(link(page, 'Add connection'));
});

test('what closes gives the keyboard back', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  const add = link(page, 'Add connection');
  await add.focus();
  await page.keyboard.press('Enter');
  await panel(page, 'Add connection').getByRole('searchbox').waitFor();
  await page.keyboard.press('Escape');
  await panel(page, 'Add connection').waitFor({ state: 'hidden' });
  await focused(add);

  const menu = button(page, 'Actions for “Beta”');
  await menu.focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('menuitem');
  await focused(items.first());
  await page.keyboard.press('ArrowDown');
  await focused(items.nth(1));
  await page.keyboard.press('End');
  await focused(items.last());
  await page.keyboard.press('Home');
  await page.keyboard.press('t');
  await focused(page.getByRole('menuitem', { name: 'Test' }));
  await page.keyboard.press('Escape');
  await items.first().waitFor({ state: 'detached' });
  await focused(menu);

  await page.goto(on.product.at('account'));
  const change = button(page, 'Change password');
  await change.focus();
  await page.keyboard.press('Enter');
  await panel(page, 'Change password').waitFor();
  await page.keyboard.type('something');
  await page.keyboard.press('Escape');
  const question = page.getByRole('alertdialog');
  await focused(button(question, 'Keep editing'));
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
  await focused(page.getByRole('textbox', { name: 'Current password' }));
  await page.keyboard.press('Escape');
  await tabTo(page, button(question, 'Discard'));
  await page.keyboard.press('Enter');
  await panel(page, 'Change password').waitFor({ state: 'hidden' });
  await focused(change);
});

test('a dialog keeps the keyboard inside', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections?add=sandbox-crm'));
  const add = panel(page, 'Add connection');
  await focused(add.getByRole('textbox', { name: 'Connection name' }));
  for (let presses = 0; presses < 25; presses += 1) {
    await page.keyboard.press('Tab');
    const inside = await add.evaluate((dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body);
    assert.ok(inside, (await stop(page)).words);
  }
});

test('arrows move through the rows of a table', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections?sort=name'));
  await link(row(page, 'Alpha'), 'Alpha').focus();
  await page.keyboard.press('ArrowDown');
  await focused(link(page, 'Beta'));
  await page.keyboard.press('ArrowUp');
  await focused(link(page, 'Alpha'));
});
