// Who learns here: asked while the page's other scripts are still on their way, which on a slow line
// is a round trip less to wait. page.js takes the reply, and asks by itself whatever comes later.

const { base = "", visitors, signedIn, link } = document.documentElement.dataset;

export const HEADER = "X-Dxcourse-Learner";
/** A personal link is its learner's token: nothing is kept, and nobody else can sit down. */
export const LINK = link === undefined ? "" : location.pathname.split("/").at(-1);

function kept(name) {
  try { return localStorage.getItem(`dxcourse${base}.${name}`); } catch { return null; } // this browser keeps nothing
}

/** The token it was asked with; none is the user of this machine, or whom a cookie names. */
export const token = LINK || kept("token");

/** A Response, or null where the server is away or nobody is known yet. */
export const first = visitors === undefined || signedIn !== undefined || token
  ? fetch(`${base}/api/learner`, token ? { headers: { [HEADER]: token } } : {}).catch(() => null)
  : null;
