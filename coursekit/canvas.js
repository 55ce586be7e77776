// The canvas of coursekit.widgets.draw: a pen for mouse, finger and keyboard. The kernel prepares
// what is drawn and reads it; this page only draws and shows the answer.

const SIDE = 280, PEN = 22, STEP = 10, PATIENCE = 1500;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let views = 0;

function render({ model, el }) {
  const said = model.get("said"), me = `coursekit-${Date.now()}-${++views}`;
  el.classList.add("coursekit-draw");
  el.dataset.lmSuppressShortcuts = "true"; // else JupyterLab moves to another cell
  el.innerHTML = `
    <div>
      <div class="paper">
        <canvas class="ink" width="${SIDE}" height="${SIDE}" tabindex="0" role="application" aria-describedby="${me}"></canvas>
        <div class="pen" hidden></div>
      </div>
      <button type="button"></button>
      <p class="small" id="${me}"></p>
    </div>
    <div>
      <p class="answer" aria-live="polite"></p>
      <p class="small"></p>
      <canvas class="seen" width="28" height="28" role="img"></canvas>
      <ol>${Array.from({ length: 10 }, (_, digit) =>
        `<li><span>${digit}</span><meter aria-label="${digit}"></meter><span class="share"></span></li>`).join("")}</ol>
    </div>`;
  const find = (choice) => el.querySelector(choice);
  const paper = find(".ink"), pen = find(".pen"), answer = find(".answer"), seen = find(".seen");
  const ink = paper.getContext("2d", { willReadFrequently: true });
  find("button").textContent = said.clear;
  find(`#${me}`).textContent = said.keys;
  find(".answer + .small").textContent = said.seen;
  paper.setAttribute("aria-label", said.paper);
  seen.setAttribute("aria-label", said.seen);

  // The kernel reads one drawing at a time; what was drawn meanwhile is read next.

  let waiting = false, again = false, timer;
  function read() {
    answer.setAttribute("aria-busy", "true");
    if (waiting) { again = true; return; }
    [waiting, again] = [true, false];
    timer = setTimeout(() => say(said.waiting), PATIENCE);
    const { data } = ink.getImageData(0, 0, SIDE, SIDE);
    const grey = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]);
    model.send({ from: me, rows: SIDE }, undefined, [grey.buffer]);
  }
  function hear(message, [page]) {
    if (message.to !== me) return;
    clearTimeout(timer);
    waiting = false;
    show(new Uint8Array(page.buffer, page.byteOffset, page.byteLength));
    const shares = message.read ?? Array(10).fill(0);
    el.querySelectorAll("li").forEach((bar, digit) => {
      bar.querySelector("meter").value = shares[digit];
      bar.querySelector(".share").textContent = shares[digit].toFixed(2);
    });
    const best = shares.indexOf(Math.max(...shares));
    say(message.error ?? (message.read ? `${said.answer} ${best}` : said.empty));
    if (again) read();
    else answer.setAttribute("aria-busy", "false");
  }
  function say(text) { if (answer.textContent !== text) answer.textContent = text; }
  function show(page) {
    const to = seen.getContext("2d"), image = to.createImageData(28, 28);
    page.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
    to.putImageData(image, 0, 0);
  }
  model.on("msg:custom", hear);

  // The pen

  let at = [SIDE / 2, SIDE / 2], down = false;
  function clear() {
    ink.fillStyle = "white";
    ink.fillRect(0, 0, SIDE, SIDE);
    read();
  }
  function draw(to) {
    ink.lineWidth = PEN;
    ink.lineCap = ink.lineJoin = "round";
    ink.beginPath();
    ink.moveTo(...at);
    ink.lineTo(to[0] + 0.01, to[1]); // a line of no length leaves no dot
    ink.stroke();
    at = to;
    read();
  }
  function place(event) {
    const box = paper.getBoundingClientRect(), scale = SIDE / paper.clientWidth;
    return [event.clientX - box.left - paper.clientLeft, event.clientY - box.top - paper.clientTop]
      .map((length) => length * scale);
  }
  paper.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return;
    paper.setPointerCapture(event.pointerId);
    pen.hidden = true;
    [at, down] = [place(event), true];
    draw(at);
  });
  paper.addEventListener("pointermove", (event) => {
    if (!down || !event.buttons || !event.isPrimary) return;
    for (const piece of event.getCoalescedEvents?.() ?? [event]) draw(place(piece));
  });
  for (const end of ["pointerup", "pointercancel"]) paper.addEventListener(end, () => { down = false; });
  paper.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const to = at.map((x, i) => Math.min(SIDE - STEP, Math.max(STEP, x + STEP * arrow[i])));
      if (down) draw(to);
      at = to;
    } else if (event.key === " ") {
      down = !down;
      if (down) draw(at);
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
    pen.hidden = false;
    pen.classList.toggle("down", down);
    [pen.style.left, pen.style.top] = at.map((x) => `${(x * paper.clientWidth) / SIDE + paper.clientLeft}px`);
  });
  paper.addEventListener("blur", () => { down = false; pen.hidden = true; });
  find("button").addEventListener("click", clear);

  clear();
  return () => model.off("msg:custom", hear);
}

export default { render };
