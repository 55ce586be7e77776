// The page: a canvas, a pen for mouse, finger and keyboard, and the network of lesson 03.
import * as ort from "./ort.wasm.bundle.min.mjs";
import { likeMnist } from "./digits.js";

const WORDS = {
  title: ["Dibuja un dígito", "Draw a digit"],
  clear: ["Borrar", "Clear"],
  keys: [
    "Dibuja con el ratón o con el dedo. Con el teclado: las flechas mueven el lápiz, la barra espaciadora lo baja y lo levanta, Supr borra.",
    "Draw with the mouse or a finger. With the keyboard: the arrows move the pen, the space bar lowers and lifts it, Delete clears.",
  ],
  seen: ["Lo que recibe la red: 28 × 28 píxeles", "What the network receives: 28 × 28 pixels"],
  how: [
    "La red se ejecuta en este navegador: el dibujo no sale de tu dispositivo.",
    "The network runs in this browser: your drawing does not leave your device.",
  ],
  loading: ["Cargando la red…", "Loading the network…"],
  empty: ["Aún no hay tinta.", "No ink yet."],
  answer: ["La red lee un ", "The network reads a "],
  paper: ["Hoja para dibujar", "Paper to draw on"],
  failed: ["No se pudo cargar la red.", "The network could not be loaded."],
};
const SIDE = 280, STEP = 10;
const byId = (id) => document.getElementById(id);
const paper = byId("paper"), pen = byId("pen");
const ink = paper.getContext("2d", { willReadFrequently: true });
let language = navigator.language.startsWith("es") ? 0 : 1, state = "loading", answers = null;
const say = (key) => WORDS[key][language];

function write() {
  document.documentElement.lang = ["es", "en"][language];
  document.title = say("title");
  paper.setAttribute("aria-label", say("paper"));
  byId("seen").setAttribute("aria-label", say("seen"));
  for (const part of document.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", button.dataset.language === document.documentElement.lang);
  const best = answers && answers.indexOf(Math.max(...answers));
  byId("answer").textContent = state === "answer" ? `${say("answer")}${best}.` : say(state);
  [...byId("bars").children].forEach((bar, digit) => {
    const share = state === "answer" ? answers[digit] : 0;
    bar.querySelector("meter").value = share;
    bar.querySelector("output").textContent = share.toFixed(2);
  });
}

for (let digit = 0; digit < 10; digit++)
  byId("bars").insertAdjacentHTML("beforeend",
    `<li><span>${digit}</span><meter aria-label="${digit}"></meter><output>0.00</output></li>`);

// The network

async function load() {
  const packed = await fetch("ort-wasm-simd-threaded.wasm.gz");
  const whole = packed.body.pipeThrough(new DecompressionStream("gzip"));
  ort.env.wasm.wasmBinary = await new Response(whole).arrayBuffer();
  ort.env.wasm.numThreads = 1;
  const network = await (await fetch("digits.onnx")).arrayBuffer();
  return ort.InferenceSession.create(network, { executionProviders: ["wasm"] });
}
const session = load();

let reading = false, again = false;
async function read() {
  if (reading) { again = true; return; }
  reading = true;
  byId("answer").setAttribute("aria-busy", "true");
  do {
    again = false;
    const { data } = ink.getImageData(0, 0, SIDE, SIDE);
    const grey = Float64Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i] / 255);
    const page = likeMnist(grey, SIDE, SIDE);
    show(page);
    const network = await session;
    const input = new ort.Tensor("float32", page, [1, 28, 28, 1]);
    const output = await network.run({ [network.inputNames[0]]: input });
    answers = Array.from(output[network.outputNames[0]].data);
    state = page.some((value) => value > 0) ? "answer" : "empty";
    window.last = { page: Array.from(page), answers, state }; // for the tests
    write();
  } while (again);
  reading = false;
  byId("answer").setAttribute("aria-busy", "false");
}

function show(page) {
  const seen = byId("seen").getContext("2d"), image = seen.createImageData(28, 28);
  page.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  seen.putImageData(image, 0, 0);
}

// The pen

let at = [SIDE / 2, SIDE / 2], down = false;
function clear() {
  ink.fillStyle = "white";
  ink.fillRect(0, 0, SIDE, SIDE);
  read();
}
function draw(to) {
  ink.lineWidth = 22;
  ink.lineCap = ink.lineJoin = "round";
  ink.beginPath();
  ink.moveTo(...at);
  ink.lineTo(to[0] + 0.01, to[1]); // a line of no length leaves no dot
  ink.stroke();
  read();
}
function place(event) {
  const box = paper.getBoundingClientRect();
  return [event.clientX - box.left - paper.clientLeft, event.clientY - box.top - paper.clientTop];
}
paper.addEventListener("pointerdown", (event) => {
  paper.setPointerCapture(event.pointerId);
  pen.hidden = true;
  [at, down] = [place(event), true];
  draw(at);
});
paper.addEventListener("pointermove", (event) => {
  if (!down || !event.buttons) return;
  for (const piece of event.getCoalescedEvents?.() ?? [event]) { const to = place(piece); draw(to); at = to; }
});
for (const end of ["pointerup", "pointercancel"]) paper.addEventListener(end, () => { down = false; });
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
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
  pen.hidden = false;
  pen.className = down ? "down" : "";
  [pen.style.left, pen.style.top] = at.map((x) => `${x + 2}px`);
});
paper.addEventListener("blur", () => { down = false; pen.hidden = true; });
byId("clear").addEventListener("click", clear);
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => { language = button.dataset.language === "es" ? 0 : 1; write(); });

write();
clear();
session.catch(() => { state = "failed"; write(); });
