// Prepares a drawing as MNIST was prepared, pixel for pixel as coursekit's like_mnist does.

const SIDE = 28;

// Python's round(): a half goes to the even neighbour.
function round(x) {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 ? down + 1 : down;
}

// For each of `to` places, which of `from` pixels it averages and how much each counts: Pillow's BOX.
function boxes(from, to) {
  const scale = from / to, reach = Math.max(scale, 1) / 2;
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach + 0.5));
    const weights = [];
    for (let x = first; x < last; x++) {
      const away = (x - centre + 0.5) / (2 * reach);
      weights.push(away > -0.5 && away <= 0.5 ? 1 : 0);
    }
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((w) => w / sum) };
  });
}

// Each row in another length; `at` reads a number of the table.
function resizeRows(at, rows, from, to) {
  const table = new Float32Array(rows * to), places = boxes(from, to);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < to; column++) {
      const { first, weights } = places[column];
      table[row * to + column] = weights.reduce((sum, w, i) => sum + w * at(row, first + i), 0);
    }
  return table;
}

/**
 * @param {ArrayLike<number>} picture grey, row by row, from 0 (black) to 1 (white): dark ink on light paper
 * @returns {Float32Array} 28 × 28 numbers from 0 (paper) to 255 (ink)
 */
export function likeMnist(picture, width, height) {
  const page = new Float32Array(SIDE * SIDE);
  let white = -Infinity, black = Infinity;
  for (const grey of picture) { white = Math.max(white, grey); black = Math.min(black, grey); }
  const isInk = (row, column) => white - picture[row * width + column] > (white - black) / 2;
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (isInk(row, column)) {
        top = Math.min(top, row); bottom = Math.max(bottom, row);
        left = Math.min(left, column); right = Math.max(right, column);
      }
  if (bottom < 0) return page;
  const [tall, wide] = [bottom - top + 1, right - left + 1], longest = Math.max(tall, wide);
  const rows = Math.max(1, round((20 * tall) / longest)), columns = Math.max(1, round((20 * wide) / longest));
  const ink = (row, column) =>
    isInk(top + row, left + column) ? Math.fround(white - picture[(top + row) * width + left + column]) : 0;
  const narrow = resizeRows(ink, tall, wide, columns);
  const turned = resizeRows((column, row) => narrow[row * columns + column], columns, tall, rows);
  const digit = (row, column) => turned[column * rows + row];
  let sum = 0, down = 0, along = 0, darkest = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = digit(row, column);
      sum += value; down += row * value; along += column * value; darkest = Math.max(darkest, value);
    }
  const place = (centre, size) => Math.min(Math.max(round(13.5 - centre), 0), SIDE - size);
  const [y, x] = [place(down / sum, rows), place(along / sum, columns)];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      page[(y + row) * SIDE + x + column] = Math.fround(Math.fround(255 * digit(row, column)) / darkest);
  return page;
}
