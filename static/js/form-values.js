// What stands in a form, and putting it back. Holds no state, so it may be loaded by several scripts.

export function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken"
    && !["hidden", "password", "file", "submit", "button"].includes(field.type));
}

export function valuesOf(form) {
  return fieldsOf(form).map((field) => {
    const value = ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
    return [field.name, isChoice(field) ? field.value : "", value];
  });
}

// Of several boxes with one name, each is named by its value as well.
const isChoice = (field) => ["checkbox", "radio"].includes(field.type);

// What the text was written on: put back with it, so that a text which changed meanwhile is noticed.
export function basisOf(form) {
  const { seen, version, form_key: key, turn, after } = form.elements;
  const basis = {};
  if (version) basis.version = version.value;
  if (seen) basis.seen = seen.value;
  if (after) basis.after = Number(turn.value) ? `${key.value}.${turn.value}` : after.value;
  return basis;
}

export function putBasis(form, basis = {}) {
  for (const [name, value] of Object.entries(basis)) if (form.elements[name]) form.elements[name].value = value;
}

function findField(form, [name, choice]) {
  return fieldsOf(form).find((field) => field.name === name && (!isChoice(field) || field.value === choice));
}

function addMissingLines(form, values) {
  for (const [name] of values) {
    const match = /^(.+)-(\d+)-/.exec(name);
    const formset = match && form.querySelector(`[data-formset="${CSS.escape(match[1])}"]`);
    const total = formset?.querySelector("[name$=-TOTAL_FORMS]");
    while (total && Number(total.value) <= Number(match[2])) {
      const before = total.value;
      formset.dispatchEvent(new CustomEvent("formset:add", { bubbles: true }));
      if (total.value === before) break;
    }
  }
}

export function put(form, values) {
  addMissingLines(form, values);
  for (const entry of values) {
    const field = findField(form, entry);
    if (!field) continue;
    if (isChoice(field)) field.checked = entry[2];
    else field.value = entry[2];
    if (entry[2]) field.closest("details:not([open])")?.setAttribute("open", "");
  }
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
}

export function differs(form, values) {
  return values.some((entry) => {
    const field = findField(form, entry);
    if (!field) return entry[2] !== "" && entry[2] !== false;
    return (isChoice(field) ? field.checked : field.value) !== entry[2];
  });
}
