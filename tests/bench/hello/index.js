// A Worker that does nothing: what the runtime and the launcher cost by themselves.
export default {
  fetch() {
    return new Response('hello', { headers: { 'content-type': 'text/plain' } });
  },
};
