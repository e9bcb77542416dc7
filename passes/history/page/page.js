"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { lines, nodes } = data;
  const MADE = 1, GONE = 2, CARRIED = 4;
  const ROW = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));
  const BLOCK = 120, CONTEXT = 3, FOLD = 9, WHOLE = 300;

  // Everything from the program is set as text, never as markup.
  function element(tag, className, text) {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }
  function button(className, text, title, onclick) {
    const b = element("button", className, text);
    b.type = "button";
    if (title) b.title = title;
    b.addEventListener("click", onclick);
    return b;
  }

  // Which nodes stand for a source node, and on which lines a node is.
  const setsOf = new Map(), nodesOf = nodes.sets.map(() => []), linesOf = new Map();
  nodes.sets.forEach((ids, set) => ids.forEach(id => {
    if (!setsOf.has(id)) setsOf.set(id, []);
    setsOf.get(id).push(set);
  }));
  nodes.set.forEach((set, node) => nodesOf[set].push(node));
  lines.forEach((line, index) => {
    for (let k = 3; k < line.length; k += 3) {
      const list = linesOf.get(line[k]);
      if (!list) linesOf.set(line[k], [index]);
      else if (list[list.length - 1] !== index) list.push(index);
    }
  });

  // The lines of one column, folded and drawn in blocks as they come into view.
  class Column {
    constructor(column, index) {
      this.data = column;
      this.index = index;
      this.opened = new Set(); // first lines of folds that are open
      this.places = new Map(); // of lines
      column.lines.forEach((line, at) => {
        if (!this.places.has(line)) this.places.set(line, []);
        this.places.get(line).push(at);
      });
      this.root = element("section", "column");
      this.root.setAttribute("aria-label", column.name);
      this.root.append(this.head());
      this.code = element("div", "code");
      this.code.tabIndex = 0;
      this.lines = element("div", "lines");
      this.code.append(this.lines);
      this.strip = element("canvas", "strip");
      this.root.append(this.code, this.strip);
      this.cursor = -1; // the row that the keyboard is at
      this.part = -1;   // and which of its nodes
      this.code.addEventListener("keydown", e => this.key(e));
      this.code.addEventListener("focus", () => { if (this.cursor < 0) this.cursor = this.firstVisible(); });
      this.observer = new IntersectionObserver(entries => entries.forEach(e => {
        if (e.isIntersecting) this.draw(e.target);
      }), { root: this.code, rootMargin: "600px" });
    }

    head() {
      const head = element("div", "head"), title = element("h2", "", this.data.name);
      const pass = this.data.pass < 0 ? null : data.passes[this.data.pass];
      if (pass) {
        title.title = pass.doc;
        title.append(element("span", "time", pass.time));
      }
      this.badge = button("lit-count", "", "Show the first place", () => this.showLit());
      title.append(this.badge);
      const size = element("div", "size"), s = this.data.size;
      size.textContent = `${count(s.statements, "statement")}${s.graph_calls ? `, ${count(s.graph_calls, "call")} in graphs` : ""}, ${count(s.nodes, "node")}`;
      let made = 0, gone = 0;
      if (this.index > 0) {
        made = this.data.marks.filter(m => m & MADE).length;
        gone = data.columns[this.index - 1].marks.filter(m => m & GONE).length;
        size.append("  ", element("span", "plus", `+${made}`), " ", element("span", "minus", `\u2212${gone}`), " lines");
      }
      head.append(title, size);
      if (pass) {
        const rules = element("ul", "rules");
        pass.rules.forEach(r => {
          const item = element("li");
          item.title = r.doc;
          item.append(element("b", "", String(r.n)), ` ${r.name}`);
          rules.append(item);
        });
        head.append(rules);
      }
      return head;
    }

    // layout decides which lines are folded and makes the blocks anew.
    layout(fold) {
      if (this.index === 0 && this.data.lines.length <= WHOLE) fold = false; // the source is there to be read
      const marks = this.data.marks, n = marks.length;
      const keep = new Uint8Array(n);
      const changes = MADE | GONE;
      for (let i = 0; i < n; i++) {
        if (!fold || marks[i] & changes) keep.fill(1, Math.max(0, i - CONTEXT), Math.min(n, i + CONTEXT + 1));
      }
      this.rows = []; // a line, or [first, end] of a fold
      for (let i = 0; i < n;) {
        if (keep[i]) { this.rows.push(i++); continue; }
        let end = i;
        while (end < n && !keep[end]) end++;
        if (end - i < FOLD || this.opened.has(i)) for (let k = i; k < end; k++) this.rows.push(k);
        else this.rows.push([i, end]);
        i = end;
      }
      this.rowOf = new Int32Array(n);
      this.rows.forEach((row, r) => {
        if (typeof row === "number") this.rowOf[row] = r;
        else this.rowOf.fill(r, row[0], row[1]);
      });
      this.observer.disconnect();
      const top = this.code.scrollTop;
      this.lines.replaceChildren();
      for (let from = 0; from < this.rows.length; from += BLOCK) {
        const block = element("div", "block");
        block.from = from;
        block.style.height = `calc(var(--row) * ${Math.min(BLOCK, this.rows.length - from)})`;
        this.lines.append(block);
        this.observer.observe(block);
      }
      // Lines in blocks that are not drawn are as wide as those that are.
      let widest = 0;
      this.data.lines.forEach(l => { widest = Math.max(widest, lines[l][0].length); });
      this.lines.style.minWidth = `max(100%, ${Math.min(widest, 400) + 8}ch)`;
      this.lines.style.fontFamily = "ui-monospace, monospace";
      this.lines.style.fontSize = "12px";
      this.code.scrollTop = top;
      this.paint();
    }

    draw(block) {
      if (block.firstChild) return;
      const end = Math.min(this.rows.length, block.from + BLOCK);
      for (let r = block.from; r < end; r++) block.append(this.row(r));
    }

    row(r) {
      const row = this.rows[r];
      if (typeof row !== "number") {
        const fold = element("div", "row fold", `\u22ef ${row[1] - row[0]} lines as before`);
        fold.title = "Show them";
        fold.addEventListener("click", () => { this.opened.add(row[0]); this.layout(folding.checked); });
        fold.classList.toggle("lit", this.foldIsLit(row));
        return fold;
      }
      const line = lines[this.data.lines[row]], mark = this.data.marks[row];
      const e = element("div", "row");
      e.dataset.line = row + 1;
      if (mark & MADE) e.classList.add("made");
      if (mark & GONE) e.classList.add("gone");
      if (mark & CARRIED) e.classList.add("carried");
      if (r === this.cursor) e.classList.add("at");
      const text = line[0];
      if (text.trimStart().startsWith("#")) e.classList.add("comment");
      let at = 0;
      const open = [[e, text.length]];
      const advance = to => {
        while (at < to || open.length > 1 && open[open.length - 1][1] <= at) {
          const [parent, end] = open[open.length - 1];
          if (end <= at && open.length > 1) { open.pop(); continue; }
          const next = Math.min(to, end);
          words(parent, text.slice(at, next), e.classList.contains("comment"));
          at = next;
        }
      };
      for (let k = 1; k < line.length; k += 3) {
        advance(line[k]);
        const span = element("span", "n");
        span.dataset.n = line[k + 2];
        open[open.length - 1][0].append(span);
        open.push([span, line[k + 1]]);
      }
      advance(text.length);
      if (lit.size) this.lightRow(e);
      return e;
    }

    rowElement(r) {
      const block = this.lines.children[Math.floor(r / BLOCK)];
      return block && block.children[r % BLOCK];
    }

    foldIsLit(row) { return this.litLines.some(l => l >= row[0] && l < row[1]); }

    litLines = [];

    // light shows what is lit, dark takes it away.
    light() {
      const found = new Set();
      for (const node of lit.keys()) {
        for (const line of linesOf.get(node) || []) for (const at of this.places.get(line) || []) found.add(at);
      }
      this.litLines = [...found].sort((a, b) => a - b);
      const shown = new Set();
      for (const at of this.litLines) {
        const r = this.rowOf[at];
        if (shown.has(r)) continue;
        shown.add(r);
        const e = this.rowElement(r);
        if (e) this.lightRow(e);
      }
      this.badge.textContent = this.litLines.length ? `${count(this.litLines.length, "line")} lit` : "";
      this.badge.classList.toggle("on", this.litLines.length > 0);
      this.paint();
    }

    lightRow(e) {
      if (e.classList.contains("fold")) { e.classList.add("lit"); return; }
      for (const span of e.querySelectorAll(".n")) {
        const how = lit.get(Number(span.dataset.n));
        if (how) span.classList.add(how);
        if (here && here.column === this && here.node === Number(span.dataset.n)) span.classList.add("here");
      }
    }

    dark() {
      for (const e of this.lines.querySelectorAll(".n.lit, .n.soft, .n.here, .fold.lit")) e.classList.remove("lit", "soft", "here");
      this.litLines = [];
      this.badge.classList.remove("on");
      this.paint();
    }

    // paint draws the marks beside the scroll bar.
    paint() {
      if (!this.rows || !this.root.isConnected) return;
      const height = this.code.clientHeight, ratio = devicePixelRatio || 1, style = getComputedStyle(this.root);
      this.strip.style.height = `${height}px`;
      this.strip.width = 7 * ratio;
      this.strip.height = height * ratio;
      const context = this.strip.getContext("2d"), scale = height / Math.max(height, this.rows.length * ROW);
      const mark = (row, color, x, width) => {
        context.fillStyle = color;
        context.fillRect(x * ratio, row * ROW * scale * ratio, width * ratio, Math.max(2, ROW * scale) * ratio);
      };
      const made = style.getPropertyValue("--made-edge"), gone = style.getPropertyValue("--gone-edge");
      context.globalAlpha = .55;
      this.rows.forEach((row, r) => {
        if (typeof row !== "number") return;
        const m = this.data.marks[row];
        if (m & MADE) mark(r, resolve(made), 0, 3);
        else if (m & GONE) mark(r, resolve(gone), 0, 3);
      });
      context.globalAlpha = 1;
      for (const l of this.litLines) mark(this.rowOf[l], resolve(style.getPropertyValue("--lit-edge")), 2, 5);
    }

    // show scrolls a line to a height above the bottom of the head.
    show(at, y) {
      this.code.scrollTo({ top: this.rowOf[at] * ROW - y, behavior: calm ? "auto" : "smooth" });
    }

    showLit() {
      if (this.litLines.length) this.show(this.litLines[0], 60);
      this.root.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    // open unfolds what is lit.
    open() {
      let changed = false;
      this.rows.forEach(row => {
        if (typeof row !== "number" && this.foldIsLit(row)) { this.opened.add(row[0]); changed = true; }
      });
      if (changed) this.layout(folding.checked);
    }

    firstVisible() { return Math.min(this.rows.length - 1, Math.max(0, Math.ceil(this.code.scrollTop / ROW))); }

    key(e) {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 }[e.key];
      if (move) this.goto(Math.max(0, Math.min(this.rows.length - 1, this.cursor + move)), -1);
      else if (e.key === "Home") this.goto(0, -1);
      else if (e.key === "End") this.goto(this.rows.length - 1, -1);
      else if (e.key === "ArrowRight" || e.key === "ArrowLeft") {
        const row = this.rows[this.cursor];
        if (typeof row !== "number") return;
        const parts = (lines[this.data.lines[row]].length - 1) / 3;
        this.goto(this.cursor, Math.max(0, Math.min(parts - 1, this.part + (e.key === "ArrowRight" ? 1 : -1))));
      } else if (e.key === "Enter" || e.key === " ") {
        const row = this.rows[this.cursor];
        if (typeof row !== "number") { if (row) { this.opened.add(row[0]); this.layout(folding.checked); } }
        else if (here) pin(here);
      } else return;
      e.preventDefault();
    }

    goto(r, part) {
      const before = this.rowElement(this.cursor);
      if (before) before.classList.remove("at");
      this.cursor = r;
      this.part = part;
      const block = this.lines.children[Math.floor(r / BLOCK)];
      if (block) this.draw(block);
      const e = this.rowElement(r);
      if (!e) return;
      e.classList.add("at");
      e.scrollIntoView({ block: "nearest", inline: "nearest" });
      const row = this.rows[r];
      if (typeof row !== "number") return;
      const line = lines[this.data.lines[row]], k = 3 + 3 * Math.max(0, part);
      if (k < line.length) point({ column: this, node: line[k], at: row }, true);
      else if (!pinned) clear();
    }
  }

  const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || navigator.webdriver;
  const KEYWORDS = new Set(("program object register input output import function repeat as loop while until switch case default if else weave strand " +
    "require weights turn buffer print popen spawn join grad wrt graph yield steps values source next_n hook before after every when break continue seq").split(" "));

  // words appends a text with its keywords and numbers set apart.
  function words(parent, text, comment) {
    if (comment) { parent.append(text); return; }
    let last = 0;
    for (const m of text.matchAll(/"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|(?<![%\w.])\d[\w.]*/g)) {
      const kind = KEYWORDS.has(m[0]) ? "w" : /^["\d]/.test(m[0]) ? "v" : "";
      if (!kind) continue;
      parent.append(text.slice(last, m.index), element("span", kind, m[0]));
      last = m.index + m[0].length;
    }
    parent.append(text.slice(last));
  }

  // resolve turns light-dark(a, b) into the color that holds.
  const probe = element("i");
  probe.hidden = true;
  document.body.append(probe);
  const resolved = new Map();
  function resolve(color) {
    if (!resolved.has(color)) {
      probe.style.color = color;
      resolved.set(color, getComputedStyle(probe).color);
    }
    return resolved.get(color);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { resolved.clear(); columns.forEach(c => c.paint()); });

  // What is lit, and how: "lit" stands for nothing but what is pointed at, "soft"
  // for other things too.
  const lit = new Map();
  let here = null;   // { column, node, at }: what is pointed at
  let pinned = null; // the same, when it stays

  // family returns a node and those within it on its lines in a column.
  function family(place) {
    const found = new Set([place.node]);
    for (const line of linesOf.get(place.node) || []) {
      if (!place.column.places.has(line)) continue;
      const l = lines[line];
      let end = -1;
      for (let k = 1; k < l.length; k += 3) {
        if (l[k + 2] === place.node) end = l[k + 1];
        else if (end >= 0 && l[k + 1] <= end) found.add(l[k + 2]);
      }
    }
    return found;
  }

  function point(place, force) {
    if (pinned && !force) return;
    if (here && here.node === place.node && here.column === place.column) return;
    clear();
    here = place;
    const roots = new Set();
    for (const node of family(place)) for (const id of nodes.sets[nodes.set[node]]) roots.add(id);
    const sets = new Set();
    for (const id of roots) for (const set of setsOf.get(id) || []) sets.add(set);
    for (const set of sets) {
      const whole = nodes.sets[set].every(id => roots.has(id));
      for (const node of nodesOf[set]) lit.set(node, whole ? "lit" : "soft");
    }
    lit.set(place.node, "lit");
    columns.forEach(c => c.light());
    tell(place);
  }

  function clear() {
    lit.clear();
    here = pinned = null;
    document.body.classList.remove("pinned");
    columns.forEach(c => c.dark());
    tell(null);
  }

  // pin keeps what is lit, opens the folds that have some of it, and scrolls the
  // other columns to it.
  function pin(place) {
    pinned = null;
    point(place, true);
    pinned = here;
    document.body.classList.add("pinned");
    const y = Math.max(0, place.column.rowOf[place.at] * ROW - place.column.code.scrollTop);
    columns.forEach(c => {
      if (c === place.column) return;
      c.open();
      if (c.litLines.length) c.show(c.litLines[0], y);
    });
    tell(place);
  }

  const status = document.getElementById("status");
  function tell(place) {
    status.replaceChildren();
    if (!place) {
      status.append(element("span", "dim", "Point at a statement or an operand: what it comes from, and what came of it, is lit in every column."));
      return;
    }
    const n = place.node, made = nodes.column[n];
    status.append(element("b", "", nodes.words[nodes.what[n]]), element("span", "dim", `node ${nodes.id[n]}`));
    if (nodes.line[n]) status.append(element("span", "dim", `at ${nodes.line[n]}:${nodes.char[n]}`));
    const rewrites = nodes.words[nodes.made[n]];
    const from = made === 0 ? "in the source" : `made by ${(data.columns[made] || { name: "a pass" }).name}${rewrites ? ` (${rewrites})` : ""}`;
    status.append(element("span", "", from));
    const roots = nodes.sets[nodes.set[n]];
    if (made !== 0 && roots.length) status.append(element("span", "origins", `from ${roots.slice(0, 40).join(", ")}${roots.length > 40 ? ", ..." : ""}`));
    if (pinned) status.append(element("span", "dim", "pinned"));
  }

  // The top: what was compiled, and the pipeline.
  const top = document.getElementById("top"), first = element("div", "first");
  const folding = element("input");
  folding.type = "checkbox";
  folding.id = "fold";
  folding.checked = true;
  const tool = element("label", "tool");
  tool.append(folding, "fold what stays");
  const keys = element("span", "keys");
  [["click", " pins"], ["Esc", " lets go"], ["\u2191\u2193\u2190\u2192", " "], ["Enter", " from the keyboard"]].forEach(([key, what], i) => {
    keys.append(i && i !== 3 ? " \u00b7 " : "", element("kbd", "", key), what);
  });
  const legend = element("span", "legend");
  [["made", "made here"], ["gone", "gone next"], ["old", "carried source"]].forEach(([kind, what]) => {
    legend.append(element("i", kind, kind === "old" ? "abc" : ""), `${what} `);
  });
  first.append(element("h1", "", data.title), element("span", "about", data.about), legend, tool, keys);
  top.append(first);
  const pipeline = element("nav", "pipeline");
  pipeline.setAttribute("aria-label", "passes");
  pipeline.append(button("chip", "source", "The program as it was given", () => go(0)));
  data.passes.forEach(p => {
    pipeline.append(element("span", "sep", "\u203a"));
    if (p.column >= 0) pipeline.append(button("chip", p.name, p.doc, () => go(p.column)));
    else {
      const chip = element("span", "chip", p.name);
      chip.title = `changed nothing, ${p.time}: ${p.doc}`;
      pipeline.append(chip);
    }
  });
  top.append(pipeline);
  data.cut.forEach(text => top.append(element("p", "cut", text)));

  const main = document.getElementById("columns");
  const columns = data.columns.map((c, i) => new Column(c, i));
  columns.forEach(c => main.append(c.root));
  columns.forEach(c => c.layout(true));
  tell(null);

  function go(i) {
    const left = i === 0 ? 0 : columns[i].root.offsetLeft - columns[0].root.offsetWidth - 16; // the source stays in view
    main.scrollTo({ left, behavior: calm ? "auto" : "smooth" });
    columns[i].code.focus({ preventScroll: true });
  }

  folding.addEventListener("change", () => columns.forEach(c => { c.opened.clear(); c.layout(folding.checked); }));
  addEventListener("resize", () => columns.forEach(c => c.paint()));

  // placeOf returns the node under an event.
  function placeOf(e) {
    const span = e.target.closest && e.target.closest(".n");
    if (!span) return null;
    const row = span.closest(".row"), column = columns.find(c => c.code.contains(span));
    return { column, node: Number(span.dataset.n), at: Number(row.dataset.line) - 1 };
  }
  let waiting = null;
  main.addEventListener("pointerover", e => {
    const place = placeOf(e);
    if (waiting !== null) cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      waiting = null;
      if (place) point(place, false);
      else if (!pinned && here) clear();
    });
  });
  main.addEventListener("pointerleave", () => { if (!pinned && here) clear(); });
  main.addEventListener("click", e => {
    const place = placeOf(e);
    if (!place) { if (!e.target.closest("button, .fold")) clear(); return; }
    if (pinned && pinned.node === place.node && pinned.column === place.column) { clear(); point(place, false); }
    else pin(place);
  });
  addEventListener("keydown", e => { if (e.key === "Escape") clear(); });
})();
