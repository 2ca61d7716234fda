// Tells the console how a sign-in at a provider ended, then closes the window that it took place in.
const { connection, ok, reason } = document.body.dataset;
if (connection) {
  const channel = new BroadcastChannel('drawbridge-connections');
  channel.postMessage({ connection, ok: ok === 'true', reason: reason || null });
  channel.close();
  if (ok === 'true') window.close();
}
