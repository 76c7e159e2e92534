// Who learns here: asked while the page's other scripts are still on their way, which on a slow line
// is a round trip less to wait. page.js takes the reply, and asks by itself whatever comes later.

const { base = "", visitors, signedIn, link } = document.documentElement.dataset;

function kept(name) {
  try { return localStorage.getItem(`dxcourse${base}.${name}`); } catch { return null; } // this browser keeps nothing
}

/** The token it was asked with; none is the user of this machine, or whom a cookie names. */
export const token = link === undefined ? kept("token") : location.pathname.split("/").at(-1);

/** A Response, or null where the server is away or nobody is known yet. */
export const first = visitors === undefined || signedIn !== undefined || token
  ? fetch(`${base}/api/learner`, token ? { headers: { "X-Dxcourse-Learner": token } } : {}).catch(() => null)
  : null;
