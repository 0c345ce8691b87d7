"""What axe finds on a page that not everybody can read."""

from axe_playwright_python.base import AXE_SCRIPT

GRAVE = ("serious", "critical")
# It takes axe longer than all others together, and gives the same answer for what looks the same.
CONTRAST = "color-contrast"
# Keeps in `window.looks` an element for each look of a text, and returns the names of the looks. What tells two looks
# apart is what the contrast goes by: the text's own style, and all that it lies on.
LOOKS = """() => {
  const grounds = new Map([[null, ""]]);
  const ground = element => {
    if (!grounds.has(element)) {
      const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position} = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode].join();
      const placed = position === "static" ? "" : `${position} ${element.getAttribute("class")}`;
      const isPlain = own === "rgba(0, 0, 0, 0),none,1,none,normal" && !placed;
      grounds.set(element, ground(element.parentElement) + (isPlain ? "" : `/${own} ${placed}`));
    }
    return grounds.get(element);
  };
  window.looks = {};
  for (const part of document.body.querySelectorAll("*")) {
    const hasWords = part.matches("input, select, textarea")
      || [...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasWords || !part.checkVisibility({visibilityProperty: true})) continue;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(part);
    const isDisabled = part.closest(":disabled, [aria-disabled=true]") || part.closest("label")?.control?.disabled;
    const look = [color, fontSize, fontWeight, textShadow, !!isDisabled, ground(part)].join("|");
    looks[look] ??= part;
  }
  return Object.keys(looks);
}"""
WITHOUT_CONTRAST = {"rules": {CONTRAST: {"enabled": False}}}
RUN = """([options, looks]) => axe.run(looks ? {include: looks.map(look => window.looks[look])} : document, options)
  .then(({violations}) => violations.flatMap(({id, impact, help, nodes}) =>
    nodes.slice(0, 3).map(({html}) => [impact, `${id} (${impact}): ${help}: ${html.slice(0, 200)}`])))"""


def failings(page, rules=(), seen=None):
    """What axe finds on `page` that is serious or critical, a line each; only by `rules` where any are given.

    Where a set is given as `seen`, the contrast is looked at only in texts whose look is not in it yet.
    """
    page.wait_for_load_state()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    if seen is None:
        runs = [(only(*rules) if rules else {}, None)]
    else:
        others = [rule for rule in rules if rule != CONTRAST]
        runs = [(only(*others) if others else WITHOUT_CONTRAST, None)] if others or not rules else []
        is_asked = CONTRAST in rules or not rules
        if is_asked and (new := [look for look in page.evaluate(LOOKS) if look not in seen]):
            seen.update(new)
            runs.append((only(CONTRAST), new))
    return [
        line
        for options, looks in runs
        for impact, line in page.evaluate(RUN, [{"resultTypes": ["violations"], **options}, looks])
        if impact in GRAVE
    ]


def only(*rules):
    """The options of axe for these rules and no others."""
    return {"runOnly": {"type": "rule", "values": list(rules)}}
