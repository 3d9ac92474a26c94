"""Words that a file or a link might hold, and a watch on what a browser makes of them."""

import re

OUTSIDE = "evil.test"
WORDS = (
    "![Z01](http://evil.test/Z01.png)",
    "![Z02](//evil.test/Z02.png)",
    "[![Z03](http://evil.test/Z03.png)](http://evil.test)",
    "![Z04][Z04]",
    "\\![Z05](http://evil.test/Z05.png)",
    "[Z06](http://evil.test/Z06)",
    "[Z07](javascript:alert(1))",
    "[Z08](data:text/html,<script>alert(1)</script>)",
    "[Z09]: http://evil.test/Z09",
    "<http://evil.test/Z10>",
    "http://evil.test/Z11",
    "https://evil.test/Z12?a=b",
    "HTTP://EVIL.test/Z13",
    "www.evil.test/Z14",
    "Z15@evil.test",
    "mailto:Z16@evil.test",
    "<mailto:Z17@evil.test>",
    "ftp://evil.test/Z18",
    "javascript:alert('Z19')",
    "data:image/png;base64,Z20",
    "<img src=http://evil.test/Z21.png onerror=alert(1)>Z21",
    '<a href="http://evil.test/Z22">Z22</a>',
    "<script>fetch('http://evil.test/Z23')</script>Z23",
    "<iframe src=http://evil.test/Z24></iframe>Z24",
    "<style>@import url(http://evil.test/Z25)</style>Z25",
    "<svg onload=alert(1)><image href=//evil.test/Z26 /></svg>Z26",
    "<b>Z27</b><br><!-- Z27 -->",
    "&lt;b&gt;Z28&#60;&amp;",
    "$Z29_x^2$ and $5 to $10",
    "$$\\frac{Z30}{2}$$",
    ":material/bomb: Z31",
    ":bomb: Z32 :streamlit:",
    ":red[Z33]",
    ":blue-background[Z34]",
    ":violet-badge[:material/star: Z35]",
    ":small[Z36]",
    "**Z37** __Z37__",
    "_Z38_ *Z38*",
    "`Z39` ``Z39``",
    "~~Z40~~ ~Z40~",
    "# Z41",
    "- Z42",
    "> Z43",
    "1. Z44",
    "| Z45 | b |",
    "[^Z46] --- ***",
    "Z47\u202egnp.exe\u2066",
    "Z48 \u200f\u061c שלום",
    "Z49\x1b[31m\x07",
    '=HYPERLINK("http://evil.test/Z50")',
    "Z51\\",
    "Z52" + "x" * 3000,
    "Z53 " + "words and " * 300,
    "%3Cb%3EZ54 {{Z54}} ${Z54}",
    "Z55 -> <- -- <-> >= <= ~= (c) ...",
    ":material_bomb: Z56 :material_star:",
    "Z57 :help[Z57] :shimmer[Z57] :color[Z57]{foreground=red}",
    ":streamlit: Z58 :+1:",
    "12:30:45 Z59 a:b:c",
)
SHORT = tuple(word for word in WORDS if len(word) <= 60)

STRANGE = """outside => {
    const found = [];
    const say = (element, what) => found.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
    const addresses = ["href", "src", "srcset", "action", "formaction", "poster", "data", "xlink:href", "ping", "cite"];
    const ours = value => {
        const url = new URL(value, location.href);
        return url.host === location.host || url.protocol === "blob:" || value.startsWith("data:image/svg+xml")
            || value.startsWith("data:image/png;base64,iVBOR");
    };
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of element.attributes) {
            if (name.startsWith("on")) say(element, "runs");
            if (addresses.includes(name) && value && !ours(value)) say(element, "leads outside");
            if (name === "style" && value.includes(outside)) say(element, "drawn from outside");
        }
    }
    for (const element of document.querySelectorAll(
        "iframe, object, embed, audio, video, form[action], .katex, .footnotes, [data-footnote-ref], "
        + "script:not([src]), base, meta[http-equiv=refresh]"))
        if (element.textContent.trim() !== "window.prerenderReady = false") say(element, "is no text");
    // What a marked word stands in: nothing that only its own signs could have made.
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const made = "a, em, code, del, sup, blockquote, pre, table table, [class*=Badge], [data-testid=stIconMaterial]";
    while (words.nextNode()) {
        const text = words.currentNode.textContent, parent = words.currentNode.parentElement;
        if (!/Z\\d\\d/.test(text) || !parent) continue;
        if (parent.closest("[data-testid=stDataFrame], [data-testid=stCode]")) continue;
        const markdown = parent.closest("[data-testid=stMarkdownContainer]");
        const wrong = parent.closest(made);
        if (wrong && markdown && markdown.contains(wrong)) say(wrong, "is marked up");
        if (markdown && getComputedStyle(parent).color !== getComputedStyle(markdown).color) say(parent, "is coloured");
    }
    return found;
}"""
SHOWN = """() => {
    const blocks = "p, li, td, th, label, button, h1, h2, h3, summary, option, text, [role=option], [role=tab]";
    const found = [];
    for (const element of document.querySelectorAll(blocks))
        if (/Z\\d\\d/.test(element.textContent) && ![...element.querySelectorAll(blocks)].some(
            one => /Z\\d\\d/.test(one.textContent)))
            found.push([element.textContent, !!element.closest("[data-testid=stMarkdownContainer]")]);
    return found;
}"""


def as_shown(word):
    """How a word must stand on the page: as it is, on one line, what turns the text around replaced."""
    return " ".join(re.sub("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "�", word).split())


def altered(text, markdown):
    """Those words in a text that don't stand there as they are; messages and charts cut what is long."""
    text = "".join(text.replace("\u2060", "").split())
    wrong = []
    for mark in sorted(set(re.findall(r"Z\d\d", text))):
        word = next(word for word in WORDS if mark in word)
        whole = [as_shown(word).replace(" ", ""), *([] if markdown else ["".join(word.split())])]
        cut = [
            as_shown(word)[:20].replace(" ", ""),
            *(f"{as_shown(word)[:end].replace(' ', '')}…" for end in range(10, 20)),
        ]
        if not any(part in text for part in (*whole, *cut)) and "Thislinkhasversion" not in text:
            wrong.append(f"{mark}: {text[:200]!r}")
    return wrong


class Watch:
    """Everything that a browser asks for, and every element, for as long as a page is looked at."""

    def __init__(self, context, server):
        self.server, self.asked, self.strange, self.seen, self.known = server, [], [], set(), {}
        self.downloads = set()
        self.context = context
        context.route(re.compile(r".*"), self._route)
        context.on("request", lambda request: self._asked(request.url))

    def page(self):
        page = self.context.new_page()
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("dialog", lambda dialog: (self.strange.append(f"a script said {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: self.strange.append(f"opened {popup.url}"))
        return page

    def _asked(self, url):
        self.asked += [] if self._is_ours(url) else [url]

    def _route(self, route):
        route.continue_() if self._is_ours(route.request.url) else route.abort()

    def _is_ours(self, url):
        return url.startswith((self.server, self.server.replace("http", "ws", 1), "data:", "blob:"))

    def look(self, page, where):
        """Look at every element that is there now."""
        self.strange += [f"{where}: {one}" for one in page.evaluate(STRANGE, OUTSIDE)]
        for text, markdown in page.evaluate(SHOWN):
            self.seen |= set(re.findall(r"Z\d\d", text))
            self.strange += [f"{where}: altered {one}" for one in altered(text, markdown)]

    def check(self):
        assert not self.asked, f"asked of the outside: {sorted(set(self.asked))[:20]}"
        assert not self.strange, "\n".join(list(dict.fromkeys(self.strange))[:40])
