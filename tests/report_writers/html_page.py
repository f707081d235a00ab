"""Reads an HTML page: its tags, its ids, and the text of every table cell."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """tables: id of the table's block -> rows of cell texts, the headings first."""

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.ids, self.cells, self.tables = [], [], None, {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("class") == "table-block":
            self.rows = self.tables.setdefault(attributes["id"], [])
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.cells = self.rows[-1]

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cells = None

    def handle_data(self, data):
        if self.cells is not None:
            self.cells[-1] += data
