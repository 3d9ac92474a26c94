// What one browser tab keeps for the app: one entry of its history a page, the token of its uploaded files, and the focus
// in what opens.

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

// What opens over the page stands behind all of it, and Streamlit leaves the focus at its button: by keyboard it would be
// come to last of all, and what is only to be read could not be scrolled. Here it takes the focus if a key has opened it.
// Escape closes it, and so does Tab behind its last field: the focus is at its button again.
const BUTTON = "[data-testid=stPopoverButton]";
const BODY = "[data-testid=stPopoverBody]";
const close = () => {
  const button = document.querySelector(`${BUTTON}[aria-expanded=true]`);
  button?.click();
  button?.focus();
};
const opened = ({ target, detail }) => {
  if (!target.closest?.(`${BUTTON}[aria-expanded=false]`)) return;
  const coming = new MutationObserver(() => {
    const body = document.querySelector(`${BODY}:not([tabindex])`);
    if (!body) return;
    coming.disconnect();
    body.tabIndex = 0;
    if (detail === 0) body.focus({ preventScroll: true }); // the click of a key has no number
  });
  coming.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => coming.disconnect(), 2000);
};
if (!document.querySelector("#motions-end")) {
  const end = document.createElement("span"); // stands behind all that opens, and has the focus for no longer than it takes
  end.id = "motions-end";
  end.addEventListener("focus", close);
  document.body.append(end);
  const tabbed = (event) => {
    if (event.key !== "Tab") return;
    end.tabIndex = document.querySelector(BODY) ? 0 : -1;
    if (!event.shiftKey || !event.target.matches?.(BODY)) return;
    event.preventDefault();
    close();
  };
  addEventListener("keydown", tabbed, true);
  addEventListener("click", opened, true);
  const measured = () => {
    const answer = document.querySelector(".st-key-sim_answer")?.parentElement;
    answer?.style.setProperty("--tall", `${answer.offsetHeight}px`);
  };
  addEventListener("scroll", measured, { capture: true, passive: true });
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
