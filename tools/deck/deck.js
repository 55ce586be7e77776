// Makes slides of a lesson: formulas first, then each section is cut where it hurts least.
"use strict";

const ROOM = { width: 1168, height: 590, gap: 14 };
const SMALLEST = { best: 0.6, notebook: 0.9 }; // of a figure's best size, of that in the notebook

// What of a lesson can stand on a slide by itself: prose by paragraphs, code, each output.
function pieces(lesson) {
  const sections = [];
  let after = false;
  for (const part of [...lesson.children]) {
    const level = Number(/^H([1-6])$/.exec(part.tagName)?.[1]);
    if (level) {
      sections.push({ level, title: part, pieces: [] });
    } else if (part.matches("hr")) {
      after = true; // an exercise: what is said of its answer stands on the next slide
    } else {
      const parts = part.matches(".cell") ? [...part.children] : [part];
      parts.forEach((element, i) => sections.at(-1).pieces.push({
        element,
        kind: element.matches("img") ? "figure" : part.matches(".cell") ? element.className : "prose",
        follows: i > 0,
        cut: after && i === 0,
        words: part.matches(".cell") ? 0 : element.textContent.trim().split(/\s+/).length,
      }));
      after = false;
    }
  }
  return sections;
}

function measure(piece) {
  const { element } = piece;
  if (piece.kind === "figure") {
    const there = element.width || element.naturalWidth;
    const width = Math.min(ROOM.width, 1.6 * there);
    const scale = Math.min(1, ROOM.height / ((width * element.naturalHeight) / element.naturalWidth));
    piece.width = width * scale;
    piece.height = (piece.width * element.naturalHeight) / element.naturalWidth;
    piece.least = Math.min(1, Math.max(SMALLEST.best, (SMALLEST.notebook * there) / piece.width));
    return;
  }
  const wide = Math.min(1, ROOM.width / element.scrollWidth); // code and formulas don't wrap
  const size = wide * parseFloat(getComputedStyle(element).fontSize);
  if (size < 14) element.style.cssText = "white-space: pre-wrap; width: auto; font-size: 15px";
  else if (wide < 1) element.style.fontSize = `${size}px`;
  piece.height = element.getBoundingClientRect().height;
}

// What it costs to show these pieces on one slide: 1, and more if it is full, small or half empty.
function cost(shown, next) {
  const figures = shown.filter((piece) => piece.kind === "figure");
  const total = (some) => some.reduce((sum, piece) => sum + piece.height, 0);
  const drawn = total(figures);
  const room = ROOM.height - ROOM.gap * (shown.length - 1) - (total(shown) - drawn);
  const scale = drawn ? Math.min(1, room / drawn) : 1;
  const least = Math.max(0, ...figures.map((piece) => piece.least));
  const late = shown.slice(1).some((piece) => piece.cut);
  if (shown.length > 1 && (late || room < 0 || scale < least)) return { cost: Infinity };
  const words = shown.reduce((sum, piece) => sum + piece.words, 0);
  const left = Math.max(0, room - scale * drawn) / ROOM.height;
  let found = 1 + 3 * (1 - scale) ** 2 + 0.7 * (words / 110) ** 2 + (next ? 0.6 * left ** 2 : 0);
  if (next?.follows) found += 1.2;
  else if (next?.kind === "prose") found += shown.at(-1).kind === "prose" ? 0.3 : 0.6;
  return { cost: found, scale };
}

// The cheapest way to cut a section's pieces into slides.
function cut(all) {
  const best = [{ cost: 0, slides: [] }];
  for (let end = 1; end <= all.length; end++) {
    for (let start = end - 1; start >= 0; start--) {
      const shown = all.slice(start, end);
      const here = cost(shown, all[end]);
      const sum = best[start].cost + here.cost;
      if (sum < (best[end]?.cost ?? Infinity)) {
        best[end] = { cost: sum, slides: [...best[start].slides, { shown, scale: here.scale }] };
      }
    }
  }
  return best.at(-1).slides;
}

function slide(titles, shown, scale) {
  const section = document.createElement("section");
  const head = section.appendChild(document.createElement("header"));
  head.append(...titles.map((title) => title.cloneNode(true)));
  const body = section.appendChild(document.createElement("div"));
  body.className = "body";
  for (const { element, kind, width } of shown) {
    if (kind === "figure") element.style.width = `${width * scale}px`;
    body.append(element);
  }
  return section;
}

// No slide overflows, however long its title: what is too tall is made smaller.
function fit(section) {
  const shown = [section.parentElement, section].map((part) => [part, part.style.display]);
  for (const [part] of shown) part.style.display = "block"; // reveal.js hides what is far away
  const body = section.querySelector(".body");
  const room = 720 - 20 - body.offsetTop;
  if (body.scrollHeight > room) body.style.zoom = Math.floor((1000 * room) / body.scrollHeight) / 1000;
  for (const [part, display] of shown) part.style.display = display;
}

async function start() {
  const lesson = document.getElementById("lesson");
  for (const formula of lesson.querySelectorAll(".math")) {
    const displayMode = formula.matches("div");
    katex.render(formula.textContent, formula, { displayMode, throwOnError: false });
  }
  window.formulas = lesson.querySelectorAll(".math .katex").length;
  await Promise.all([...document.fonts].map((font) => font.load()));
  await Promise.all([...lesson.querySelectorAll("img")].map((image) => image.decode()));
  const sections = pieces(lesson);
  for (const section of sections) section.pieces.forEach(measure);
  const slides = document.querySelector(".slides");
  let stack, above;
  for (const { level, title, pieces: all } of sections) {
    if (level < 3) {
      stack = slides.appendChild(document.createElement("section"));
      above = level === 2 ? title : null;
    }
    const titles = level < 3 ? [title] : [above, title].filter(Boolean);
    for (const { shown, scale } of cut(all)) {
      const section = stack.appendChild(slide(titles, shown, scale));
      section.classList.toggle("first", level === 1);
    }
  }
  for (const empty of slides.querySelectorAll(":scope > section:empty")) empty.remove();
  lesson.remove();
  await Reveal.initialize({
    width: 1280, height: 720, margin: 0, center: false, hash: true, controls: false,
    slideNumber: "c/t", transition: "none", navigationMode: "linear",
  });
  slides.querySelectorAll("section > section").forEach(fit);
  document.body.dataset.ready = "yes";
}

start();
