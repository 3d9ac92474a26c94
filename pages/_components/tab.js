// What one browser tab keeps for the app: one entry of its history a page, and the token of its uploaded files.

const KEY = "motions-files";
let asked = "";

// Streamlit adds an entry for each change of a parameter; Back would then undo a page step by step before leaving it.
if (!history.pushState.oneAPage) {
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const same = url != null && new URL(url, location.href).pathname === location.pathname;
    return (same ? history.replaceState : push).call(this, state, title, url);
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
