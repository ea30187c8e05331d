"""What can be told of a page, or of an answer, without knowing what it shows."""

import http.client
import re
import urllib.parse
from collections import namedtuple

Answer = namedtuple("Answer", "status headers body")

# Of every text that can be seen: its colour, and that of the nearest thing behind it that has one (WCAG 2.2, 1.4.3).
TEXTS = r"""
  const seen = [];
  const walker = document.createTreeWalker(document.querySelector(given[0]), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    if (element.closest('.unseen, .skip, script, style, noscript')) continue;
    let behind = element;
    while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    seen.push([node.data.trim().slice(0, 40), getComputedStyle(element).color, behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)']);
  }
  return seen;
"""


def poor_contrasts(browser, within="body"):
    """Texts whose contrast is below 4.5 to 1."""
    poor = {}
    for text, colour, behind in browser.run(TEXTS, within):
        light, dark = sorted((luminance(colour), luminance(behind)), reverse=True)
        ratio = (light + 0.05) / (dark + 0.05)
        if ratio < 4.5:
            poor[text] = f"{colour} on {behind}: {ratio:.2f}"
    return poor


def luminance(colour):
    """Relative luminance of `rgb(…)` (WCAG 2.2)."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
    if len(parts) > 3 and parts[3] < 1:
        raise AssertionError(f"{colour} can be seen through")
    channels = [part / 255 for part in parts[:3]]
    channels = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def nameless_controls(browser):
    """What assistive technology could not name, of what can be used."""
    roles = {"button", "textbox", "searchbox", "checkbox", "link", "table", "dialog", "img"}
    nodes = browser.devtools("Accessibility.getFullAXTree")["nodes"]
    used = [node for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in roles]
    if len(used) < 10:
        raise AssertionError(f"only {len(used)} controls are found")
    return [node["role"]["value"] for node in used if not node.get("name", {}).get("value", "").strip()]


def fetch(url, headers, method="GET"):
    """The answer, with whatever Host is given."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.putrequest(method, parts.path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
