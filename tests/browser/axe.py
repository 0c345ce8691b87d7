"""What axe finds on a page that not everybody can read."""

from axe_playwright_python.base import AXE_SCRIPT

GRAVE = ("serious", "critical")
# These take axe longer than all others together, and give the same answer for what looks the same.
CONTRAST = "color-contrast"
LINKS = "link-in-text-block"
BY_LOOK = (CONTRAST, LINKS)
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
  // How a link is told from the words around it, all the way up to their block; where it stands by them, or may.
  const style = element => {
    const {color, font, textDecoration, borderBottom, backgroundColor, backgroundImage} = getComputedStyle(element);
    const drawn = ["::before", "::after"].map(name => getComputedStyle(element, name).content);
    return [color, font, textDecoration, borderBottom, backgroundColor, backgroundImage, ...drawn].join();
  };
  const isInline = element => /^(inline|contents)$/.test(getComputedStyle(element).display);
  for (const link of document.body.querySelectorAll("a[href], [role=link]")) {
    if (!link.checkVisibility({visibilityProperty: true})) continue;
    const styles = [style(link)];
    let block = link.parentElement;
    for (; block !== document.body && isInline(block); block = block.parentElement) styles.push(style(block));
    const parts = [...block.querySelectorAll("*")];
    const words = {true: 0, false: 0};
    for (const part of [block, ...parts]) {
      if (part.closest("button, select, textarea") || !part.checkVisibility({visibilityProperty: true})) continue;
      for (const node of part.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) words[!!part.closest("a, [role=link]")] += node.data.trim().length;
      }
    }
    // To axe, a link is in a text where most of the words are not links.
    const isByWords = words[false] > words[true];
    // Which words are those around it is for axe to say.
    const isBroken = words[false] > 0 && parts.some(part => part.localName === "br" || !isInline(part));
    looks[["link", ...styles, style(block), isByWords, isBroken ? Math.random() : ""].join("|")] ??= link;
  }
  return Object.keys(looks);
}"""
ALL_OTHERS = {"rules": {rule: {"enabled": False} for rule in BY_LOOK}}
RUN = """([options, looks]) => axe.run(looks ? {include: looks.map(look => window.looks[look])} : document, options)
  .then(({violations}) => violations.flatMap(({id, impact, help, nodes}) =>
    nodes.slice(0, 3).map(({html}) => [impact, `${id} (${impact}): ${help}: ${html.slice(0, 200)}`])))"""


def failings(page, rules=(), seen=None):
    """What axe finds on `page` that is serious or critical, a line each; only by `rules` where any are given.

    Where a set is given as `seen`, contrast and links are looked at only in texts whose look is not in it yet.
    """
    page.wait_for_load_state()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    if seen is None:
        runs = [(only(*rules) if rules else {}, None)]
    else:
        others = [rule for rule in rules if rule not in BY_LOOK]
        runs = [(only(*others) if others else ALL_OTHERS, None)] if others or not rules else []
        asked = [rule for rule in BY_LOOK if rule in rules or not rules]
        if asked and (new := [look for look in page.evaluate(LOOKS) if look not in seen]):
            seen.update(new)
            runs.append((only(*asked), new))
    return [
        line
        for options, looks in runs
        for impact, line in page.evaluate(RUN, [{"resultTypes": ["violations"], **options}, looks])
        if impact in GRAVE
    ]


def only(*rules):
    """The options of axe for these rules and no others."""
    return {"runOnly": {"type": "rule", "values": list(rules)}}
