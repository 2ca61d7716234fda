// Signing in and consenting: what a person sees between an authorization request and its answer.

import { errors } from 'oidc-provider';
import { readForm, sendHtml } from './http.mjs';
import { consentPage, errorPage, signInPage } from './pages.mjs';
import { OPTIONAL_SCOPES, SCOPES, personById, somebodyElse } from './people.mjs';

/**
 * Answers one request below `/interaction/`.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {import('./sandbox.mjs').Exchange} exchange
 */
export async function handleInteraction(sandbox, exchange) {
  const { req, res, url, entry } = exchange;
  const { provider, switches } = sandbox;
  let details;
  try {
    details = await provider.interactionDetails(req, res);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    const words = 'It is over, was started in another browser, or another person has signed in since.';
    return sendHtml(res, 400, errorPage('This sign-in is no longer open', words));
  }
  const { prompt, params, session } = details;
  const client = await provider.Client.find(params.client_id);
  const clientName = client?.clientName ?? params.client_id;
  const call = { target: 'authorize', path: '/oauth/authorize', clientId: params.client_id, accountId: session?.accountId };
  Object.assign(entry, { target: 'authorize', clientId: call.clientId, accountId: call.accountId ?? null });
  const finish = (result) => provider.interactionFinished(req, res, result);

  if (req.method === 'GET') {
    const refusal = switches.take('refusal', call);
    if (refusal) {
      entry.switch = refusal.kind;
      return finish({
        error: refusal.error ?? 'access_denied',
        error_description: refusal.description ?? 'The person refused access.',
      });
    }
    const person = personById(session?.accountId);
    if (prompt.name === 'consent' && person && !url.searchParams.has('people')) {
      return sendHtml(res, 200, consentPage({ clientName, person, scopes: requested(params) }));
    }
    return sendHtml(res, 200, signInPage({ clientName, signedIn: person?.id, hint: params.login_hint }));
  }
  if (req.method !== 'POST') {
    return sendHtml(res, 405, errorPage('Not possible', 'This page is read with GET and answered with POST.'));
  }

  const form = await readForm(req);
  const chosen = personById(form.get('person'));
  if (chosen) {
    const accountId = otherThan(chosen.id, sandbox, call, entry);
    await becomes(provider, details, accountId);
    // Naming every prompt that this answers keeps the library from asking the same again.
    return finish({ login: { accountId }, select_account: {} });
  }
  const decision = form.get('decision');
  if (decision === 'deny') {
    return finish({ error: 'access_denied', error_description: 'The person refused access.' });
  }
  if (decision === 'allow' && prompt.name === 'consent' && session?.accountId) {
    const accountId = otherThan(session.accountId, sandbox, call, entry);
    const swapped = accountId !== session.accountId;
    await becomes(provider, details, accountId);
    const grantId = await saveGrant(provider, { accountId, clientId: params.client_id }, requested(params), form.getAll('scope'));
    return finish({ ...(swapped ? { login: { accountId } } : {}), consent: { grantId } });
  }
  return sendHtml(res, 400, errorPage('Nothing was chosen', 'The form that arrived is not one of this page.'));
}

/** The switch `other_identity`: the person who signs in is not the one who was chosen. */
function otherThan(id, { switches }, call, entry) {
  const swap = switches.take('identity', { ...call, accountId: id });
  if (!swap) return id;
  entry.switch = swap.kind;
  return swap.as ?? somebodyElse(id).id;
}

/**
 * Makes the browser's session another person's. Left to itself the library would first sign the old
 * person out through a page with a script, which is of no use here and stops tests without one.
 */
async function becomes(provider, details, accountId) {
  if (!details.session?.uid || details.session.accountId === accountId) return;
  const session = await provider.Session.findByUid(details.session.uid);
  session.accountId = accountId;
  session.authorizations = {};
  await session.persist();
  details.session.accountId = accountId;
  await details.save(details.exp - Math.floor(Date.now() / 1000));
}

async function saveGrant(provider, owner, scopes, ticked) {
  const refused = scopes.filter((scope) => OPTIONAL_SCOPES.includes(scope) && !ticked.includes(scope));
  const grant = new provider.Grant(owner);
  grant.addOIDCScope(scopes.filter((scope) => !refused.includes(scope)).join(' '));
  if (refused.length) grant.rejectOIDCScope(refused.join(' '));
  return grant.save();
}

const requested = (params) => (params.scope ?? '').split(' ').filter((scope) => Object.hasOwn(SCOPES, scope));
