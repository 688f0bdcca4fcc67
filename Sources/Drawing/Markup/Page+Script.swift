extension Drawing {
  /// What a page can do where scripts run: under a picture with values, pick a map and look at it token by token, by
  /// pointer, touch or keyboard. It reads the data blocks of `Viewer`, writes only text, and asks for nothing outside.
  static let pageScript = #"""
    "use strict";
    (() => {
      const make = (name, attributes = {}, text = "") => {
        const element = document.createElement(name);
        for (const key in attributes) element.setAttribute(key, attributes[key]);
        element.textContent = text;
        return element;
      };
      const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const shade = (colors, part) => {
        const place = Math.min(Math.max(part, 0), 1) * (colors.length - 1);
        const low = Math.min(Math.floor(place), colors.length - 2);
        const [from, to] = [channels(colors[low]), channels(colors[low + 1])];
        return from.map((value, at) => Math.round(value + (to[at] - value) * (place - low)));
      };
      const light = (color) => color.map((value) => value / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const paint = (element, colors, value) => {
        const color = value && shade(colors, value[1] / 1000);
        element.style.background = color ? `rgb(${color})` : "";
        element.style.color = color ? (light(color) > 0.18 ? "#101010" : "#ffffff") : "";
      };

      // One stop for the Tab key; arrows, Home and End move inside.
      const roving = (items, show) => {
        items.forEach((item, at) => { item.tabIndex = at ? -1 : 0; });
        items.forEach((item, at) => item.addEventListener("keydown", (event) => {
          const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
          let next = at + (steps[event.key] || 0);
          if (event.key === "Home") next = 0;
          if (event.key === "End") next = items.length - 1;
          if (next === at || !items[next]) return;
          event.preventDefault();
          items[at].tabIndex = -1;
          items[next].tabIndex = 0;
          items[next].focus();
          show(next);
        }));
      };

      const view = (figure, values) => {
        const same = values.rows.join("\n") === values.columns.join("\n");
        let [map, row, kept] = [0, 0, 0];
        const box = make("div", { class: "viewer", role: "group", "aria-label": values.label + ", token by token" });
        const heads = values.captions.map((caption, at) =>
          make("button", { type: "button", role: "radio", "aria-checked": at === 0 }, caption));
        const tokens = (texts, name) => {
          const line = make("p", { class: "strip", role: "group", "aria-label": name });
          const all = texts.map((text) => line.appendChild(make("button", { type: "button" }, text)));
          return [line, all];
        };
        const [from, rows] = tokens(values.rows, same ? "tokens" : "from");
        const [to, columns] = same ? [null, rows] : [
          make("p", { class: "strip", "aria-hidden": "true" }), values.columns.map((text) => make("span", {}, text))];
        if (to) to.append(...columns);
        const says = make("p", { class: "says", "aria-live": "polite" });
        const table = heads.length > 1 && values.rows.length * values.columns.length <= 16384 ? make("table") : null;

        const draw = () => {
          const line = values.maps[map][row] || [];
          columns.forEach((column, at) => {
            paint(column, values.colors, line[at]);
            column.title = line[at] ? line[at][0] : "";
          });
          rows.forEach((item, at) => {
            item.classList.toggle("from", at === row);
            item.setAttribute("aria-pressed", at === kept);
          });
          const best = line.map((value, at) => [value, at]).filter(([value]) => value)
            .sort((a, b) => b[0][1] - a[0][1]).slice(0, 3)
            .map(([value, at]) => `${values.columns[at]} ${value[0]}`);
          const name = values.captions[map] ? values.captions[map] + ": " : "";
          says.textContent = `${name}${values.rows[row]} ${values.relation} ${best.join(", ")}`;
          figure.querySelectorAll("svg [data-row]").forEach((part) =>
            part.classList.toggle("lit", Number(part.dataset.row) === row));
          figure.querySelectorAll("svg [data-map]").forEach((part) =>
            part.classList.toggle("lit", Number(part.dataset.map) === map));
          if (table) [...table.tBodies[0].rows].forEach((part, at) => part.classList.toggle("lit", at === row));
        };
        const fill = () => {
          if (!table) return;
          table.replaceChildren(make("caption", {}, values.captions[map]));
          const head = table.createTHead().insertRow();
          head.append(make("td"), ...values.columns.map((text) => make("th", { scope: "col" }, text)));
          const body = table.createTBody();
          values.rows.forEach((text, at) => {
            const line = body.insertRow();
            line.append(make("th", { scope: "row" }, text));
            values.columns.forEach((_, column) => {
              const value = (values.maps[map][at] || [])[column];
              const cell = line.insertCell();
              cell.textContent = value ? value[0].replace(/^(-?)0\./, "$1.").slice(0, value[0][0] === "-" ? 4 : 3) : "";
              paint(cell, values.colors, value);
            });
            line.addEventListener("pointerenter", () => show(at));
          });
        };
        const show = (at) => { row = at; draw(); };
        const pick = (at) => {
          map = at;
          heads.forEach((head, index) => {
            head.setAttribute("aria-checked", index === at);
            head.tabIndex = index === at ? 0 : -1;
          });
          fill();
          draw();
        };

        rows.forEach((item, at) => {
          item.addEventListener("pointerenter", () => show(at));
          item.addEventListener("focus", () => show(at));
          item.addEventListener("click", () => { kept = at; show(at); });
        });
        [from, ...figure.querySelectorAll("svg")].forEach((part) =>
          part.addEventListener("pointerleave", () => show(kept)));
        figure.addEventListener("pointerover", (event) => {
          const line = event.target.closest("svg [data-row]");
          if (line && Number(line.dataset.row) < values.rows.length) show(Number(line.dataset.row));
        });
        figure.addEventListener("click", (event) => {
          const other = event.target.closest("svg [data-map]");
          if (other) pick(Number(other.dataset.map));
        });
        if (heads.length > 1) {
          const line = make("div", { class: "heads", role: "radiogroup", "aria-label": "map" });
          line.append(...heads);
          heads.forEach((head, at) => head.addEventListener("click", () => pick(at)));
          roving(heads, pick);
          box.append(line);
        }
        roving(rows, show);
        const hint = make("p", { class: "faint" }, "Point at a token, or go with Tab and the arrow keys.");
        box.append(hint, from);
        if (to) box.append(to);
        box.append(says);
        if (table) {
          const scroll = make("div", { class: "scroll map", tabindex: "0", role: "region", "aria-label": "map" });
          scroll.append(table);
          box.append(scroll);
        }
        figure.append(box);
        pick(0);
      };

      for (const block of document.querySelectorAll("figure > script.values")) {
        view(block.parentElement, JSON.parse(block.textContent));
      }
      for (const part of document.querySelectorAll("pre, .scroll")) {
        if (part.scrollWidth > part.clientWidth && part.tabIndex < 0) part.tabIndex = 0;
      }
    })();
    """#

  /// SHA-256 of the script element's text; the test of the page's policy says what it has to be.
  static let pageScriptHash = "2TCVYlsBv2Yda30fjvL8j57r1DQWUHSfCrFthXhTgWE="
}
