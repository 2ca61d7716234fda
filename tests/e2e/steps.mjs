// What a person does, in the words of the page: everything is found by its role and its label.

import { PERSON } from './api.mjs';
import { SETUP_CODE } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Page | import('playwright-core').Locator} Place */

export const button = (place, name) => place.getByRole('button', { name, exact: true });
export const link = (place, name) => place.getByRole('link', { name, exact: true });
export const field = (place, name) => place.getByRole('textbox', { name });
/** A card to choose: its name begins with its title, what it says follows. */
export const radio = (place, title) => place.getByRole('radio', { name: new RegExp(`^${title}\\b`) });
export const heading = (place, name) => place.getByRole('heading', { name, exact: true });

/** The panel or dialog that is open. */
export const panel = (page, name) => page.getByRole('dialog', { name });

/** The row of a connection in the list. */
export const row = (page, name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

/** Waits until something is there. */
export const see = (place, text) => place.getByText(text).first().waitFor();

/** Fills in the set-up page and sends it. */
export async function setUp(page, person = PERSON, code = SETUP_CODE) {
  await field(page, 'Set-up code').fill(code);
  await field(page, 'Tenant name').fill(person.tenantName);
  await field(page, 'First name').fill(person.firstName);
  await field(page, 'Last name').fill(person.lastName);
  await field(page, 'Email').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await button(page, 'Set up and sign in').click();
}

/** Fills in the sign-in page and sends it. */
export async function signIn(page, { email, password } = PERSON) {
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

/** Goes through step 1 of Add connection. */
export async function choose(page, connector) {
  const add = panel(page, 'Add connection');
  await radio(add, connector).check();
  await button(add, 'Next').click();
  return add;
}

/** Opens step 2 by its address. */
export async function openForm(page, product, connector = 'sandbox-crm') {
  await page.goto(product.at(`automate/connections?add=${connector}`));
  const add = panel(page, 'Add connection');
  await field(add, 'Connection name').waitFor();
  return add;
}

/** Presses what opens the provider's pop-up. */
export async function popUp(page, press) {
  const [opened] = await Promise.all([page.waitForEvent('popup'), press()]);
  return opened;
}

/** At the provider: who signs in, unless the browser is remembered there, and what is decided. */
export async function decide(popup, decision = 'Allow', person = 'Ada Lovelace') {
  if (person) await popup.getByRole('button', { name: person }).click();
  await button(popup, decision).click();
}
