"""Every word that Streamlit is given stands in pages/ itself, or has passed `_ui.text`.

Nearly all that Streamlit shows is Markdown: a name in a file or in a link would else draw an image of an outside host,
with no click. What is written here is found in the source; tests/browser/test_attack.py looks at what a browser does.
"""

import ast
import importlib
import inspect
import re
from functools import cache

import pytest
import streamlit as st

from motions.text import as_markdown
from pages import _ui
from tests.conftest import SAMPLE

ROOT = SAMPLE.parent
SOURCES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").rglob("*.py"))]
SHOWN = {"label", "body", "help", "text", "title", "page_title", "menu_items", "delta", "delta_description", "icon"}
"""Parameters that Streamlit shows as Markdown, or as HTML."""
SHOWN_TOO = {
    "metric": {"value"}, "tabs": {"tabs"}, "table": {"data"}, "cache_resource": {"show_spinner"},
    "pills": {"options", "format_func"}, "segmented_control": {"options", "format_func"},
}  # fmt: skip
"""The same of single calls. Options of select boxes, cells and titles of st.dataframe are text: a browser says so."""
PLAIN = {
    "accept_multiple_files", "accept_new_options", "alt", "anchor", "anchors", "args", "bind", "border",
    "chart_data", "color", "column_config", "column_order", "columns", "config", "data", "default",
    "delta_arrow", "delta_color", "disabled", "expanded", "figure_or_data", "file_name", "format",
    "format_func", "gap", "height", "hide_index", "horizontal", "horizontal_alignment", "image", "index", "key",
    "label_visibility",
    "layout", "lifespan", "max_chars", "max_selections", "max_upload_size", "max_value", "middleware",
    "min_column_width", "min_value", "num_rows", "on_change", "on_click", "on_select", "options", "page",
    "page_icon", "pages", "persist_state", "placeholder", "position", "query_params", "required", "script_path",
    "selection_mode", "shortcut", "size", "spec", "step", "theme", "type", "url_path", "value", "vertical_alignment",
    "visibility", "width", "wrap",
}  # fmt: skip
"""Parameters that are no text, or shown as plain text."""
OURS = {
    ("pages/_views.py", "names(views)"): "names of the registries, which test_names_of_views_are_plain looks at",
    (
        "pages/_ui.py",
        "plain.rename_axis(text(frame.index.name) or None)",
    ): "titles, row names and cells went through text",
    **{
        ("pages/_ui.py", said): "words that went through text, and a term of letters, digits and hyphens"
        for said in (
            "_explained(definition, label)",
            "_explained(shown.definition, shown.label)",
            "_explained(means, item.title)",
            "_explained(means, item.title) if means else None",
        )
    },
    ("pages/_simulate/programs.py", "cells"): "titles, names and figures went through text one by one",
    ("pages/_ui.py", "icon"): "one of the four of _BADGES",
    ("pages/_ui.py", "**options"): "of a table, whose cells and titles are text, or a button; callers give no words",
}
"""What is safe and can't be seen to be: (file, source) → why."""
SETS = (ast.Assign, ast.AnnAssign, ast.NamedExpr)
PLAIN_WORDS = re.compile(r"[\w ,.()%/–-]*(?:'s)?[\w ,.()%/–?-]*")


def elements():
    """Streamlit's calls that show something or lay something out, by name, with the names of their parameters."""
    for module in (st, st.column_config):
        for name in dir(module):
            call = getattr(module, name)
            if callable(call) and not name.startswith("_"):
                yield name, call


ELEMENTS = dict(elements())


@cache
def parameters(name):
    try:
        return tuple(name for name in inspect.signature(ELEMENTS[name]).parameters if name != "self")
    except (TypeError, ValueError):
        return ()


class Reader:
    """One source file: what its names stand for, and the words that Streamlit is given there."""

    def __init__(self, source, name):
        self.source, self.name = source, name
        self.tree = ast.parse(source)
        self.imported = {}
        self.parent = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                self.imported |= {(one.asname or one.name).split(".")[0]: (one.name, None) for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.imported |= {one.asname or one.name: (node.module, one.name) for one in node.names}

    def faults(self):
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and (call := self.element(node.func)):
                yield from (f"{self.name}:{node.lineno} {call}({said})" for said in self.of_call(node, call))
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                yield f"{self.name}:{node.value.lineno} unsafe_allow_html"

    def element(self, func):
        """The name of the Streamlit call that a function stands for, also as a method of a column or a tab."""
        if not isinstance(func, ast.Attribute) or func.attr not in ELEMENTS:
            return None
        root = func.value
        while isinstance(root, (ast.Attribute, ast.Call)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Name) and root.id in self.imported and self.imported[root.id][0] != "streamlit":
            return None
        if isinstance(root, (ast.Constant, ast.JoinedStr)):
            return None
        if isinstance(root, ast.Name) and any("getLogger" in ast.unparse(one) for one in self.assigned(root)):
            return None
        return func.attr

    def of_call(self, node, call):
        names = parameters(call)
        given = list(zip(names, node.args, strict=False)) if names[:1] not in (("args",), ("specs",)) else []
        for keyword in node.keywords:
            if keyword.arg is None:
                given += self.unpacked(keyword.value) or [("**", keyword.value)]
            else:
                given.append((keyword.arg, keyword.value))
        named = {name for name, _ in given}
        for name, value in given:
            shown = name in SHOWN | SHOWN_TOO.get(call, set()) and not (name == "options" and "format_func" in named)
            if name == "**" or shown:
                if not self.safe(value, call == "html") and not self.ours(value, "**" if name == "**" else ""):
                    yield f"{name}={ast.unparse(value)}"
            elif name not in PLAIN:
                yield f"{name}: say whether it is shown"

    def ours(self, value, stars):
        return (self.name, stars + ast.unparse(value)) in OURS

    def unpacked(self, value):
        """The entries of a dictionary that is unpacked, where they stand in this file."""
        if isinstance(value, ast.Name):
            found = self.assigned(value)
            return [one for each in found for one in self.unpacked(each) or [("**", value)]]
        if isinstance(value, ast.Dict):
            given = []
            for key, one in zip(value.keys, value.values, strict=True):
                given += [(key.value, one)] if isinstance(key, ast.Constant) else self.unpacked(one) or [("**", one)]
            return given
        return None

    def scope(self, node):
        while node in self.parent and not isinstance(node, (ast.FunctionDef, ast.Lambda)):
            node = self.parent[node]
        return node

    def assigned(self, name):
        """All that a name may stand for, in its function, else in the file; nothing where that can't be seen."""
        for scope in (self.scope(name), self.tree):
            if isinstance(scope, (ast.FunctionDef, ast.Lambda)):
                arguments = [*scope.args.args, *scope.args.kwonlyargs, scope.args.vararg, scope.args.kwarg]
                if any(one is not None and one.arg == name.id for one in arguments):
                    return []
            found, hidden = [], False
            for node in ast.walk(scope):
                targets = getattr(node, "targets", [getattr(node, "target", None)])
                if isinstance(node, SETS) and any(getattr(one, "id", None) == name.id for one in targets):
                    found.append(node.value)
                elif isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store):
                    hidden |= not isinstance(self.parent[node], SETS)
            if hidden:
                return []
            if found:
                return found
        return []

    def safe(self, node, html=False):  # noqa: PLR0911, PLR0912 — one case, one answer
        """Whether an expression can only be words that stand in the source, or such as went through `text`."""
        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                return all(self.safe(one, html) for one in values)
            case ast.Dict(values=values):
                return all(self.safe(one, html) for one in values)
            case ast.FormattedValue(value=value, format_spec=ast.JoinedStr(values=[ast.Constant(value=form)])):
                return form in ("d", ",", ",d") or self.safe(value, html)  # only a number can be formatted so
            case ast.FormattedValue(value=value):
                return self.safe(value, html)
            case ast.Call(func=ast.Name(id="escape")):
                return html
            case ast.Call(func=ast.Name(id="text") | ast.Name(id="marked")):
                return self.name == "pages/_ui.py" and not html
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_ui"), attr="text" | "marked")):
                return not html
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[joined]):
                return self.safe(joined, html)
            case ast.GeneratorExp(
                elt=ast.Name(id=one), generators=[ast.comprehension(target=ast.Name(id=each), iter=over)]
            ) | (
                ast.ListComp(elt=ast.Name(id=one), generators=[ast.comprehension(target=ast.Name(id=each), iter=over)])
            ) if one == each:
                return self.safe(over, html)
            case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one):
                return self.safe(one, html)
            case ast.IfExp(body=one, orelse=other):
                return self.safe(one, html) and self.safe(other, html)
            case ast.BoolOp(values=values):
                return all(self.safe(one, html) for one in values)
            case ast.BinOp(left=one, op=ast.Add(), right=other):
                return self.safe(one, html) and self.safe(other, html)
            case ast.Starred(value=value):
                return self.safe(value, html)
            case ast.Attribute(value=value, attr="description"):
                return self.literal(value)
            case ast.Attribute(attr="title"):
                return self.literal(node.value)
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="label"), args=[], keywords=[]):
                return self.literal(name)
            case ast.Subscript(value=ast.Name() as name):
                return self.safe(name, html)
            case ast.Name(id=name) if name in self.imported:
                return self.constant(*self.imported[name])
            case ast.Name():
                found = self.assigned(node)
                return bool(found) and all(self.safe(one, html) for one in found)
        return False

    def literal(self, node):
        """Whether it is one of our own fields, whose words are literals: an Input, or a field of a model."""
        scope = self.scope(node)
        if isinstance(node, ast.Name) and isinstance(scope, ast.FunctionDef):
            annotated = {one.arg: one.annotation for one in scope.args.args if one.annotation}
            if node.id in annotated:
                return ast.unparse(annotated[node.id]) == "Input"
        if isinstance(node, ast.Subscript):
            value = node.value
            values = self.assigned(value) if isinstance(value, ast.Name) else [value]
            return bool(values) and all(getattr(one, "attr", "") == "model_fields" for one in values)
        return False

    def constant(self, module, name):
        """Whether something of ours that is imported holds plain words only."""
        value = getattr(importlib.import_module(module), name, None) if module.startswith("motions") else None
        words = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else [value]
        return bool(words) and all(isinstance(word, str) and PLAIN_WORDS.fullmatch(word) for word in words)


def faults(source, name="pages/x.py"):
    return list(Reader(source, name).faults())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_streamlit_is_given_no_words_from_outside(path):
    assert not faults(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())


HEAD = "import streamlit as st\nfrom pages import _ui\nfrom motions.names import NAMES\n"


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(word)",
        "st.markdown(f'Hello {word}')",
        "st.markdown('a' + word)",
        "st.markdown('a' if word else word)",
        "st.markdown(', '.join(words))",
        "st.markdown(', '.join(word for word in words))",
        "st.markdown(str(word))",
        "st.markdown(_ui.named(word))",
        "st.markdown(word.title())",
        "st.markdown(body=word)",
        "st.info(word)",
        "st.error(problem)",
        "left.caption(word)",
        "left, right = st.columns(2)\nleft.selectbox(word, [])",
        "st.columns(2)[0].info(word)",
        "st.container().markdown(word)",
        "st.selectbox('a', [], help=word)",
        "st.text_input(question.asks, key='a')",
        "st.pills('a', words)",
        "st.pills('a', ('b',), format_func=names.get)",
        "st.segmented_control('a', [word])",
        "st.tabs([word])",
        "st.tabs(names)",
        "st.table(frame)",
        "st.metric('a', word)",
        "st.metric('a', 'b', delta=word)",
        "st.expander(word)",
        "st.popover(f'About {motion.name}')",
        "st.page_link('pages/a.py', label=word)",
        "st.download_button(word, b'')",
        "bar = st.progress(0.0, 'a')\nbar.progress(0.5, word)",
        "st.html(f'<p>{word}</p>')",
        "st.html(_ui.text(word))",
        "st.markdown(escape(word))",
        "st.markdown('a', unsafe_allow_html=True)",
        "st.column_config.TextColumn(word)",
        "st.column_config.TextColumn('a', help=word)",
        "options = {'help': word}\nst.slider('a', **options)",
        "st.slider('a', **options)",
        "st.slider('a', **{**options})",
        "label = 'a'\nlabel = word\nst.button(label)",
        "for label in words: st.button(label)",
        "def show(label):\n    st.button(label)",
        "label = 'a'\ndef show(label):\n    st.button(label)",
        "st.button(f'{number}')",
        "st.button(f'{word:>10}')",
        "st.slider('a', help=item.description)",
        "def show(item: Other):\n    st.slider('a', help=item.description)",
        "def show(item: Input, currency):\n    st.slider(item.label(currency))",
        "st.markdown('a', new_option=word)",
        "st.caption(NAMES[word])",  # a company may call a motion of its own anything
        "@st.cache_resource(show_spinner=word)\ndef read(): ...",
    ],
)
def test_words_from_outside_are_found(line):
    assert faults(HEAD + line)


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown('a')",
        "st.markdown(_ui.text(word))",
        "st.markdown(f'**{_ui.text(word)}** {number:d} {number:,}')",
        "st.markdown('; '.join(f'- {_ui.text(word)}' for word in words))",
        "label = _ui.text(word) if word else 'a'\nst.button(label)",
        "_MEANS = {'a': 'b'}\nst.caption(_MEANS[word])",
        "st.caption(_ui.text(NAMES[word]))",
        "st.selectbox('a', words, format_func=names.get, placeholder=word, key=word)",
        "st.pills('a', words := ('b', 'c'), format_func=_ui.marked(NAMES))",
        "_BOUND = {'bind': 'query-params'}\nst.slider('a', **_BOUND)",
        "options = {'help': _ui.text(word)}\nst.slider('a', **options)",
        "def show(item: Input):\n    st.slider(item.label(), help=item.description)",
        "fields = Settings.model_fields\nst.slider('a', help=fields['b'].description)",
        "st.html(f'<p>{escape(word)}</p>')",
        "_ui.table(frame, 'key', word)",
        "word.title()\n'a'.title()",
        "st.error(_ui.text(word) or None)",
    ],
)
def test_words_of_our_own_are_let_through(line):
    assert not faults(HEAD + line)


def test_what_is_let_through_by_name_is_still_there():
    for name, source in OURS:
        assert source.strip("*") in (ROOT / name).read_text("utf-8"), name


def test_names_of_views_are_plain():
    from pages._health import views as health  # noqa: PLC0415
    from pages._simulate import views as simulate  # noqa: PLC0415

    for view in (*health.VIEWS, *simulate.VIEWS):
        assert PLAIN_WORDS.fullmatch(view.name), view.name


def test_what_a_word_becomes():
    assert _ui.text("plain words, 12 % (a)") == as_markdown("plain words, 12 % (a)")
    assert _ui.text("![i](http://evil.test/x.png)") == "\\!\\[i\\](http\u2060\\:\\/\\/evil\\.test\\/x\\.png)"
    assert _ui.text("a\u202eb\u2066c\x1b[31md\x00") == "a�b�c�\\[31md�"
    assert _ui.text("שלום\u200f é 漢字 👍🏽") == "שלום\u200f é 漢字 👍🏽"
    assert _ui.text("a\n\n# b\t c") == "a \\# b c"
    assert _ui.text(":material_bomb: :a: a:b c: d") == "\\:\u2060material\\_bomb\\: \\:\u2060a\\: a\\:b c\\: d"
    assert _ui.text("a -> b->c <= 5--6 --") == "a \\-\u2060\\> b\\-\\>c \\<\u2060\\= 5\\-\\-6 \\-\u2060\\-"
    assert (_ui.text(None), _ui.text(""), _ui.text(7)) == ("", "", "7")
