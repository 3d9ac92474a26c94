// What one browser tab keeps for the app: one entry of its history a page, and the token of its uploaded files.

const KEY = "motions-files";
let asked = "";

// Streamlit adds an entry for each change of a parameter: Back would undo a page step by step before leaving it. And
// before it leaves a page it takes the parameters from its address: Back would come to another page than was left.
if (!history.pushState.oneAPage) {
  const push = history.pushState;
  let acted = location.href;
  for (const event of ["click", "keydown"]) addEventListener(event, () => (acted = location.href), true);
  history.pushState = function (state, title, url) {
    const path = location.pathname;
    if (new URL(url ?? "", location.href).pathname === path) return this.replaceState(state, title, url);
    if (new URL(acted).pathname === path) this.replaceState(state, "", acted);
    return push.call(this, state, title, url);
  };
  history.pushState.oneAPage = true;
}

// A browser may forbid storage: then a reload begins anew, as it would without this file.
const stored = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
};

export default function ({ data, setTriggerValue }) {
  if (data.token) {
    stored((storage) => storage.setItem(KEY, data.token));
  } else if (data.forget) {
    stored((storage) => storage.removeItem(KEY));
  } else if (asked !== data.visit) {
    asked = data.visit;
    const token = stored((storage) => storage.getItem(KEY));
    if (token) setTriggerValue("token", token);
  }
}
