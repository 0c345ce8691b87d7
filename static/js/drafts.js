// What is typed into a form stays in this browser until it is saved, and is offered again where the form is opened next:
// after a crash, an expired session, an error of the server. It is kept for each account, for 14 days, until signing out.
{
  const DAYS = 14;
  const DELAY = 400;
  const SENT = "draft-sent";
  const NEVER_KEPT = /password|csrfmiddlewaretoken|opened_by/i;

  const forget = (unwanted) => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("draft:") && unwanted(key)) {
        localStorage.removeItem(key);
      }
    }
  };
  const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
  const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
  const isSwitchedOff = document.querySelector("form[data-account][data-drafts='off']") !== null;
  forget((key) => isSwitchedOff || !(read(key)?.at > oldest));

  const form = document.querySelector("form[data-draft]");
  const isSignedIn = document.querySelector("details.account") !== null;
  const account = form?.dataset.draft;
  const key = form && `draft:${account}:${new URL(form.action, location).pathname}`;
  const isShownAgain = form?.dataset.typed === "true";

  // A form that led on to another page, and is not shown again, was saved; at the page to sign in nobody knows. After an
  // error of the server or of the line one comes to other pages too, though not by its answer.
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
  sessionStorage.removeItem(SENT);
  const [navigation] = performance.getEntriesByType("navigation");
  const isLedOn = navigation?.redirectCount > 0 && document.referrer.split(/[?#]/)[0] === sent?.from;
  if (isLedOn && isSignedIn && (form ? !(key === sent.key && isShownAgain) : location.pathname !== sent.path)) {
    localStorage.removeItem(sent.key);
  }

  const keep = () => {
    const fields = [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !NEVER_KEPT.test(name),
    );
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
    } catch {
      // The browser has no room left, or keeps nothing: the form works all the same.
    }
  };

  const putBack = (fields) => {
    const again = document.createElement("form");
    again.method = "post";
    again.action = location.href;
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    // As for another row, the server shows the form with what was typed, and saves nothing.
    for (const [name, value] of [...fields, ["add", ""], [token.name, token.value]]) {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      again.append(input);
    }
    again.hidden = true;
    document.body.append(again);
    again.submit();
  };

  const button = (label, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  };

  const offer = (draft) => {
    const note = document.createElement("div");
    note.className = "notice draft";
    note.setAttribute("role", "status");
    const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const words = document.createElement("p");
    words.textContent = `On ${when} you typed something here that was not saved.`;
    const discard = () => {
      localStorage.removeItem(key);
      note.remove();
    };
    const buttons = document.createElement("p");
    buttons.append(button("Put it back", () => putBack(draft.fields)), " ", button("Discard it", discard));
    note.append(words, buttons);
    form.before(note);
  };

  if (form) {
    const draft = read(key);
    if (draft && !isShownAgain) {
      offer(draft);
    }
    let waiting = null;
    const note = () => {
      clearTimeout(waiting);
      // What is offered stays until it is decided on.
      if (!document.querySelector(".draft")) {
        waiting = setTimeout(keep, DELAY);
      }
    };
    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      if (!document.querySelector(".draft")) {
        keep();
      }
      sessionStorage.setItem(SENT, JSON.stringify({ key, path: location.pathname, from: location.origin + location.pathname }));
    });
  }

  // The admin has a form of Django's for it.
  const ofPage = document.currentScript.dataset.account;
  document.querySelector("form[action$='/logout/']")?.addEventListener("submit", ({ target }) => {
    forget((kept) => kept.startsWith(`draft:${target.dataset.account ?? ofPage}:`));
  });
}
